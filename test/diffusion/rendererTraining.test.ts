import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderMethods } from '../../models/diffusion/methods.ts';
import type { ExtraNetwork, RendererNetwork } from '../../models/diffusion/networks.ts';
import { createRenderer, type RenderRequest } from '../../models/diffusion/renderer.ts';
import { packRenderer, type RendererWeights } from '../../models/diffusion/rendererWeights.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import type { TrainingCosts } from '../../server/agent/trainingCost.ts';
import { createReadout } from '../../server/bench/readout.ts';
import { percentile } from '../../server/evaluation/percentile.ts';
import { trainNetworks } from '../../server/training/networkTraining.ts';
import { RendererCheckpoint } from '../../server/training/rendererCheckpoint.ts';
import { RendererExamples } from '../../server/training/rendererExamples.ts';
import {
  defaultRendererTrainingConfig,
  type RendererTraining,
  type RendererTrainingConfig,
  trainRenderer,
} from '../../server/training/rendererTraining.ts';
import { ManualClock } from '../../shared/clock.ts';
import { TrainingError } from '../../shared/errors.ts';
import { Random } from '../../shared/random.ts';
import { discColour, discData, latentOf } from './discScene.ts';

const engine = createCpuEngine({ threads: 1 });
afterAll(() => engine.dispose());

const data = discData(400, 1);
const { stages } = defaultRendererTrainingConfig;
const BATCH = 4;
const config: RendererTrainingConfig = {
  denoiser: { points: 1, channels: [8, 16], embedding: 16 },
  latentNoise: 0.01,
  stages: {
    regression: { ...stages.regression, batch: BATCH, learningRate: 5e-3 },
    base: { ...stages.base, batch: BATCH, learningRate: 5e-3 },
    student: { ...stages.student, batch: BATCH, learningRate: 1e-3 },
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

/** Pixels from where the disc should be: the median of many places, since so short a training leaves specks. */
async function medianError(weights: RendererWeights, request: RenderRequest): Promise<number> {
  const places = [12, 25, 38, 51].flatMap((x) => [14, 33, 48].map((y): [number, number] => [x, y]));
  const latents = Float32Array.from(places.flatMap(([x, y]) => latentOf(x, y)));
  const frames = await createRenderer(engine, weights).render({ rows: 12, columns: 2, data: latents }, request);
  const readout = createReadout([{ name: 'disc', color: discColour }], weights.backdrop);
  const errors = frames.map((frame, i) => {
    const [blob] = readout(frame);
    const [x, y] = places[i] as [number, number];
    return Math.hypot((blob?.x ?? -99) - x, (blob?.y ?? -99) - y);
  });
  return percentile(errors, 0.5);
}

describe('a short training on a disc', () => {
  const losses: Record<RendererNetwork, number[]> = { regression: [], base: [], student: [] };
  let weights: RendererWeights;
  let costs: TrainingCosts;
  beforeAll(async () => {
    ({ weights, costs } = await trainRenderer(
      run(500, { onProgress: (stage, { terms }) => losses[stage].push(terms.loss as number) }),
    ));
  }, 60_000);

  it('lowers the loss of every stage, and divides the time among them', () => {
    expect(losses.regression).toHaveLength(200);
    expect(losses.base).toHaveLength(200);
    expect(losses.student).toHaveLength(100);
    for (const stage of ['regression', 'base'] as const)
      expect(losses[stage].at(-1)).toBeLessThan(0.5 * (losses[stage][0] as number));
  });

  it('records what each network took', () => {
    expect(costs).toEqual({
      regression: { minutes: 200, steps: 200, calls: 200 * BATCH },
      base: { minutes: 200, steps: 200, calls: 200 * BATCH },
      student: { minutes: 100, steps: 100, calls: 100 * BATCH * 3 },
    });
  });

  it.each([
    ['regression', 1],
    ['mcm', 4],
    ['ddim', 8],
  ] as const)('paints the disc where the latent says: %s in %i steps', async (method, steps) => {
    expect(await medianError(weights, { method, steps, seed: 7 })).toBeLessThan(1.5);
  });

  it('is what every further method can be learned from', async () => {
    const clock = new ManualClock();
    const names: readonly ExtraNetwork[] = ['mct', 'cd', 'ct', 'ect', 'progressive-16'];
    const stage = { share: 1, batch: BATCH, learningRate: 5e-4, emphasis: [0.02, 0.02] } as const;
    const { networks, costs: further } = await trainNetworks({
      engine,
      clock,
      denoiser: weights.config,
      examples: new RendererExamples(data, weights.backdrop, 0.01),
      minutes: 20 * names.length,
      random: new Random(5),
      checkpoint: await RendererCheckpoint.open(undefined, { denoiser: weights.config, seed: 5, data: '' }),
      networks: names,
      stages: Object.fromEntries(names.map((name) => [name, stage])),
      trained: weights.networks,
      onProgress: () => clock.advance(60_000),
    });
    expect(Object.keys(networks)).toEqual(names);
    const calls = { mct: 2, cd: 4, ct: 2, ect: 2, 'progressive-16': 3 };
    for (const [name, each] of Object.entries(calls))
      expect(further[name]).toEqual({ minutes: 20, steps: 20, calls: 20 * BATCH * each });
    // One of the five students stands for all: the others are its pupils.
    const students = renderMethods.progressive.networks.map((name) => [name, networks['progressive-16']]);
    const taught = { ...weights, networks: { ...weights.networks, ...networks, ...Object.fromEntries(students) } };
    for (const method of ['mct', 'cd', 'ct', 'ect', 'progressive'] as const)
      expect(await medianError(taught, { method, steps: 4, seed: 7 })).toBeLessThan(1.5);
  }, 120_000);
});

describe('an interrupted training', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'renderer-training-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('goes on to the same weights, from the middle of a stage', async () => {
    const whole = await trainRenderer(run(10));
    // Of four steps, four and two.
    for (const stopAt of [2, 9]) {
      let steps = 0;
      const stop = new AbortController();
      const interrupted = run(10, {
        checkpointDir: directory,
        interrupted: stop.signal,
        onProgress: () => {
          if (++steps === stopAt) stop.abort();
        },
      });
      await expect(trainRenderer(interrupted)).rejects.toThrow(
        `run the same command with --resume to go on from "${directory}"`,
      );
      const resumed = await trainRenderer(run(10, { checkpointDir: directory }));
      expect(packRenderer(resumed.weights)).toEqual(packRenderer(whole.weights));
      expect(resumed.costs).toEqual(whole.costs);
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
