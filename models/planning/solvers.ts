/** The solvers by the names that the command line gives them, each at its default size. */
import type { Solver } from './contracts.ts';
import { createFurtherLookingSolver } from './furtherLookingSolver.ts';
import { createGradientSolver } from './gradientSolver.ts';
import { createIcemSolver } from './icemSolver.ts';
import { createMppiSolver } from './mppiSolver.ts';

export const solverNames = ['cem', 'icem', 'mppi', 'gradient'] as const;

export type SolverName = (typeof solverNames)[number];

export function createSolver(name: SolverName): Solver {
  switch (name) {
    case 'cem':
      return createFurtherLookingSolver();
    case 'icem':
      return createIcemSolver();
    case 'mppi':
      return createMppiSolver();
    case 'gradient':
      return createGradientSolver();
  }
}
