/**
 * Learning really happens: a few hundred steps in `two-room`, counted rather than timed, so that the run is the same
 * everywhere. The loss falls, and on episodes that were not seen the predictions beat both repeating the first latent
 * and following another episode's actions.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { defaultLatentLossConfig, type LatentLossConfig, latentModelConfig } from '../../models/latent/latentLoss.ts';
import { LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import { trainLatent } from '../../models/latent/trainLatent.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import type { TrainState } from '../../models/tensor/trainStep.ts';
import { collectEpisodes } from '../../server/data/episodes.ts';
import { predictionError } from '../../server/evaluation/predictionError.ts';
import { ManualClock } from '../../shared/clock.ts';
import { Random } from '../../shared/random.ts';

const STEPS = 240;
const config: LatentLossConfig = { ...defaultLatentLossConfig, batch: 8, horizon: 4 };

/** Trains for `steps` steps: the clock moves by one millisecond a step, and the budget is so many milliseconds. */
async function train(steps: number, seed: number) {
  const definition = await loadWorld('two-room');
  const data = collectEpisodes({ definition, episodes: 60, length: 30, seed: 11 });
  const heldOut = collectEpisodes({ definition, episodes: 20, length: 30, seed: 12 }).episodes;
  const clock = new ManualClock();
  const engine = createCpuEngine();
  const losses: number[] = [];
  let last: TrainState | undefined;
  const weights = await trainLatent({
    engine,
    clock,
    minutes: steps / 60_000,
    random: new Random(seed),
    data,
    model: latentModelConfig({ kind: 'box', low: [-1, -1], high: [1, 1] }),
    loss: config,
    onStep: (state, { terms }) => {
      losses.push(terms.loss as number);
      last = state;
      clock.advance(1);
    },
  });
  return { weights, losses, last, engine, heldOut };
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
    const dynamics = new LearnedDynamics(run.engine, run.weights);
    const { trueActions, shuffledActions, copyFirst } = await predictionError(dynamics, run.heldOut, 4, 1);
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
