import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RendererNetwork } from '../../models/diffusion/networks.ts';
import { createRenderer } from '../../models/diffusion/renderer.ts';
import { packRenderer } from '../../models/diffusion/rendererWeights.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { createReadout } from '../../server/bench/readout.ts';
import { percentile } from '../../server/evaluation/percentile.ts';
import {
  defaultRendererTrainingConfig,
  type RendererTraining,
  type RendererTrainingConfig,
  trainRenderer,
} from '../../server/training/rendererTraining.ts';
import { ManualClock } from '../../shared/clock.ts';
import { TrainingError } from '../../shared/errors.ts';
import { discColour, discData, latentOf } from './discScene.ts';

const engine = createCpuEngine({ threads: 1 });
afterAll(() => engine.dispose());

const data = discData(400, 1);
const { stages } = defaultRendererTrainingConfig;
const config: RendererTrainingConfig = {
  denoiser: { points: 1, channels: [8, 16], embedding: 16 },
  latentNoise: 0.01,
  stages: {
    regression: { ...stages.regression, batch: 8, learningRate: 5e-3 },
    base: { ...stages.base, batch: 8, learningRate: 5e-3 },
    student: { ...stages.student, batch: 8, learningRate: 1e-3 },
  },
};

/** The latent undone: 22 pixels a unit around the middle of a frame of 64. */
const initialPoints = { kernel: Float32Array.of(22 / 32, 0, 0, 22 / 32), bias: new Float32Array(2) };

/** A run of `steps` steps in all: a step lasts a minute of this clock. */
function run(steps: number, options: Partial<RendererTraining> = {}): RendererTraining {
  const clock = new ManualClock();
  return {
    engine,
    data,
    config,
    minutes: steps,
    seed: 3,
    initialPoints,
    clock,
    ...options,
    onProgress(stage, progress) {
      clock.advance(60_000);
      options.onProgress?.(stage, progress);
    },
  };
}

describe('a short training on a disc', () => {
  const losses: Record<RendererNetwork, number[]> = { regression: [], base: [], student: [] };
  let weights: Awaited<ReturnType<typeof trainRenderer>>;
  beforeAll(async () => {
    weights = await trainRenderer(
      run(500, { onProgress: (stage, { terms }) => losses[stage].push(terms.loss as number) }),
    );
  }, 60_000);

  it('lowers the loss of every stage, and divides the time among them', () => {
    expect(losses.regression).toHaveLength(200);
    expect(losses.base).toHaveLength(200);
    expect(losses.student).toHaveLength(100);
    for (const stage of ['regression', 'base'] as const)
      expect(losses[stage].at(-1)).toBeLessThan(0.5 * (losses[stage][0] as number));
  });

  it.each([
    ['regression', 1],
    ['mcm', 4],
    ['ddim', 8],
  ] as const)('paints the disc where the latent says: %s in %i steps', async (method, steps) => {
    const places = [12, 25, 38, 51].flatMap((x) => [14, 33, 48].map((y): [number, number] => [x, y]));
    const latents = Float32Array.from(places.flatMap(([x, y]) => latentOf(x, y)));
    const renderer = createRenderer(engine, weights);
    const frames = await renderer.render({ rows: 12, columns: 2, data: latents }, { method, steps, seed: 7 });
    const readout = createReadout([{ name: 'disc', color: discColour }], weights.backdrop);
    const errors = frames.map((frame, i) => {
      const [blob] = readout(frame);
      const [x, y] = places[i] as [number, number];
      return Math.hypot((blob?.x ?? -99) - x, (blob?.y ?? -99) - y);
    });
    // So short a training leaves specks, which pull at single centroids.
    expect(percentile(errors, 0.5)).toBeLessThan(1.5);
  });
});

describe('an interrupted training', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'renderer-training-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('goes on to the same weights, from the middle of a stage', async () => {
    const whole = packRenderer(await trainRenderer(run(20)));
    for (const stopAt of [3, 17]) {
      let steps = 0;
      const stop = new AbortController();
      const interrupted = run(20, {
        checkpointDir: directory,
        interrupted: stop.signal,
        onProgress: () => {
          if (++steps === stopAt) stop.abort();
        },
      });
      await expect(trainRenderer(interrupted)).rejects.toThrow(/interrupted in its stage/);
      const resumed = packRenderer(await trainRenderer(run(20, { checkpointDir: directory })));
      expect(resumed).toEqual(whole);
      for (const file of await readdir(directory)) await rm(join(directory, file));
    }
  }, 60_000);

  it('is not mixed with another run', async () => {
    await trainRenderer(run(3, { checkpointDir: directory }));
    await expect(trainRenderer(run(3, { checkpointDir: directory, seed: 4 }))).rejects.toThrow(TrainingError);
    const otherData = run(3, { checkpointDir: directory, data: discData(400, 2) });
    await expect(trainRenderer(otherData)).rejects.toThrow(/another training run/);
  }, 60_000);
});

describe('training refuses', () => {
  it('data that do not fit together', async () => {
    await expect(trainRenderer(run(3, { data: { ...data, count: 399 } }))).rejects.toThrow(/do not make 399 examples/);
  });

  it('points that the network does not have', async () => {
    const points = { kernel: new Float32Array(8), bias: new Float32Array(4) };
    await expect(trainRenderer(run(3, { initialPoints: points }))).rejects.toThrow(/initial points are 2/);
  });

  it('to go on when the loss is not a number', async () => {
    const broken = { ...data, latents: data.latents.map(() => Number.NaN) };
    await expect(trainRenderer(run(3, { data: broken }))).rejects.toThrow(/not finite/);
  }, 60_000);
});
