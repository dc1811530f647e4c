/**
 * What the section on training computes: points of lines, and what is said of them and of runs.
 */
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  curveData,
  curveTable,
  describeCurves,
  describeWarnings,
  MOST_POINTS,
  type ShownRun,
  stagesOf,
  termsOf,
} from '../../client/training/curveData.ts';
import { isLandmark, landmarksOf } from '../../client/training/landmarks.ts';
import { ShownRuns } from '../../client/training/shownRuns.ts';
import { type Point, thinned } from '../../client/training/thinned.ts';
import { TrainingCurves } from '../../client/training/trainingCurves.ts';
import type { TrainingMetrics } from '../../client/training/trainingRuns.ts';
import { newsOf, runName, statusWords } from '../../client/training/trainingWords.ts';
import type { MetricsLine } from '../../shared/protocol/metrics.ts';
import type { TrainingSummary } from '../../shared/protocol/trainings.ts';

const run: TrainingSummary = {
  id: 'one',
  world: 'push-t',
  minutes: 32,
  seed: 4,
  startedAt: '2026-05-01T08:00:00.000Z',
  status: 'running',
  stopping: false,
};

const LATENT = { stage: 'latent', term: 'prediction', log: false } as const;

function line(seconds: number, prediction: number | null, stage = 'latent'): MetricsLine {
  return { stage, step: 10 * seconds, seconds, terms: { prediction } };
}

function shownRun(lines: readonly MetricsLine[], changes: Partial<TrainingSummary> = {}): ShownRun {
  return { run: { ...run, ...changes }, look: 'accent', lines };
}

describe('a thinned line', () => {
  const value = fc.oneof({ weight: 9, arbitrary: fc.double({ noNaN: true }) }, fc.constant(null));
  const line = fc.array(value, { maxLength: 500 }).map((ys) => ys.map((y, x): Point => [x, y]));

  it('has no more points than are wanted, of its own, in order, with its ends and its extremes', () => {
    fc.assert(
      fc.property(line, fc.integer({ min: 5, max: 80 }), (points, most) => {
        const kept = thinned(points, most);
        expect(kept.length).toBeLessThanOrEqual(Math.min(most, points.length));
        expect(kept.map(([x]) => x)).toEqual(points.filter((point) => kept.includes(point)).map(([x]) => x));
        expect([kept[0], kept.at(-1)]).toEqual([points[0], points.at(-1)]);
        const range = (all: readonly Point[]): number[] => {
          const ys = all.flatMap(([, y]) => (y === null ? [] : [y]));
          return [Math.min(...ys), Math.max(...ys)];
        };
        expect(range(kept)).toEqual(range(points));
        expect(kept.some(([, y]) => y === null)).toBe(points.some(([, y]) => y === null));
      }),
    );
  });
});

describe('landmarks', () => {
  const sigreg = { stage: 'latent', term: 'sigreg', log: false } as const;
  const lines: MetricsLine[] = [1, 2].map((seconds) => ({
    stage: 'latent',
    step: seconds,
    seconds,
    terms: { sigreg: 20, sigregFloor: 1.05, sigregCollapsed: 67.536 },
  }));

  it('are lines across the chart of their term, told in its words, and no losses', () => {
    expect(curveData([{ lines }], sigreg)).toEqual([
      [1, 2],
      [20, 20],
      [1.05, 1.05],
      [67.536, 67.536],
    ]);
    expect(describeCurves([shownRun(lines)], sigreg)).toMatch(
      / Dashed: 1\.05, spread latents\. Dashed: 67\.5, latents that are all alike\.$/,
    );
    expect(termsOf([{ lines }], 'latent').filter((term) => !isLandmark(term))).toEqual(['sigreg']);
  });

  it('are none of other terms and stages, and of runs that tell none', () => {
    expect(landmarksOf([{ lines }], { stage: 'latent', term: 'prediction' })).toEqual([]);
    expect(landmarksOf([{ lines }], { stage: 'dynamics', term: 'sigreg' })).toEqual([]);
    expect(landmarksOf([{ lines: [line(1, 5)] }], sigreg)).toEqual([]);
  });
});

it('warnings are those of the last lines', () => {
  const warned: MetricsLine = { ...line(1, 5), warning: 'the latents collapse' };
  expect(describeWarnings([shownRun([warned]), shownRun([warned, line(2, 4)])])).toMatch(
    /^push-t, seed 4, .*: the latents collapse\.$/,
  );
});

