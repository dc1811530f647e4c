/**
 * Learning really happens: a few hundred steps in `two-room`, counted rather than timed, so that the run is the same
 * everywhere. The loss falls, and on episodes that were not seen the predictions beat both repeating the first latent
 * and following another episode's actions.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import {
  defaultLatentLossConfig,
  type LatentLossConfig,
  type LatentModelConfig,
  latentModelConfig,
} from '../../models/latent/latentLoss.ts';
import { LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import { trainLatent } from '../../models/latent/trainLatent.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { collectEpisodes } from '../../server/data/episodes.ts';
import { predictionError } from '../../server/evaluation/predictionError.ts';
import { ManualClock } from '../../shared/clock.ts';
import { Random } from '../../shared/random.ts';

const STEPS = 240;
const config: LatentLossConfig = { ...defaultLatentLossConfig, batch: 6, horizon: 4 };
/** Of networks half as wide as an agent's, which a short training takes as far. */
const model: LatentModelConfig = {
  ...latentModelConfig({ kind: 'box', low: [-1, -1], high: [1, 1] }),
  encoder: { keypoints: 16, channels: [16, 16, 24] },
  predictor: { hidden: 256, layers: 3 },
};

const definition = await loadWorld('two-room');
const data = collectEpisodes({ definition, episodes: 60, length: 30, seed: 11 });

/** Trains for `steps` steps: the clock moves by one millisecond a step, and the budget is so many milliseconds. */
async function train(steps: number, seed: number) {
  const clock = new ManualClock();
  const engine = createCpuEngine();
  const losses: number[] = [];
  const weights = await trainLatent({
    engine,
    clock,
    minutes: steps / 60_000,
    random: new Random(seed),
    data,
    model,
    loss: config,
    onStep: (_state, { terms }) => {
      losses.push(terms.loss as number);
      clock.advance(1);
    },
  });
  return { weights, losses, engine };
}

describe('a short training in two-room', () => {
  let run: Awaited<ReturnType<typeof train>>;
  beforeAll(async () => {
    run = await train(STEPS, 1);
  }, 180_000);

  test('lowers the loss', () => {
    expect(run.losses).toHaveLength(STEPS);
    expect(run.losses.at(-1)).toBeLessThan((run.losses[0] as number) / 2);
  });

  test('predicts better than copying the first latent, and better for the true actions', async () => {
    const heldOut = collectEpisodes({ definition, episodes: 20, length: 30, seed: 12 }).episodes;
    const dynamics = new LearnedDynamics(run.engine, run.weights);
    const { trueActions, shuffledActions, copyFirst } = await predictionError(dynamics, heldOut, 4, 1);
    expect(trueActions[3]).toBeLessThan((copyFirst[3] as number) / 2);
    expect(trueActions[3]).toBeLessThan((shuffledActions[3] as number) / 2);
    await dynamics.dispose();
  });
});

test('the same seed learns the same weights', async () => {
  const [first, again] = [await train(3, 5), await train(3, 5)];
  expect(again.losses).toEqual(first.losses);
  expect(again.weights.tensors).toEqual(first.weights.tensors);
}, 60_000);
