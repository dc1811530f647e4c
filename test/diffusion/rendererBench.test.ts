import { afterAll, describe, expect, it } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import type { Renderer, RenderRequest } from '../../models/diffusion/renderer.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import type { TrainingCost, TrainingCosts } from '../../server/agent/trainingCost.ts';
import { heldOutFrames } from '../../server/bench/heldOutFrames.ts';
import { methodCost } from '../../server/bench/methodCost.ts';
import { PSNR_CAP } from '../../server/bench/pictureMetrics.ts';
import { benchRenderer } from '../../server/bench/rendererBench.ts';
import { qualityChartFile, rendererPage } from '../../server/bench/rendererPage.ts';
import { chooseRows, TABLE_STEPS } from '../../server/bench/rendererRows.ts';
import { ManualClock } from '../../shared/clock.ts';
import type { Frame } from '../../shared/frame.ts';

const engine = createCpuEngine({ threads: 1 });
afterAll(() => engine.dispose());

const FRAMES = 8;

/** A world with an angle, one whose objects vary, and the one with the most objects. */
const worlds = ['push-t', 'lander', 'rope'];

/** As if the student had been trained anew, and nobody knew what it was trained from. */
const student = { minutes: 6.4, steps: 5120, calls: 245_760 };
const training = { student };

/** A painter whose latent is the number of the frame and who paints it as `paint` does, 10 ms a step. */
async function bench(id: string, paint: (frame: Frame, request: RenderRequest) => Frame) {
  const definition = await loadWorld(id);
  const clock = new ManualClock();
  let seen: readonly Frame[] = [];
  const renderer: Renderer = {
    latentSize: 1,
    async render({ data }, request) {
      clock.advance(10 * request.steps);
      return Array.from(data, (index) => paint(seen[index] as Frame, request));
    },
    dispose: async () => {},
  };
  const encode = async (frames: readonly Frame[]) => {
    seen = frames;
    return { rows: frames.length, columns: 1, data: Float32Array.from(frames, (_, i) => i) };
  };
  const rows = chooseRows({});
  return benchRenderer({ rows, training, definition, engine, renderer, encode, seed: 1, frames: FRAMES, clock });
}

describe('the renderer bench', () => {
  it.each(worlds)('finds nothing wrong with true frames of %s, and measures time alone', async (id) => {
    const { world, rows } = await bench(id, (frame) => frame);
    expect(world).toBe(id);
    expect(rows.map(({ method, steps }) => `${method} ${steps}`)).toEqual([
      'regression 1',
      'mcm 1',
      'mcm 2',
      'mcm 4',
      'mcm 8',
      'ddim 4',
      'ddim 16',
    ]);
    for (const row of rows) {
      expect(row).toMatchObject({
        presence: 1,
        psnr: PSNR_CAP,
        ssim: 1,
        flicker: 0,
        readoutErrorPx: row.readoutFloorPx,
      });
      expect(row.readoutFloorPx).toBeLessThan(0.2);
      expect(row.fd).toBeLessThan(1e-3);
      expect(row.msPerFrame.p50).toBeCloseTo(10 * row.steps, 6);
      expect(row.training).toEqual({ own: row.method === 'mcm' ? student : null, all: null });
      expect(row.fits).toEqual({ '30': row.steps <= 3, '60': row.steps === 1 });
    }
  });

  it('sees what a painter leaves out or moves', async () => {
    const shifted = (frame: Frame) => frame.map((_, i) => frame[(i + 6) % frame.length] as number);
    const { rows } = await bench('push-t', (frame, { method }) =>
      method === 'ddim' ? shifted(frame) : frame.map(() => 255),
    );
    const [blank, moved] = [rows[0], rows[5]];
    expect(blank?.presence).toBe(0);
    expect(blank?.psnr).toBeLessThan(15);
    expect(moved?.presence).toBe(1);
    expect(moved?.readoutErrorPx).toBeCloseTo(2, 0);
  });
});

