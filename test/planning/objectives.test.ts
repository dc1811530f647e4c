/** Objectives against sums done by hand. */
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Rollout, TracedCost } from '../../models/planning/contracts.ts';
import { everySteps, latentDistance, weightedSum } from '../../models/planning/objectives.ts';
import { constants } from '../../models/tensor/constants.ts';

/** Two candidates, two steps, two dimensions. */
const rollout: Rollout = {
  candidates: 2,
  horizon: 2,
  latentSize: 2,
  latents: Float32Array.from([1, 0, 0, 0, /* second candidate */ 3, 4, 0, 2]),
};
const goal = new Float32Array(2);

test('latent distance is the mean square over dimensions, averaged over steps', async () => {
  expect(Array.from(await latentDistance(goal, { mean: 1, last: 0 }).cost(rollout))).toEqual([0.25, (12.5 + 2) / 2]);
});

test('the last step can count alone', async () => {
  expect(Array.from(await latentDistance(goal, { mean: 0, last: 1 }).cost(rollout))).toEqual([0, 2]);
});

test('a weighted sum adds objectives', async () => {
  const last = latentDistance(goal, { mean: 0, last: 1 });
  const mean = latentDistance(goal, { mean: 1, last: 0 });
  const sum = weightedSum([
    { weight: 2, objective: last },
    { weight: 10, objective: mean },
  ]);
  expect(Array.from(await sum.cost(rollout))).toEqual([2.5, 4 + 72.5]);
});

test('what is compiled is what is computed', async () => {
  await tf.setBackend('cpu');
  const near = latentDistance(Float32Array.of(1, -1), { mean: 1, last: 0.5 });
  const far = latentDistance(Float32Array.of(-3, 2), { mean: 0.2, last: 0 });
  const sum = weightedSum([
    { weight: 2, objective: near },
    { weight: 0.5, objective: far },
  ]);
  const { feeds, cost } = sum.traced as NonNullable<typeof sum.traced>;
  const latents = tf.transpose(tf.tensor(rollout.latents, [2, 2, 2]), [1, 0, 2]) as tf.Tensor3D;
  const compiled = cost(latents, constants(feeds)).dataSync();
  (await sum.cost(rollout)).forEach((value, i) => {
    expect(compiled[i]).toBeCloseTo(value, 4);
  });
});

test('every so many steps count from the last back, compiled as computed; of a shorter plan the last alone', async () => {
  await tf.setBackend('cpu');
  // One candidate, five steps, one dimension: squares 1, 4, 9, 16, 25.
  const longer: Rollout = { candidates: 1, horizon: 5, latentSize: 1, latents: Float32Array.of(1, 2, 3, 4, 5) };
  const whole = latentDistance(new Float32Array(1), { mean: 1, last: 100 });
  const expected = { 1: 11 + 2500, 2: 35 / 3 + 2500, 3: 29 / 2 + 2500, 9: 25 + 2500 };
  for (const [stride, value] of Object.entries(expected)) {
    const objective = everySteps(Number(stride), whole);
    const [computed] = await objective.cost(longer);
    expect(computed).toBeCloseTo(value, 3);
    const { feeds, cost } = objective.traced as NonNullable<typeof objective.traced>;
    const latents = tf.tensor(longer.latents, [5, 1, 1]) as tf.Tensor3D;
    expect(cost(latents, constants(feeds)).dataSync()[0]).toBeCloseTo(value, 3);
  }
});

test('a sum of which one part cannot be compiled cannot be compiled', () => {
  const { cost } = latentDistance(goal, { mean: 1, last: 0 });
  expect(weightedSum([{ weight: 1, objective: { cost } }]).traced).toBeUndefined();
});

test('the parts of a plan cost what it costs, wherever it is divided', async () => {
  await tf.setBackend('cpu');
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 9 }),
      fc.integer({ min: 1, max: 4 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (horizon, stride, share) => {
        const divide = Math.min(horizon - 1, 1 + Math.floor(share * (horizon - 1)));
        const parts = [
          { weight: 2, objective: latentDistance(goal, { mean: 1, last: 0.5 }) },
          { weight: 1, objective: latentDistance(Float32Array.of(1, 3), { mean: 0.3, last: 0 }) },
        ];
        const { feeds, cost } = everySteps(stride, weightedSum(parts)).traced as TracedCost;
        const latents = tf.randomNormal([horizon, 3, 2], 0, 1, 'float32', 7) as tf.Tensor3D;
        const of = (first: number, steps: number) =>
          cost(tf.slice(latents, [first, 0, 0], [steps, 3, 2]), constants(feeds), { first, horizon });
        const sum = tf.add(of(0, divide), of(divide, horizon - divide)).dataSync();
        cost(latents, constants(feeds))
          .dataSync()
          .forEach((whole, i) => {
            expect(sum[i]).toBeCloseTo(whole, 4);
          });
      },
    ),
    { numRuns: 50 },
  );
});
