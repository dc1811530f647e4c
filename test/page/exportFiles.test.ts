/**
 * What panels give away, before a browser saves it: CSV text, file names, films.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileName, ofTask } from '../../client/export/fileName.ts';
import { GAP, gifFilm, inRows, lengthOf, SCALE } from '../../client/export/gifFilm.ts';
import { futuresFilm, planFilm, timelineFilm } from '../../client/export/momentFilm.ts';
import { indexed } from '../../client/export/palette.ts';
import { csvText } from '../../client/export/table.ts';
import { costTable } from '../../client/panels/timingExport.ts';
import { readingTable } from '../../client/session/readings.ts';
import { History } from '../../client/timeline/history.ts';
import { timelineTable } from '../../client/timeline/timelineExport.ts';
import { shownFor } from '../../shared/filmTimes.ts';
import { FRAME_BYTES, FRAME_SIZE } from '../../shared/frame.ts';
import type { Settings } from '../../shared/protocol/control.ts';
import { readGif } from '../recording/readGif.ts';
import { readCsv } from './readCsv.ts';
import { draw, episodeOf, sceneAt } from './syntheticWorld.ts';

const settings: Settings = { world: 'push-t', seed: 1, rendererSteps: 1 };
const still = async () => {};

/** A picture of one colour. */
function plain(r: number, g: number, b: number): Uint8Array {
  return Uint8Array.from({ length: 4 * FRAME_SIZE ** 2 }, (_, i) => [r, g, b, 255][i % 4] as number);
}

describe('CSV', () => {
  it('is read back as it was, whatever stands in it', () => {
    const cell = fc.oneof(fc.string({ unit: 'grapheme' }), fc.double(), fc.constantFrom('a,b', '"', '\r\n', ''));
    const table = fc.integer({ min: 1, max: 5 }).chain((width) =>
      fc.record({
        columns: fc.array(fc.string(), { minLength: width, maxLength: width }),
        rows: fc.array(fc.array(cell, { minLength: width, maxLength: width })),
      }),
    );
    fc.assert(
      fc.property(table, ({ columns, rows }) => {
        const [head, ...body] = readCsv(csvText({ columns, rows }));
        expect(head).toEqual(columns);
        expect(body).toHaveLength(rows.length);
        body.forEach((record, i) => {
          rows[i]?.forEach((value, j) => {
            if (typeof value === 'string') expect(record[j]).toBe(value);
            else if (Number.isFinite(value)) expect(Number(record[j])).toBe(value === 0 ? 0 : value);
            else expect(record[j]).toBe('');
          });
        });
      }),
    );
  });

  it('leaves empty what is missing', () => {
    expect(csvText({ columns: ['a', 'b'], rows: [[null, undefined]] })).toBe('a,b\r\n,\r\n');
  });
});

describe('a file name', () => {
  it('says world, seed and panel', () => {
    expect(fileName(ofTask(settings), 'surprise', 'csv')).toBe('reverie-push-t-seed-1-surprise.csv');
  });

  it('is a name on any system, whatever the world is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), (world, seed) => {
        expect(fileName(ofTask({ world, seed }), 'plan', 'gif')).toMatch(
          /^reverie-[a-z0-9]+(-[a-z0-9]+)*-seed-\d+-plan\.gif$/,
        );
      }),
    );
  });
});

