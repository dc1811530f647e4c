/**
 * The search of an agent that plans again at every step. It may look as far ahead as its predictions bear, which its card
 * says; a live session, which follows each plan to its end, looks as far as the plan is followed instead.
 */

import type { Solver } from '../../models/planning/contracts.ts';
import { createSolver, type SolverName } from '../../models/planning/solvers.ts';
import { readAgentCard } from '../agent/agentCard.ts';

export interface AskedSearch {
  readonly solver?: SolverName;
  /** Steps of a plan, whatever the card says. */
  readonly horizon?: number;
}

/** The solver for the agent in the directory. @throws WeightsError when it has no card that can be read */
export async function agentSolver(directory: string, { solver = 'cem', horizon }: AskedSearch = {}): Promise<Solver> {
  const { planning } = await readAgentCard(directory);
  return createSolver(solver, horizon ?? planning?.horizon);
}
