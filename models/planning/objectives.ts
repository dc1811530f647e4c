/**
 * Objectives that need no network: the squared distance of predicted latents from a goal latent, and sums of
 * objectives. Averaging over the plan's steps, not only its last, is what makes plain latent distance steer
 * (docs/log.md); the last step is kept apart as a second weight.
 */
import type { Objective, Rollout } from './contracts.ts';

/** How much the average over all steps counts, and how much the last step alone. */
export interface StepWeights {
  readonly mean: number;
  readonly last: number;
}

/** Mean squared distance from the goal latent `[latent]`, weighted over the steps. */
export function latentDistance(goal: Float32Array, weights: StepWeights): Objective {
  return {
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

/** The weighted sum of several objectives. */
export function weightedSum(parts: readonly { readonly weight: number; readonly objective: Objective }[]): Objective {
  return {
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
