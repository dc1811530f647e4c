/**
 * A variation as the command line gives it, `NAME=VALUE` once for each factor, and as recordings keep it: numbers as
 * numbers, colours as text.
 */
import { UsageError } from '../../shared/errors.ts';
import { completeVariation, type Factors, type Variation } from '../../shared/factors.ts';

/** @throws UsageError when a text is no assignment, or the factors have no such name or value. */
export function variationFrom(assignments: readonly string[], factors: Factors = {}): Variation {
  const variation: Record<string, number | string> = {};
  for (const assignment of assignments) {
    const [, name, value] = /^([^=]+)=(.+)$/.exec(assignment) ?? [];
    if (name === undefined || value === undefined)
      throw new UsageError(`'${assignment}' is no factor with its value: give NAME=VALUE, such as gravity=0.5`);
    variation[name] = value;
  }
  const { numbers } = completeVariation(factors, variation);
  return Object.fromEntries(Object.entries(variation).map(([name, value]) => [name, numbers[name] ?? value]));
}
