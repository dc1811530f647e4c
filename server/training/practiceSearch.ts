/**
 * How hard the agent thinks while it practises. Where it moves things, practice lacks episodes more than it lacks good
 * moves: at a glance, with a fifth to an eighth of an evaluation's search, four times as many are played in the same
 * minutes. Where it holds itself, as a craft or a pole does, hasty moves never show it how to be still, and it plays as
 * it is evaluated (docs/log.md, *Practice at a glance*).
 */
import { type CemConfig, defaultCemConfig } from '../../models/planning/cemSolver.ts';
import type { Solver } from '../../models/planning/contracts.ts';
import { createFurtherLookingSolver, defaultFurtherLookingConfig } from '../../models/planning/furtherLookingSolver.ts';

const glance: CemConfig = { ...defaultCemConfig, candidates: 32, elites: 4, iterations: 2, proposedIterations: 1 };

/** The search that an agent practises with, by whether it tells things from its body. */
export function practiceSolver(movesThings: boolean): Solver {
  if (!movesThings) return createFurtherLookingSolver();
  const { far } = defaultFurtherLookingConfig;
  return createFurtherLookingSolver({
    ...defaultFurtherLookingConfig,
    near: glance,
    far: { ...glance, horizon: far.horizon },
  });
}