describe('held-out frames', () => {
  it.each(worlds)('of %s are determined by the seed and agree with the geometry', async (id) => {
    const world = await loadWorld(id);
    const first = heldOutFrames(world, 21, 7);
    expect(heldOutFrames(world, 21, 7)).toEqual(first);
    expect(heldOutFrames(world, 21, 8).frames).not.toEqual(first.frames);
    expect(first.frames).toHaveLength(21);
    expect(first.episodeStarts).toEqual([0, 20]);
    expect(first.truths.flat().filter(Boolean).length).toBeGreaterThan(0.9 * first.truths.flat().length);
  });
});

describe('the rows of the table', () => {
  const three = { regression: {}, base: {}, student: {} };

  it('are every method that the agent has, at every step count that the method has', () => {
    const rows = chooseRows(three, 'all');
    const of = (name: string) => rows.filter(({ method }) => method === name).map(({ steps }) => steps);
    expect(of('regression')).toEqual([1]);
    expect(of('ddim')).toEqual(TABLE_STEPS);
    expect(of('heun')).toEqual(TABLE_STEPS);
    expect(of('ect')).toEqual([]);
    expect(chooseRows(three, ['ddim'], [3])).toEqual([{ method: 'ddim', steps: 3 }]);
    expect(chooseRows(three, undefined, [1]).map(({ method }) => method)).toContain('regression');
  });

  it('refuse what is not there, saying what is', () => {
    expect(() => chooseRows(three, ['ect'])).toThrow(/not learned the method "ect"/);
    expect(() => chooseRows(three, ['regression'], [2])).toThrow(/"regression" has no 2 steps here; choose 1/);
    expect(() => chooseRows(three, ['heun'], [1000])).toThrow(/from 1 to 256/);
  });
});

describe('what a method took to train', () => {
  const cost = (minutes: number) => ({ minutes, steps: 10 * minutes, calls: 100 * minutes });

  it('is what its networks took, and in all what they start from and are taught by, each once', () => {
    const costs = { regression: cost(1), base: cost(2), student: cost(4), ...progressive(cost(8)) };
    expect(methodCost('regression', costs)).toEqual({ own: cost(1), all: cost(1) });
    expect(methodCost('heun', costs)).toEqual({ own: cost(2), all: cost(3) });
    expect(methodCost('mcm', costs)).toEqual({ own: cost(4), all: cost(7) });
    expect(methodCost('progressive', costs)).toEqual({ own: cost(40), all: cost(43) });
    expect(methodCost('ect', costs)).toEqual({ own: null, all: null });
    expect(methodCost('mcm', { student: cost(4), base: cost(2) })).toEqual({ own: cost(4), all: null });
  });

  function progressive(each: TrainingCost): TrainingCosts {
    return Object.fromEntries([16, 8, 4, 2, 1].map((steps) => [`progressive-${steps}`, each]));
  }
});

describe('the page and the chart', () => {
  it('show every row, its frames and the budgets, and need nothing else', async () => {
    const report = await bench('two-room', (frame) => frame);
    const strips = report.rows.map(() => [new Uint8Array(64 * 64 * 3)]);
    const page = rendererPage(report, { agent: 'a<b', seed: 1, truth: [], strips });
    expect(page).toContain('a&lt;b');
    expect(page.match(/<figure>/g)).toHaveLength(report.rows.length + 1);
    expect(page.match(/data:image\/png/g)).toHaveLength(report.rows.length);
    expect(page).toContain('60 fps');
    for (const cell of ['6.4', '5120', '245760', 'unknown']) expect(page).toContain(`<td>${cell}</td>`);
    expect(page).not.toMatch(/NaN|undefined|<script|https?:/);
    const chart = qualityChartFile(report.rows);
    expect(chart).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(chart.match(/<circle/g)).toHaveLength(report.rows.length);
  });
});
