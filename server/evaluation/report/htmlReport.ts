/**
 * An evaluation as one HTML file that needs nothing else: tables, plots and the frames of the worst failures. A section
 * is there if what it shows was measured.
 */
import { createRequire } from 'node:module';
import { type BarGroup, barChart, escaped, lineChart, scatterChart } from '../../report/chart.ts';
import { htmlPage, picture, section, tableOf } from '../../report/page.ts';
import type { Failure } from '../failureFilms.ts';
import type { FullEvaluation, Rows } from '../fullEvaluation.ts';

const { version } = createRequire(import.meta.url)('../../../package.json') as { readonly version: string };

/** The whole page. */
export function htmlReport(evaluation: FullEvaluation): string {
  const { world, episodes, seed, difficulty, solver, objective, agent } = evaluation;
  const title = `${world}: ${episodes} tasks of seed ${seed}`;
  const facts = `Difficulty ${difficulty}, agent ${agent}, which plans by ${solver} with the objective ${objective}; other rows that plan by plain cem, eight steps ahead. Reverie ${version}.`;
  return htmlPage(title, facts, [
    section('Success', rowTable(evaluation.rows)),
    ...difficultySection(evaluation),
    ...generalisationSection(evaluation),
    ...understandingSections(evaluation),
    ...costSection(evaluation),
    ...failureSection(evaluation.failures),
  ]);
}

function rowTable(rows: Rows): string {
  return tableOf([
    ['row', 'moderate', '95% interval', 'strict', '95% interval', 'plan p50, ms', 'plan p95, ms'],
    ...Object.entries(rows).map(([name, row]) => [
      name,
      percent(row.moderate),
      row.ci95.map(percent).join(' to '),
      percent(row.strict),
      row.strictCi95.map(percent).join(' to '),
      ...[row.planMs.p50, row.planMs.p95].map((ms) => (ms > 0 ? ms.toFixed(1) : '-')),
    ]),
  ]);
}

/** Moderate success of every row, one group a set of tasks. */
function successChart(sets: Readonly<Record<string, Rows>>, x: string): string {
  const names = [...new Set(Object.values(sets).flatMap((rows) => Object.keys(rows)))];
  const groups = Object.entries(sets).map(
    ([name, rows]): BarGroup => ({
      name,
      bars: names.map((row) => {
        const result = rows[row as keyof Rows];
        return result ? { value: result.moderate, interval: result.ci95 } : { value: 0 };
      }),
    }),
  );
  return barChart(groups, names, { x, y: 'moderate success' });
}

function difficultySection({ difficulties }: FullEvaluation): string[] {
  if (!difficulties) return [];
  const tables = Object.entries(difficulties).map(([name, rows]) => `<h3>${escaped(name)}</h3>${rowTable(rows)}`);
  return [section('Success by difficulty', successChart(difficulties, 'difficulty'), ...tables)];
}

function generalisationSection({ generalisation }: FullEvaluation): string[] {
  if (!generalisation) return [];
  const tables = Object.entries(generalisation).map(([name, rows]) => `<h3>${escaped(name)}</h3>${rowTable(rows)}`);
  return [section('Success under each factor of variation', successChart(generalisation, 'varied factor'), ...tables)];
}

function understandingSections({ understanding }: FullEvaluation): string[] {
  if (!understanding) return [];
  const { predictionError, probes, validPrediction, surprise, hiddenFactors } = understanding;
  const { trueActions, shuffledActions, copyFirst } = predictionError;
  const lines = [
    { name: 'true actions', values: trueActions },
    { name: 'shuffled actions', values: shuffledActions },
    { name: 'copy first', values: copyFirst },
  ];
  const { linear, mlp, predictedSteps, ceiling } = probes;
  const sets = { 'linear, encoded': linear.encoded, 'MLP, encoded': mlp.encoded };
  const ahead = {
    [`linear, ${predictedSteps} ahead`]: linear.predicted,
    [`MLP, ${predictedSteps} ahead`]: mlp.predicted,
  };
  const columns = { ...sets, ...ahead };
  const known = Object.keys(ceiling).length > 0 ? { ...columns, 'two exact frames': ceiling } : columns;
  const quantities = Object.keys(linear.encoded);
  const groups = quantities.map((name) => ({
    name,
    bars: Object.values(columns).map((scores) => ({ value: scores[name] as number })),
  }));
  return [
    section(
      'Prediction error against horizon',
      lineChart(lines, { x: 'steps ahead', y: 'error / variance' }, true),
      `<p>Valid for ${validPrediction.steps.toFixed(1)} steps (${validPrediction.seconds.toFixed(2)} s), looked at up to ${validPrediction.horizon}.</p>`,
    ),
    section(
      'What probes read',
      barChart(groups, Object.keys(columns), { x: 'quantity', y: 'R²' }),
      tableOf([
        ['quantity', ...Object.keys(known)],
        ...quantities.map((name) => [name, ...Object.values(known).map((scores) => fixed(scores[name]))]),
      ]),
    ),
    section(
      'Surprise at what is impossible',
      tableOf([
        ['event', 'area under ROC', 'events'],
        ...Object.entries(surprise).map(([kind, { auc, events }]) => [kind, fixed(auc), String(events)]),
      ]),
    ),
    ...(Object.keys(hiddenFactors).length > 0
      ? [
          section(
            'Hidden factors, inferred from interaction',
            tableOf([['factor', 'R²'], ...Object.entries(hiddenFactors).map(([name, score]) => [name, fixed(score)])]),
          ),
        ]
      : []),
  ];
}

function costSection({ candidateCosts }: FullEvaluation): string[] {
  if (!candidateCosts) return [];
  const { points, rankCorrelation } = candidateCosts;
  return [
    section(
      'Candidate cost against true cost',
      scatterChart(points, { x: "the agent's cost", y: 'true cost' }),
      `<p>Rank correlation within a start, on average: ${fixed(rankCorrelation)}. Both are standardised within a start.</p>`,
    ),
  ];
}

function failureSection(failures: readonly Failure[] | undefined): string[] {
  if (!failures) return [];
  if (failures.length === 0) return [section('Worst failures', '<p>None: every task was solved.</p>')];
  const films = failures.map(({ taskSeed, remaining, goal, frames }) => {
    const pictures = [goal, ...frames].map((frame, i) => picture(frame, i === 0 ? 'the goal' : `moment ${i}`));
    const caption = `Task ${taskSeed}: ${percent(remaining)} of the distance left. The goal, then the episode.`;
    return `<figure>${pictures.join('')}<figcaption>${caption}</figcaption></figure>`;
  });
  return [section('Worst failures', ...films)];
}

function percent(value: number): string {
  return `${(100 * value).toFixed(0)}%`;
}

function fixed(value: number | null | undefined): string {
  return value == null ? '-' : value.toFixed(3);
}
