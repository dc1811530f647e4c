/**
 * The cost by which the agent plans towards a goal latent: learned temporal distance and plain latent distance, both
 * averaged over the plan's steps and at its last. The first gives a slope far from the goal, the second precision near
 * it.
 */
import type { Objective } from '../planning/contracts.ts';
import { latentDistance, type StepWeights, weightedSum } from '../planning/objectives.ts';
import type { LearnedDynamics } from './learnedDynamics.ts';

export interface GoalObjectiveConfig {
  readonly temporalDistance: StepWeights;
  readonly latentDistance: StepWeights;
}

export const defaultGoalObjectiveConfig: GoalObjectiveConfig = {
  temporalDistance: { mean: 1, last: 1 },
  latentDistance: { mean: 0.5, last: 0.5 },
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
