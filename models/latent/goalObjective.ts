/**
 * The cost by which the agent plans towards a goal latent: the learned distances, averaged over the plan's steps, and a
 * little plain latent distance. The distance to the goal's things knows that the pusher has to go around the block and
 * the ball through the door; that to the whole of the goal, body included, settles what it leaves open, and stands in for
 * it in agents that tell no things from a body; the last is finer where the goal is near.
 */
import type { Objective } from '../planning/contracts.ts';
import { everySteps, latentDistance, type StepWeights, weightedSum } from '../planning/objectives.ts';
import type { LearnedDynamics } from './learnedDynamics.ts';

export interface GoalObjectiveConfig {
  readonly thingDistance: StepWeights;
  readonly temporalDistance: StepWeights;
  /** What temporal distance counts beside a distance to things. */
  readonly besideThings: number;
  readonly latentDistance: StepWeights;
  /** Steps of a plan from one that is judged to the next: the heads cost more than the predictions that they judge. */
  readonly stride: number;
}

const nothing: StepWeights = { mean: 0, last: 0 };

export const defaultGoalObjectiveConfig: GoalObjectiveConfig = {
  thingDistance: { mean: 1, last: 0 },
  temporalDistance: { mean: 1, last: 0 },
  besideThings: 0.25,
  latentDistance: { mean: 0.1, last: 0.1 },
  stride: 2,
};

/** The objectives by the names that the command line gives them: two of the parts alone, and the sum of all. */
export const goalObjectives = {
  latent: {
    ...defaultGoalObjectiveConfig,
    thingDistance: nothing,
    temporalDistance: nothing,
    latentDistance: { mean: 1, last: 0 },
  },
  temporal: { ...defaultGoalObjectiveConfig, thingDistance: nothing, latentDistance: nothing },
  sum: defaultGoalObjectiveConfig,
} as const satisfies Readonly<Record<string, GoalObjectiveConfig>>;

export type GoalObjectiveName = keyof typeof goalObjectives;

/** The planner's cost towards the goal latent `[latent]`. */
export function goalObjective(
  dynamics: LearnedDynamics,
  goal: Float32Array,
  config: GoalObjectiveConfig = defaultGoalObjectiveConfig,
): Objective {
  const { thingDistance, temporalDistance, besideThings, latentDistance: plain, stride } = config;
  const things = counts(thingDistance) ? dynamics.thingDistance(goal, thingDistance) : undefined;
  const parts = [
    ...(things ? [{ weight: 1, objective: things }] : []),
    ...(counts(temporalDistance)
      ? [{ weight: things ? besideThings : 1, objective: dynamics.temporalDistance(goal, temporalDistance) }]
      : []),
    ...(counts(plain) ? [{ weight: 1, objective: latentDistance(goal, plain) }] : []),
  ];
  return everySteps(stride, weightedSum(parts));
}

function counts({ mean, last }: StepWeights): boolean {
  return mean !== 0 || last !== 0;
}
