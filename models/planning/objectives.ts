/**
 * Objectives that need no network: the squared distance of predicted latents from a goal latent, and sums of
 * objectives. Averaging over the plan's steps, not only its last, is what makes plain latent distance steer
 * (docs/log.md); the last step is kept apart as a second weight.
 */
import * as tf from '@tensorflow/tfjs';
import { float32 } from '../tensor/program.ts';
import type { Objective, PlanPart, Rollout, TracedCost } from './contracts.ts';

/** How much the average over all steps counts, and how much the last step alone. */
export interface StepWeights {
  readonly mean: number;
  readonly last: number;
}

/** Mean squared distance from the goal latent `[latent]`, weighted over the steps. */
export function latentDistance(goal: Float32Array, weights: StepWeights): Objective {
  return {
    traced: {
      key: `latent distance ${weights.mean} ${weights.last}`,
      feeds: { goal: float32(goal, [1, goal.length]) },
      cost: (latents, { goal: target }, part) =>
        tracedOverSteps(tf.mean(tf.square(tf.sub(latents, target as tf.Tensor2D)), 2), weights, part),
      tellsAfter: toldAfter(weights),
    },
    cost: async (rollout) => {
      const { candidates, horizon, latentSize, latents } = rollout;
      const distances = new Float32Array(candidates * horizon);
      for (let row = 0; row < distances.length; row++) {
        let sum = 0;
        for (let i = 0; i < latentSize; i++) {
          const difference = (latents[row * latentSize + i] as number) - (goal[i] as number);
          sum += difference * difference;
        }
        distances[row] = sum / latentSize;
      }
      return overSteps(distances, rollout, weights);
    },
  };
}

/** One cost a candidate from one distance a step: `[candidates · horizon]` → `[candidates]`. */
export function overSteps(distances: Float32Array, rollout: Rollout, weights: StepWeights): Float32Array {
  const { candidates, horizon } = rollout;
  return Float32Array.from({ length: candidates }, (_, candidate) => {
    const steps = distances.subarray(candidate * horizon, (candidate + 1) * horizon);
    const mean = steps.reduce((sum, value) => sum + value, 0) / horizon;
    return weights.mean * mean + weights.last * (steps[horizon - 1] as number);
  });
}

/** The same as `overSteps` of tensors, for a part of a plan: `[steps, candidates]` → `[candidates]`. */
export function tracedOverSteps(distances: tf.Tensor, { mean, last }: StepWeights, part?: PlanPart): tf.Tensor1D {
  const steps = distances.shape[0] as number;
  const { first, horizon } = part ?? { first: 0, horizon: steps };
  const average = tf.mul(tf.sum(distances, 0), mean / horizon);
  if (last === 0 || first + steps < horizon) return average as tf.Tensor1D;
  const final = tf.reshape(tf.slice(distances, [steps - 1, 0], [1, -1]), [-1]);
  return tf.add(average, tf.mul(final, last)) as tf.Tensor1D;
}

/** `TracedCost.tellsAfter` of a cost that weighs its steps so. */
export function toldAfter({ mean }: StepWeights): TracedCost['tellsAfter'] {
  return (steps, horizon) => (mean !== 0 && steps > 0) || steps === horizon;
}

export interface WeightedObjective {
  readonly weight: number;
  readonly objective: Objective;
}

/** The weighted sum of several objectives; it can be compiled where all of them can. */
export function weightedSum(parts: readonly WeightedObjective[]): Objective {
  const traced = tracedSum(parts);
  return {
    ...(traced && { traced }),
    cost: async (rollout) => {
      const total = new Float32Array(rollout.candidates);
      for (const { weight, objective } of parts) {
        const costs = await objective.cost(rollout);
        for (let i = 0; i < total.length; i++) total[i] = (total[i] as number) + weight * (costs[i] as number);
      }
      return total;
    },
  };
}

/** Feeds of the parts are told apart by their place. */
function tracedSum(parts: readonly WeightedObjective[]): TracedCost | undefined {
  const costs = parts.flatMap(({ weight, objective }) =>
    objective.traced ? [{ weight, cost: objective.traced }] : [],
  );
  if (costs.length < parts.length) return undefined;
  return {
    key: costs.map(({ weight, cost }) => `${weight} × (${cost.key})`).join(' + '),
    feeds: Object.fromEntries(
      costs.flatMap(({ cost }, i) => Object.entries(cost.feeds).map(([name, value]) => [`${i}/${name}`, value])),
    ),
    cost: (latents, feeds, part) =>
      tf.addN(
        costs.map(({ weight, cost }, i) => {
          const own = Object.keys(cost.feeds).map((name) => [name, feeds[`${i}/${name}`]]);
          return tf.mul(cost.cost(latents, Object.fromEntries(own), part), weight);
        }),
      ) as tf.Tensor1D,
    tellsAfter: (steps, horizon) => costs.some(({ cost }) => cost.tellsAfter(steps, horizon)),
  };
}

/**
 * The objective of every so many steps of a plan, its last among them: what lies between two of them differs little, and
 * a learned distance costs more than the prediction that it judges. Plans that are shorter are judged by their last step.
 */
export function everySteps(stride: number, objective: Objective): Objective {
  if (stride === 1) return objective;
  const { traced } = objective;
  return {
    ...(traced && {
      traced: {
        ...traced,
        key: `every ${stride} of (${traced.key})`,
        cost: (latents, feeds, part) => {
          const [steps, candidates] = latents.shape;
          const { first, horizon } = part ?? { first: 0, horizon: steps };
          const judged = judgedSteps(horizon, stride);
          const before = judged.filter((step) => step < first).length;
          const within = judged.filter((step) => step >= first && step < first + steps).map((step) => step - first);
          if (within.length === 0) return tf.zeros([candidates]);
          return traced.cost(tf.gather(latents, within), feeds, { first: before, horizon: judged.length });
        },
        tellsAfter: (steps, horizon) => {
          const judged = judgedSteps(horizon, stride);
          const within = judged.filter((step) => step < steps).length;
          return within > 0 && traced.tellsAfter(within, judged.length);
        },
      },
    }),
    cost: (rollout) => objective.cost(thinned(rollout, judgedSteps(rollout.horizon, stride))),
  };
}

/** Every so many steps, counted back from the last. */
function judgedSteps(horizon: number, stride: number): number[] {
  const count = Math.ceil(horizon / stride);
  return Array.from({ length: count }, (_, i) => horizon - 1 - (count - 1 - i) * stride);
}

/** The same rollout with some of its steps. */
function thinned({ candidates, horizon, latentSize, latents }: Rollout, steps: readonly number[]): Rollout {
  const kept = new Float32Array(candidates * steps.length * latentSize);
  for (let candidate = 0; candidate < candidates; candidate++)
    steps.forEach((step, i) => {
      const from = (candidate * horizon + step) * latentSize;
      kept.set(latents.subarray(from, from + latentSize), (candidate * steps.length + i) * latentSize);
    });
  return { candidates, horizon: steps.length, latentSize, latents: kept };
}
