/** Objectives against sums done by hand. */
import { expect, test } from 'vitest';
import type { Rollout } from '../../models/planning/contracts.ts';
import { latentDistance, weightedSum } from '../../models/planning/objectives.ts';

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
