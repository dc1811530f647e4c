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

/** The planner's cost towards the goal latent `[latent]`. */
export function goalObjective(
  dynamics: LearnedDynamics,
  goal: Float32Array,
  config: GoalObjectiveConfig = defaultGoalObjectiveConfig,
): Objective {
  return weightedSum([
    { weight: 1, objective: dynamics.temporalDistance(goal, config.temporalDistance) },
    { weight: 1, objective: latentDistance(goal, config.latentDistance) },
  ]);
}
