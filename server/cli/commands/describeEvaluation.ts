/** An evaluation as tables for a terminal: one of the rows, and one of each further thing that was measured. */
import type { FullResult, Rows } from '../../evaluation/fullEvaluation.ts';
import { table } from '../output.ts';
import { percent, percentInterval } from '../shares.ts';
import { describeUnderstanding } from './describeUnderstanding.ts';

export function describeEvaluation({
  rows,
  difficulties,
  generalisation,
  understanding,
  candidateCosts,
}: FullResult): string {
  return [
    describeRows({ '': rows }),
    ...(difficulties ? ['by difficulty', describeRows(difficulties)] : []),
    ...(generalisation ? ['under each factor of variation', describeRows(generalisation)] : []),
    ...(understanding ? [describeUnderstanding(understanding)] : []),
    ...(candidateCosts
      ? [`rank correlation of the agent's cost with the true one: ${candidateCosts.rankCorrelation.toFixed(3)}`]
      : []),
  ].join('\n\n');
}

/** One line a row; sets are told apart by a first column where there are several. */
function describeRows(sets: Readonly<Record<string, Rows>>): string {
  const several = Object.keys(sets).length > 1;
  const lines = Object.entries(sets).flatMap(([set, rows]) =>
    Object.entries(rows).map(([name, { moderate, ci95, strict, strictCi95, planMs }]) => [
      ...(several ? [set] : []),
      name,
      percent(moderate),
      percentInterval(ci95),
      percent(strict),
      percentInterval(strictCi95),
      ...[planMs.p50, planMs.p95].map((ms) => (ms > 0 ? `${ms.toFixed(1)} ms` : '-')),
    ]),
  );
  const head = ['row', 'moderate', '95% interval', 'strict', '95% interval', 'plan p50', 'plan p95'];
  return table([several ? ['tasks', ...head] : head, ...lines]);
}