describe('the times of a film', () => {
  it('add up to its length, to half a tick, and each to a tick', () => {
    const lengths = fc.array(fc.double({ min: 0, max: 500, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(lengths, fc.constantFrom(1, 10), (each, tick) => {
        let end = 0;
        const ends = each.map((length) => {
          end += length;
          return end;
        });
        const shown = shownFor(ends, tick);
        const total = shown.reduce((sum, time) => sum + time, 0);
        expect(Math.abs(total - end)).toBeLessThanOrEqual(tick / 2 + 1e-6);
        shown.forEach((time, i) => {
          expect(time % tick).toBe(0);
          expect(Math.abs(time - (each[i] ?? 0))).toBeLessThanOrEqual(tick + 1e-6);
        });
      }),
    );
  });
});

describe('a palette', () => {
  it('keeps up to 256 colours exactly', () => {
    const rgba = new Uint8Array(4 * 512).fill(255);
    for (let i = 0; i < 512; i++) rgba.set([i % 256, 7, 255 - (i % 256)], 4 * i);
    const { palette, indices } = indexed(rgba);
    expect(palette).toHaveLength(256);
    for (let i = 0; i < 512; i++) expect(palette[indices[i] as number]).toEqual([i % 256, 7, 255 - (i % 256)]);
  });

  it('comes near more colours with 256 of them', () => {
    const rgba = new Uint8Array(4 * 4096).fill(255);
    for (let i = 0; i < 4096; i++) rgba.set([(i % 64) * 4, Math.floor(i / 64) * 4, 128], 4 * i);
    const { palette, indices } = indexed(rgba);
    expect(palette.length).toBeLessThanOrEqual(256);
    let total = 0;
    indices.forEach((index, i) => {
      const [r = 0, g = 0] = palette[index] ?? [];
      total += Math.abs(r - (i % 64) * 4) + Math.abs(g - Math.floor(i / 64) * 4);
    });
    expect(total / 4096 / 2).toBeLessThan(8);
  });
});

describe('a film', () => {
  it('has the pictures of every moment side by side, in their colours and times, for ever', async () => {
    const [truth, dream] = [0, 3].map((stray) => draw(sceneAt(5, 1, stray)));
    const shares: number[] = [];
    const moments = [
      { rows: [[truth, dream, plain(11, 10, 13)]], milliseconds: 1000 / 12 },
      { rows: [[truth, undefined, undefined]], milliseconds: 1000 / 12 },
    ];
    const film = readGif(await gifFilm(moments, async (share) => void shares.push(share)));
    expect(shares).toEqual([0.5, 1]);
    expect([film.width, film.height, film.loops]).toEqual([lengthOf(3) * SCALE, FRAME_SIZE * SCALE, 0]);
    expect(film.pictures.map(({ milliseconds }) => milliseconds)).toEqual([80, 90]);
    moments.forEach(({ rows }, i) => {
      const rgba = inRows(rows);
      const written = film.pictures[i]?.pixels ?? new Uint8Array();
      let off = 0;
      for (let y = 0; y < film.height; y++)
        for (let x = 0; x < film.width; x++) {
          const from = 4 * (Math.floor(y / SCALE) * lengthOf(3) + Math.floor(x / SCALE));
          const to = 3 * (y * film.width + x);
          for (let c = 0; c < 3; c++) off = Math.max(off, Math.abs((rgba[from + c] ?? 0) - (written[to + c] ?? 0)));
        }
      expect(off).toBe(0);
    });
  });

  it('leaves a grey gap between pictures and a paler square for one that is missing', () => {
    const row = inRows([[plain(1, 2, 3), undefined]]).subarray(0, 4 * lengthOf(2));
    const at = (x: number) => [...row.subarray(4 * x, 4 * x + 3)];
    expect([at(0), at(FRAME_SIZE), at(FRAME_SIZE + GAP - 1)]).toEqual([
      [1, 2, 3],
      [128, 128, 128],
      [128, 128, 128],
    ]);
    expect(at(FRAME_SIZE + GAP)).toEqual([208, 208, 208]);
  });

  it('of a plan has its imagined frames at the speed of the world', async () => {
    const frames = [plain(1, 1, 1), plain(2, 2, 2)];
    const moments = planFilm({ envStep: 0, frames, goal: undefined, fan: [] }, 0.1);
    const { width, pictures } = readGif(await gifFilm(moments, still));
    expect(width).toBe(FRAME_SIZE * SCALE);
    expect(pictures.map(({ pixels, milliseconds }) => [pixels[0], milliseconds])).toEqual([
      [1, 100],
      [2, 100],
    ]);
  });

  it('of futures has a row for each, the true picture beside the imagined one, at every step', () => {
    const film = (value: number) => Uint8Array.from({ length: 2 * FRAME_BYTES }, (_, i) => value + +(i >= FRAME_BYTES));
    const futuresOf = (count: number) => ({
      envStep: 0,
      horizon: 2,
      pairs: Array.from({ length: count }, (_, i) => ({ truth: film(20 * i), dream: film(20 * i + 10) })),
      spread: { truths: [], dreams: [] },
    });
    const shown = (count: number) =>
      futuresFilm(futuresOf(count), 0.1).map(({ rows }) => rows.map((row) => row.map((picture) => picture?.[0])));
    expect(shown(2)).toEqual([
      [
        [0, 10],
        [20, 30],
      ],
      [
        [1, 11],
        [21, 31],
      ],
    ]);
    // Too many for one column: the second half on the right, with a gap where their number is odd.
    expect(shown(5)[0]).toEqual([
      [0, 10, 60, 70],
      [20, 30, 80, 90],
      [40, 50, undefined, undefined],
    ]);
    expect(futuresFilm(futuresOf(1), 0.1).map(({ milliseconds }) => milliseconds)).toEqual([100, 100]);
  });
});

describe('the timeline', () => {
  const begun = (...steps: number[]): History => {
    const history = new History();
    history.begin(episodeOf(settings));
    for (const envStep of steps)
      history.push({ envStep, truth: plain(envStep, 0, 0), dream: plain(0, 0, 0), poses: undefined });
    return history;
  };

  it('is filmed back from the moment shown, each for as long as it was the latest', () => {
    const film = timelineFilm(begun(1, 2, 3, 5, 6), 3, 0.4);
    expect(film.map(({ rows, milliseconds }) => [rows[0]?.[0]?.[0], Math.round(milliseconds)])).toEqual([
      [2, 100],
      [3, 200],
      [5, 100],
    ]);
    expect(film[0]?.rows[0]).toHaveLength(3);
    expect(timelineFilm(new History(), -1)).toEqual([]);
  });

  it('is a table of all that is held', () => {
    const history = begun(1, 2);
    history.end(true, 2);
    const { columns, rows } = timelineTable(history.all());
    expect(rows.map((row) => row.length)).toEqual([columns.length, columns.length]);
    expect(rows[1]?.slice(0, 4)).toEqual(['push-t', 1, 1, 2]);
    expect(rows[1]?.[4]).toBeCloseTo(2 / 255 / 3, 9);
    expect(rows[1]?.at(-1)).toBe('reached');
  });
});

describe('other tables', () => {
  it('hold every part of a frame, and the budget before anything is measured', () => {
    const parts = { sim: 1, plan: 2, render: 3, send: 4, draw: 5 };
    expect(costTable(parts, 33).rows).toEqual([
      ['simulate', 1],
      ['plan', 2],
      ['paint', 3],
      ['send', 4],
      ['draw', 5],
      ['total', 15],
      ['budget', 33],
    ]);
    expect(costTable(undefined, 33).rows.map(([, value]) => value)).toEqual([...Array(6).fill(undefined), 33]);
  });

  it('hold what was read, plan by plan and quantity by quantity', () => {
    const quantities = [
      { name: 'x', unit: 'units', kind: 'position' as const, r2: 0.9 },
      { name: 'spin', unit: 'rad/update', kind: 'velocity' as const },
    ];
    const reading = (step: number) => ({
      ...{ step, task: 1, horizon: 4 },
      ...{ truth: [step, 1], seen: [step, 2], foreseen: [step + 4, 3] },
    });
    expect(readingTable(quantities, [reading(0), reading(4)]).rows).toEqual([
      [0, 1, 'x', 'units', 0, 0, undefined, 0.9],
      [0, 1, 'spin', 'rad/update', 1, 2, undefined, undefined],
      [4, 1, 'x', 'units', 4, 4, 4, 0.9],
      [4, 1, 'spin', 'rad/update', 1, 2, 3, undefined],
    ]);
  });
});
