/**
 * What a search is asked for when the agent plans from what it sees towards a frame that it is shown: both encoded, the
 * learned cost between them, and what the agent itself would try first. The agent and its practice ask the same.
 */

import type { Frame } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import type { PlanRequest } from '../planning/contracts.ts';
import { furtherProposals } from './furtherProposals.ts';
import { defaultGoalObjectiveConfig, type GoalObjectiveConfig, goalObjective } from './goalObjective.ts';
import type { LearnedDynamics } from './learnedDynamics.ts';

export interface GoalRequestOptions {
  /** What is seen now. */
  readonly frame: Frame;
  /** What was seen a step ago; without it nothing is taken to move. */
  readonly previous?: Frame;
  /** What should be seen. */
  readonly goal: Frame;
  /** Determines the search. */
  readonly seed: number;
  readonly objective?: GoalObjectiveConfig;
  /** The rest of the last plan, `[horizon, action]`. */
  readonly warmStart?: Float32Array;
}

/** The request; a caller may add a deadline or an observer. */
export async function goalRequest(
  dynamics: LearnedDynamics,
  { frame, previous, goal, seed, objective = defaultGoalObjectiveConfig, warmStart }: GoalRequestOptions,
): Promise<PlanRequest> {
  const latent = await dynamics.encodeMoment(frame, previous);
  const goalLatent = await dynamics.encodeMoment(goal);
  const proposals = await dynamics.propose(latent, goalLatent);
  return {
    dynamics,
    objective: goalObjective(dynamics, goalLatent, objective),
    latent,
    space: dynamics.space,
    random: new Random(seed),
    proposals,
    furtherProposals: () => furtherProposals(dynamics, { latent, goal: goalLatent, proposals }),
    ...(warmStart && { warmStart }),
  };
}
