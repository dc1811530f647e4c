/**
 * What a loss term is to be compared with: values that a run tells beside its terms, drawn as lines of their own and not
 * offered as losses.
 */
import type { MetricsLine } from '../../shared/protocol/metrics.ts';
import type { Drawn } from './curveData.ts';

/** By the term that they belong to: a run's own name for each, and what it means. */
const LANDMARKS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sigreg: { sigregFloor: 'spread latents', sigregCollapsed: 'latents that are all alike' },
};

export interface Landmark {
  readonly name: string;
  readonly value: number;
}

/** Whether a term is one. */
export function isLandmark(term: string): boolean {
  return Object.values(LANDMARKS).some((names) => Object.hasOwn(names, term));
}

/** Those of what is drawn, of the first run that tells them. */
export function landmarksOf(
  runs: readonly { readonly lines: readonly MetricsLine[] }[],
  { stage, term }: Pick<Drawn, 'stage' | 'term'>,
): Landmark[] {
  const lines = runs.flatMap((run) => run.lines.filter((line) => line.stage === stage));
  return Object.entries(LANDMARKS[term] ?? {}).flatMap(([key, name]) => {
    const value = lines.find(({ terms }) => typeof terms[key] === 'number')?.terms[key];
    return typeof value === 'number' ? [{ name, value }] : [];
  });
}
