/** The solvers by the names that the command line gives them, each at its default size but for the steps of its plans. */
import { defaultCemConfig } from './cemSolver.ts';
import type { Solver } from './contracts.ts';
import { createFurtherLookingSolver, furtherLookingConfig } from './furtherLookingSolver.ts';
import { createGradientSolver, defaultGradientConfig } from './gradientSolver.ts';
import { createIcemSolver, defaultIcemConfig } from './icemSolver.ts';
import { createMppiSolver, defaultMppiConfig } from './mppiSolver.ts';

export const solverNames = ['cem', 'icem', 'mppi', 'gradient'] as const;

export type SolverName = (typeof solverNames)[number];

export function createSolver(name: SolverName, horizon: number = defaultCemConfig.horizon): Solver {
  switch (name) {
    case 'cem':
      return createFurtherLookingSolver(furtherLookingConfig(horizon));
    case 'icem':
      return createIcemSolver({ ...defaultIcemConfig, horizon });
    case 'mppi':
      return createMppiSolver({ ...defaultMppiConfig, horizon });
    case 'gradient':
      return createGradientSolver({ ...defaultGradientConfig, horizon });
  }
}
