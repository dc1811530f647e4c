/** Whether predictions use the actions: seen while a predictor learns a world that obeys them, and one that does not. */
import { afterAll, describe, expect, it } from 'vitest';
import { withOthersActions } from '../../models/latent/actionUse.ts';
import { defaultDynamicsLossConfig } from '../../models/latent/dynamicsLoss.ts';
import { latentModelConfig } from '../../models/latent/latentLoss.ts';
import { latentSizeOf } from '../../models/latent/motion.ts';
import { predictorSpecs } from '../../models/latent/predictor.ts';
import { trainDynamics } from '../../models/latent/trainLatent.ts';
import type { Trajectory } from '../../models/latent/trajectories.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { initialise } from '../../models/tensor/parameters.ts';
import { float32 } from '../../models/tensor/program.ts';
import { learningWarning } from '../../server/training/learningWarning.ts';
import { ManualClock } from '../../shared/clock.ts';
import { Random } from '../../shared/random.ts';

const STEPS = 150;
const LENGTH = 12;

const config = {
  ...latentModelConfig({ kind: 'box', low: [-1, -1], high: [1, 1] }),
  encoder: { keypoints: 2, channels: [4, 4, 4] },
  frames: 1 as const,
  predictor: { hidden: 48, layers: 1 },
};
const size = latentSizeOf(config);

const engine = createCpuEngine({ threads: 1 });
afterAll(() => engine.dispose());

/** Both points go where the actions push them, or where nobody knows. */
function played(obeys: boolean, random: Random): Trajectory {
  const actions = Float32Array.from({ length: 2 * LENGTH }, () => random.uniform(-1, 1));
  const latents = new Float32Array((LENGTH + 1) * size);
  for (let i = 0; i < size; i++) latents[i] = random.normal();
  for (let t = 0; t < LENGTH; t++)
    for (let i = 0; i < size; i++)
      latents[(t + 1) * size + i] =
        0.9 * (latents[t * size + i] as number) +
        0.3 * (obeys ? (actions[2 * t + (i % 2)] as number) : random.normal());
  return { steps: LENGTH, latents, actions };
}

/** The terms that a training ends with, in such a world. */
async function lastTerms(obeys: boolean): Promise<Readonly<Record<string, number>>> {
  const random = new Random(3);
  const clock = new ManualClock();
  let last: Readonly<Record<string, number>> = {};
  await trainDynamics({
    engine,
    clock,
    minutes: STEPS / 60,
    random,
    trajectories: Array.from({ length: 200 }, (_, i) => played(obeys, random.fork(i))),
    weights: { config, tensors: initialise(predictorSpecs(config.predictor, config, 2), random) },
    loss: { ...defaultDynamicsLossConfig, batch: 64, horizon: 3 },
    onStep(_state, { terms }) {
      last = terms;
      clock.advance(1000);
    },
  });
  return last;
}

describe('a predictor that learns', () => {
  it('a world that obeys errs more with the actions of others, and nobody is warned', async () => {
    const terms = await lastTerms(true);
    expect(terms.trueActions).toBeLessThan(0.6 * (terms.shuffledActions as number));
    expect(learningWarning('dynamics', 1, terms)).toBeUndefined();
  });

  it('a world that does not obey errs alike with all actions, and says so', async () => {
    const terms = await lastTerms(false);
    expect(terms.trueActions).toBeGreaterThan(0.9 * (terms.shuffledActions as number));
    expect(learningWarning('dynamics', 1, terms)).toMatch(/hardly depend on the actions in the stage "dynamics"/);
    expect(learningWarning('dynamics', 0.1, terms)).toBeUndefined();
  });
});

it('gives every window the actions of another', () => {
  const actions = float32([1, 2, 3, 4, 5, 6], [3, 1, 2]);
  const moved = withOthersActions({ actions, latents: actions });
  expect([...(moved.actions?.data ?? [])]).toEqual([5, 6, 1, 2, 3, 4]);
  expect(moved.latents).toBe(actions);
});
