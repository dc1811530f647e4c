/**
 * The cost by which the agent plans towards a goal latent: the learned temporal distance, averaged over the plan's
 * steps, and a little plain latent distance. The first knows that the pusher has to go around the block and the ball
 * through the door; the second is finer where the goal is near.
 */
import type { Objective } from '../planning/contracts.ts';
import { latentDistance, type StepWeights, weightedSum } from '../planning/objectives.ts';
import type { LearnedDynamics } from './learnedDynamics.ts';

export interface GoalObjectiveConfig {
  readonly temporalDistance: StepWeights;
  readonly latentDistance: StepWeights;
}

export const defaultGoalObjectiveConfig: GoalObjectiveConfig = {
  temporalDistance: { mean: 1, last: 0 },
  latentDistance: { mean: 0.1, last: 0.1 },
};

/** The objectives by the names that the command line gives them: each part alone, and their sum. */
export const goalObjectives = {
  latent: { temporalDistance: { mean: 0, last: 0 }, latentDistance: { mean: 1, last: 0 } },
  temporal: { temporalDistance: { mean: 1, last: 0 }, latentDistance: { mean: 0, last: 0 } },
  sum: defaultGoalObjectiveConfig,
} as const satisfies Readonly<Record<string, GoalObjectiveConfig>>;

export type GoalObjectiveName = keyof typeof goalObjectives;

/** The planner's cost towards the goal latent `[latent]`. */
export function goalObjective(
  dynamics: LearnedDynamics,
  goal: Float32Array,
  config: GoalObjectiveConfig = defaultGoalObjectiveConfig,
): Objective {
  const parts = [
    { weights: config.temporalDistance, objective: dynamics.temporalDistance(goal, config.temporalDistance) },
    { weights: config.latentDistance, objective: latentDistance(goal, config.latentDistance) },
  ];
  const counted = parts.filter(({ weights }) => weights.mean !== 0 || weights.last !== 0);
  return weightedSum(counted.map(({ objective }) => ({ weight: 1, objective })));
}
