/**
 * Which rows the renderer bench measures: the usual few, or every method that an agent has at every step count that the
 * method has. What cannot be is said before anything is measured.
 */
import type { RenderMethod } from '../../models/diffusion/methodNames.ts';
import {
  checkGuidance,
  checkMethod,
  checkSteps,
  hasSteps,
  methodsOf,
  type Networks,
} from '../../models/diffusion/methods.ts';
import { UsageError } from '../../shared/errors.ts';

export interface RowChoice {
  readonly method: RenderMethod;
  readonly steps: number;
}

/** The step counts of the table. */
export const TABLE_STEPS: readonly number[] = [1, 2, 4, 8, 16, 64, 256];

/** What every agent can be asked for. */
const USUAL_ROWS: readonly RowChoice[] = [
  { method: 'regression', steps: 1 },
  ...[1, 2, 4, 8].map((steps) => ({ method: 'mcm' as const, steps })),
  ...[4, 16].map((steps) => ({ method: 'ddim' as const, steps })),
];

/**
 * The rows for the methods named, or for all that the renderer has; the usual ones where neither is said. Step counts
 * that are asked for of a method by name must be there; otherwise those of the table that are there are taken. With
 * guidance, a method by name must be one that can be guided; otherwise the mean frame, which cannot, is left out.
 * @throws UsageError when a method or a step count is not there, cannot be guided, or nothing is left
 */
export function chooseRows(
  networks: Networks,
  methods?: 'all' | readonly RenderMethod[],
  steps?: readonly number[],
  guidance = 1,
): readonly RowChoice[] {
  const named = methods !== undefined && methods !== 'all';
  const fits = (method: RenderMethod): boolean => named || guidance === 1 || method !== 'regression';
  const usual = !methods && !steps ? USUAL_ROWS.filter(({ method }) => fits(method)) : undefined;
  const chosen = named ? methods : (usual?.map(({ method }) => method) ?? methodsOf(networks).filter(fits));
  for (const method of guidance === 1 ? [] : chosen) checkGuidance(method, guidance, networks);
  if (usual) return usual;
  const rows = chosen.flatMap((method) => {
    checkMethod(method, networks);
    if (named && steps) for (const count of steps) checkSteps(method, count, networks);
    return (steps ?? TABLE_STEPS)
      .filter((count) => hasSteps(method, count, networks))
      .map((count) => ({ method, steps: count }));
  });
  if (rows.length === 0)
    throw new UsageError(
      `no method of this agent paints in ${steps?.join(' or ')} steps; choose from ${TABLE_STEPS.join(', ')}`,
    );
  return rows;
}
