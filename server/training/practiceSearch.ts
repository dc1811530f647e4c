/**
 * How hard the agent thinks while it practises. Where it moves things, practice lacks episodes more than it lacks good
 * moves: at a glance, each of which is followed for two steps, with a fifth to an eighth of an evaluation's search a
 * step, four times as many are played in the same minutes. Where it holds itself, as a craft or a pole does, hasty moves
 * never show it how to be still, and it plays as it is evaluated (docs/log.md, *Practice at a glance*).
 */
import { type CemConfig, defaultCemConfig } from '../../models/planning/cemSolver.ts';
import type { Solver } from '../../models/planning/contracts.ts';
import { createFurtherLookingSolver, defaultFurtherLookingConfig } from '../../models/planning/furtherLookingSolver.ts';
import { EXECUTED_STEPS } from '../evaluation/executedSteps.ts';

/** How an agent plans while it practises. */
export interface PracticeSearch {
  readonly solver: Solver;
  /** Steps of each plan that are taken before the next. */
  readonly executed: number;
}

const glance: CemConfig = {
  ...defaultCemConfig,
  candidates: 32,
  elites: 4,
  iterations: 2,
  spared: { byProposals: 1, byWarmStart: 0 },
};

/** The search that an agent practises with, by whether it tells things from its body. */
export function practiceSearch(movesThings: boolean): PracticeSearch {
  if (!movesThings) return { solver: createFurtherLookingSolver(), executed: EXECUTED_STEPS };
  const { far } = defaultFurtherLookingConfig;
  const solver = createFurtherLookingSolver({
    ...defaultFurtherLookingConfig,
    near: glance,
    far: { ...glance, horizon: far.horizon },
  });
  return { solver, executed: 2 };
}
