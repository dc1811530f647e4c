/**
 * What the renderer bench measured, to be looked at: quality against time for every method, with the budgets of 30 and
 * 60 frames a second, the whole table, and the same frames painted by every row beside the true ones.
 */
import { methodTitles, type RenderMethod } from '../../models/diffusion/methodNames.ts';
import type { Frame } from '../../shared/frame.ts';
import { escaped, type Frontier, frontierChart } from '../report/chart.ts';
import { htmlPage, picture, STYLE, section, tableOf } from '../report/page.ts';
import type { RendererReport, RendererRow } from './rendererBench.ts';

/** What the page shows beside the report. */
export interface PageParts {
  readonly agent: string;
  readonly seed: number;
  /** True frames. */
  readonly truth: readonly Frame[];
  /** The same frames as each row painted them. */
  readonly strips: readonly (readonly Frame[])[];
}

/** The whole page. */
export function rendererPage(report: RendererReport, { agent, seed, truth, strips }: PageParts): string {
  const { world, rows } = report;
  const names = [...new Set(rows.map(({ method }) => method))];
  const strip = (frames: readonly Frame[], caption: string) => {
    const pictures = frames.map((frame, i) => picture(frame, `${caption}, frame ${i + 1}`));
    return `<figure>${pictures.join('')}<figcaption>${escaped(caption)}</figcaption></figure>`;
  };
  return htmlPage(`Renderers in ${world}`, `Agent ${agent}, frames and noise of seed ${seed}${conditionsIn(report)}.`, [
    section('Place of objects against time', errorChart(rows)),
    section('Distance of distributions against time', distanceChart(rows)),
    section('All figures', tableOf([columnNames, ...rows.map(cellsOf)])),
    section('Methods', tableOf([['name', 'what it is'], ...names.map((name) => [name, methodTitles[name]])])),
    section(
      'The same frames',
      strip(truth, 'true'),
      ...rows.map(({ method, steps }, i) => strip(strips[i] ?? [], `${method}, ${steps} steps`)),
    ),
  ]);
}

/** How frames were painted beyond their latents, in words. */
function conditionsIn({ guidance, contextNoise }: RendererReport): string {
  return [
    ...(guidance === undefined ? [] : [`, guided with the weight ${guidance}`]),
    ...(contextNoise === undefined ? [] : [`, told the frames before with noise of the time ${contextNoise}`]),
  ].join('');
}

/** The first chart as a file of its own. */
export function qualityChartFile(rows: readonly RendererRow[]): string {
  return errorChart(rows)
    .replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"')
    .replace('<title>', `<style>${STYLE}</style><title>`);
}

const LIMITS = [
  { x: 1000 / 60, name: '60 fps' },
  { x: 1000 / 30, name: '30 fps' },
];

function errorChart(rows: readonly RendererRow[]): string {
  const axes = { x: 'ms for one frame (p50)', y: 'readout error, px' };
  return frontierChart(
    frontiers(rows, ({ readoutErrorPx }) => readoutErrorPx),
    axes,
    LIMITS,
  );
}

function distanceChart(rows: readonly RendererRow[]): string {
  const axes = { x: 'ms for one frame (p50)', y: 'Fréchet distance in random features' };
  return frontierChart(
    frontiers(rows, ({ fd }) => fd),
    axes,
    LIMITS,
  );
}

/** One line a method over its step counts. What is not above 0 has no place on a logarithmic axis. */
function frontiers(rows: readonly RendererRow[], quality: (row: RendererRow) => number): Frontier[] {
  const byMethod = new Map<RenderMethod, RendererRow[]>();
  for (const row of rows) byMethod.set(row.method, [...(byMethod.get(row.method) ?? []), row]);
  return Array.from(byMethod, ([name, known]) => ({
    name,
    points: known
      .map((row) => ({ x: row.msPerFrame.p50, y: quality(row), mark: `${name}, ${row.steps} steps` }))
      .filter(({ x, y }) => x > 0 && y > 0),
  })).filter(({ points }) => points.length > 0);
}

const COLUMNS: readonly (readonly [name: string, cell: (row: RendererRow) => string])[] = [
  ['method', ({ method }) => method],
  ['steps', ({ steps }) => String(steps)],
  ['ms p50', ({ msPerFrame }) => msPerFrame.p50.toFixed(2)],
  ['ms p95', ({ msPerFrame }) => msPerFrame.p95.toFixed(2)],
  ['fps', ({ fps }) => fps.toFixed(0)],
  ['30 fps', ({ fits }) => (fits['30'] ? 'yes' : 'no')],
  ['60 fps', ({ fits }) => (fits['60'] ? 'yes' : 'no')],
  ['error px', ({ readoutErrorPx }) => readoutErrorPx.toFixed(2)],
  ['floor px', ({ readoutFloorPx }) => readoutFloorPx.toFixed(2)],
  ['presence', ({ presence }) => `${(100 * presence).toFixed(1)}%`],
  ['psnr', ({ psnr }) => psnr.toFixed(1)],
  ['ssim', ({ ssim }) => ssim.toFixed(3)],
  ['fd', ({ fd }) => fd.toFixed(3)],
  ['flicker', ({ flicker }) => flicker.toFixed(2)],
  ['train min', ({ training: { own } }) => known(own?.minutes, (minutes) => minutes.toFixed(1))],
  ['min in all', ({ training: { all } }) => known(all?.minutes, (minutes) => minutes.toFixed(1))],
  ['train steps', ({ training: { own } }) => known(own?.steps, String)],
  ['train calls', ({ training: { own } }) => known(own?.calls, String)],
];

/** What training recorded; agents of before it did have no record. */
function known(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? 'unknown' : format(value);
}

/** A row as the table has it, in words. */
export function cellsOf(row: RendererRow): string[] {
  return COLUMNS.map(([, cell]) => cell(row));
}

/** The names of the table's columns. */
export const columnNames: readonly string[] = COLUMNS.map(([name]) => name);
