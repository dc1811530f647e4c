/**
 * What the chart of trainings draws, says and gives away, from the lines of the runs that it shows: a line a run, of one
 * loss term in one stage, over the seconds that the stage has been trained for. Runs have their lines at seconds of
 * their own, so each is missing where another has one; a loss that was not finite is a gap.
 */

import type { MetricsLine } from '../../shared/protocol/metrics.ts';
import type { TrainingSummary } from '../../shared/protocol/trainings.ts';
import type { Table } from '../export/table.ts';
import type { ChartData } from '../panels/chart.ts';
import type { RunLook } from '../panels/looks.ts';
import { landmarksOf } from './landmarks.ts';
import { type Point, thinned } from './thinned.ts';
import { runName } from './trainingWords.ts';

/** Points of a line beyond which no more can be told apart. */
export const MOST_POINTS = 600;

/** A run that is drawn, with what is known of its losses. */
export interface ShownRun {
  readonly run: TrainingSummary;
  readonly look: RunLook;
  readonly lines: readonly MetricsLine[];
}

/** Which of the losses are drawn. */
export interface Drawn {
  readonly stage: string;
  readonly term: string;
  readonly log: boolean;
}

/** The stages that the runs have trained, in the order in which they came. */
export function stagesOf(runs: readonly Pick<ShownRun, 'lines'>[]): string[] {
  return [...new Set(runs.flatMap(({ lines }) => lines.map(({ stage }) => stage)))];
}

/** The loss terms of a stage; of all stages where none is named. */
export function termsOf(runs: readonly Pick<ShownRun, 'lines'>[], of?: string): string[] {
  // With no list of every line's on the way: a long training has tens of thousands, and they are asked for every second.
  const found = new Set<string>();
  for (const { lines } of runs)
    for (const { stage, terms } of lines) {
      if (of !== undefined && stage !== of) continue;
      for (const term of Object.keys(terms)) found.add(term);
    }
  return [...found];
}

/** The points of a run, in order. On a logarithmic scale what is not above 0 has no place. */
export function pointsOf(lines: readonly MetricsLine[], { stage, term, log }: Drawn): Point[] {
  return lines
    .filter((line) => line.stage === stage && line.terms[term] !== undefined)
    .map(({ seconds, terms }): Point => {
      const value = terms[term] ?? null;
      return [seconds, log && value !== null && value <= 0 ? null : value];
    })
    .sort(([a], [b]) => a - b);
}

/** A line a run, thinned to what can be seen, and one for each landmark of the term. */
export function curveData(runs: readonly Pick<ShownRun, 'lines'>[], drawn: Drawn): ChartData {
  const curves = runs.map(({ lines }) => new Map(thinned(pointsOf(lines, drawn), MOST_POINTS)));
  const xs = [...new Set(curves.flatMap((curve) => [...curve.keys()]))].sort((a, b) => a - b);
  const landmarks = landmarksOf(runs, drawn).map(({ value }) => xs.map(() => value));
  return [xs, ...curves.map((curve) => widenedGaps(xs.map((x) => curve.get(x)))), ...landmarks];
}

/** Where a run has no point because only others have one, its line goes on, unless its gap does. */
function widenedGaps(values: readonly (number | null | undefined)[]): (number | null | undefined)[] {
  const carried = (all: readonly (number | null | undefined)[]): (number | null | undefined)[] => {
    let last: number | null | undefined;
    return all.map((value) => {
      if (value !== undefined) last = value;
      return last === null ? null : value;
    });
  };
  return carried(carried(values).reverse()).reverse();
}

/** What was found wrong with what the runs have learned, as far as they are now. */
export function describeWarnings(runs: readonly ShownRun[]): string {
  return runs
    .flatMap(({ run, lines }) => {
      const warning = lines.at(-1)?.warning;
      return warning === undefined ? [] : [`${runName(run)}: ${warning}.`];
    })
    .join(' ');
}

/** What the chart shows, in words. */
export function describeCurves(runs: readonly ShownRun[], drawn: Drawn): string {
  const { stage, term } = drawn;
  const told = runs.map(({ run, lines }) => `${runName(run)}: ${courseOf(lines, drawn)}.`);
  const landmarks = landmarksOf(runs, drawn).map(({ name, value }) => ` Dashed: ${rounded(value)}, ${name}.`);
  return `${term} in the stage ${stage}. ${told.join(' ')}${landmarks.join('')}`;
}

function courseOf(lines: readonly MetricsLine[], drawn: Drawn): string {
  const points = pointsOf(lines, { ...drawn, log: false });
  const finite = points.flatMap(([x, y]) => (y === null ? [] : [[x, y] as const]));
  const [first, last] = [finite[0], finite.at(-1)];
  if (first === undefined || last === undefined)
    return points.length === 0 ? 'nothing of it yet' : 'not finite all along';
  const missing = points.length - finite.length;
  const hidden = drawn.log ? finite.filter(([, y]) => y <= 0).length : 0;
  return [
    finite.length === 1
      ? `${rounded(last[1])} after ${seconds(last[0])}`
      : `from ${rounded(first[1])} to ${rounded(last[1])} after ${seconds(last[0])}`,
    ...(missing > 0 ? [`not finite ${times(missing)}`] : []),
    ...(hidden > 0 ? [`0 or less ${times(hidden)}, which a logarithmic scale cannot show`] : []),
  ].join(', ');
}

/** All that is known of the losses of the runs: every stage, every term, a row a line of the log. */
export function curveTable(runs: readonly ShownRun[]): Table {
  const terms = termsOf(runs);
  return {
    columns: ['run', 'world', 'minutes', 'seed', 'stage', 'step', 'seconds', ...terms],
    rows: runs.flatMap(({ run, lines }) =>
      lines.map((line) => [
        run.id,
        run.world,
        run.minutes,
        run.seed,
        line.stage,
        line.step,
        line.seconds,
        ...terms.map((term) => line.terms[term]),
      ]),
    ),
  };
}

/** A loss in as few digits as say something. */
export function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function seconds(value: number): string {
  return `${Math.round(value)} s`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