describe('the data of the chart', () => {
  it('are a line a run over the seconds of all, each missing where only another has a point', () => {
    const data = curveData([{ lines: [line(1, 5), line(3, 4)] }, { lines: [line(2, 9), line(3, 8)] }], LATENT);
    expect(data).toEqual([
      [1, 2, 3],
      [5, undefined, 4],
      [undefined, 9, 8],
    ]);
  });

  it('have a gap where a loss was not finite, as wide as the run’s own points say', () => {
    const [, broken] = curveData(
      [{ lines: [line(1, 5), line(4, null), line(7, 3)] }, { lines: [2, 3, 5, 6].map((x) => line(x, 1)) }],
      LATENT,
    );
    expect(broken).toEqual([5, null, null, null, null, null, 3]);
  });

  it('are of one stage and one term, and on a logarithmic scale of what is above 0', () => {
    const lines = [line(1, 2), line(2, 0), line(3, -1), line(1, 7, 'distance')];
    expect(curveData([{ lines }], { ...LATENT, log: true })).toEqual([
      [1, 2, 3],
      [2, null, null],
    ]);
    expect(curveData([{ lines }], { ...LATENT, stage: 'distance' })).toEqual([[1], [7]]);
    expect(curveData([{ lines }], { ...LATENT, term: 'sigreg' })).toEqual([[], []]);
  });

  it('are few however long the training, while the table holds every line', () => {
    const long = shownRun(Array.from({ length: 20_000 }, (_, i) => line(i, Math.sin(i))));
    expect(curveData([long], LATENT)[0].length).toBeLessThanOrEqual(MOST_POINTS);
    const { columns, rows } = curveTable([long]);
    expect(columns).toEqual(['run', 'world', 'minutes', 'seed', 'stage', 'step', 'seconds', 'prediction']);
    expect(rows).toHaveLength(20_000);
    expect(rows[7]).toEqual(['one', 'push-t', 32, 4, 'latent', 70, 7, Math.sin(7)]);
  });

  it('offer the stages and terms that there are, in the order in which they came', () => {
    const other = { stage: 'distance', step: 0, seconds: 0, terms: { loss: 1 } };
    const runs = [{ lines: [line(1, 1)] }, { lines: [line(1, 1), other] }];
    expect(stagesOf(runs)).toEqual(['latent', 'distance']);
    expect([termsOf(runs, 'distance'), termsOf(runs)]).toEqual([['loss'], ['prediction', 'loss']]);
  });
});

describe('the chart in words', () => {
  const words = (lines: readonly MetricsLine[], log = false) => describeCurves([shownRun(lines)], { ...LATENT, log });

  it('says where each run has begun and how far it has come', () => {
    expect(words([line(1, 4), line(60, 0.12345)])).toBe(
      `prediction in the stage latent. ${runName(run)}: from 4 to 0.123 after 60 s.`,
    );
    expect(words([line(2, 4)])).toMatch(/: 4 after 2 s\.$/);
    expect(words([])).toMatch(/: nothing of it yet\.$/);
  });

  it('says what cannot be drawn', () => {
    expect(words([line(1, 4), line(2, null), line(3, 2)])).toMatch(/from 4 to 2 after 3 s, not finite once\.$/);
    expect(words([line(1, null)])).toMatch(/: not finite all along\.$/);
    expect(words([line(1, 4), line(2, 0), line(3, -1)], true)).toMatch(/0 or less 2 times, which a logarithmic/);
  });
});

describe('a run in words', () => {
  it('says how it stands, and never that all is done before it is', () => {
    expect(statusWords({ ...run, at: { stage: 'latent', progress: 0.999 } })).toBe('latent, 99%');
    expect(statusWords(run)).toBe('beginning');
    expect(statusWords({ ...run, stopping: true, at: { stage: 'latent', progress: 0.5 } })).toMatch(/^stopping/);
    expect(statusWords({ ...run, status: 'failed' })).toBe('failed');
  });

  it('is told from others, even with a time that no calendar knows', () => {
    expect(runName(run)).toMatch(/^push-t, seed 4, .*\b1\b/);
    expect(runName({ ...run, startedAt: 'long ago' })).toBe('push-t, seed 4, long ago');
  });

  it('is news where it has changed', () => {
    expect(newsOf(run, { ...run, stopping: true })).toBeUndefined();
    expect(newsOf(run, { ...run, status: 'finished' })).toMatch('its agent is ready');
    expect(newsOf(run, { ...run, status: 'failed', message: 'The disk is full.' })).toMatch(
      'failed. The disk is full.',
    );
  });
});

describe('the runs that are drawn', () => {
  it('keep their looks while others come and go, and are as many as there are looks', () => {
    const shown = new ShownRuns();
    for (const id of ['a', 'b', 'c', 'd', 'e']) shown.add(id);
    const third = shown.look('c');
    expect([shown.ids, shown.room, shown.look('e')]).toEqual([['a', 'b', 'c', 'd'], false, undefined]);
    expect(new Set(shown.ids.map((id) => shown.look(id))).size).toBe(4);
    const freed = shown.look('b');
    shown.keep(new Set(['c', 'd', 'e']));
    shown.add('f');
    shown.add('e');
    expect([shown.look('c'), shown.look('e')]).toEqual([third, freed]);
  });
});

describe('the losses of a run', () => {
  it('are asked for from where the last answer ended, until there is no more', async () => {
    const answers: TrainingMetrics[] = [
      { lines: [line(1, 4), line(2, 3)], next: 90, more: true },
      { lines: [line(3, 2)], next: 120, more: false },
      { lines: [], next: 120, more: false },
      // Resumed from a checkpoint before the last lines.
      { lines: [line(2, 9)], next: 150, more: false },
    ];
    const asked: number[] = [];
    const curves = new TrainingCurves({
      metrics: async (_, from) => {
        asked.push(from);
        return answers.shift() ?? { lines: [], next: from, more: true };
      },
    });
    const came = vi.fn();
    for (let i = 0; i < 4; i++) await curves.catchUp('one', came);
    expect(asked).toEqual([0, 90, 120, 120, 150]);
    expect(came).toHaveBeenCalledTimes(3);
    expect(curves.lines('one')).toEqual([line(1, 4), line(2, 9)]);
    expect(curves.lines('two')).toEqual([]);
  });
});
