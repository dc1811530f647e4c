/**
 * A small line chart in the page's own colours: uPlot with thin axes, no legend of its own (the figure's caption is
 * one), few looks for a line, and a cursor where somebody wants to know what it reads off. Canvas cannot follow style sheets, so the chart is rebuilt when the colour scheme
 * changes. A summary in words stands in for it where it cannot be seen.
 */
import uPlot from 'uplot';
import type { Exportable } from '../export/exportButtons.ts';
import type { Picture } from '../export/pngPicture.ts';
import type { Table } from '../export/table.ts';
import { LOOK_DASHES, LOOK_MARKS, type Look, lookColors, RUN_LOOKS } from './looks.ts';
import { type OnRead, readByKeys, readingOptions } from './readout.ts';

export interface Line {
  readonly name: string;
  readonly look: Look;
  /** Whether each value has a dot. */
  readonly points?: boolean;
  /** Whether the line goes over missing values; it does unless told. */
  readonly joins?: boolean;
}

/** The area between two lines, by their places in `series`. */
export interface Band {
  readonly upper: number;
  readonly lower: number;
  readonly look: 'accent' | 'quiet';
}

export interface ChartConfig {
  readonly height: number;
  readonly xLabel: string;
  readonly series: readonly Line[];
  readonly bands?: readonly Band[];
  /** Whether the y axis always shows 0, so that a small value looks small. */
  readonly fromZero: boolean;
  /** Whether the y axis is logarithmic, which shows only what is above 0; it is not unless told. */
  readonly log?: boolean;
  /** Writes a value of the y axis. */
  readonly format: (value: number) => string;
  /** Told the values under the cursor. A chart without it has no cursor. */
  readonly onRead?: OnRead;
}

/** x values, then one list of y values a series; `null` leaves a gap, over `undefined` a line goes on. */
export type ChartData = readonly [xs: readonly number[], ...ys: readonly (readonly (number | null | undefined)[])[]];

export class Chart {
  private readonly host: HTMLElement;
  private config: ChartConfig;
  private plot: uPlot | undefined;
  private data: ChartData;

  constructor(host: HTMLElement, config: ChartConfig) {
    this.host = host;
    this.config = config;
    this.data = [[], ...config.series.map(() => [])];
    host.setAttribute('role', 'img');
    this.rebuild();
    if (config.onRead !== undefined) readByKeys(host, () => this.plot);
    const fit = (): void => this.plot?.setSize({ width: host.clientWidth, height: this.config.height });
    new ResizeObserver(fit).observe(host);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.rebuild());
  }

  /** Becomes another chart, with other lines, which are empty until it is told their data. */
  reconfigure(config: ChartConfig): void {
    this.config = config;
    this.data = [[], ...config.series.map(() => [])];
    this.rebuild();
  }

  /** Draws the data; `summary` says in words what they show. */
  update(data: ChartData, summary: string): void {
    this.data = data;
    this.host.setAttribute('aria-label', summary);
    this.plot?.setData(aligned(data));
  }

  /** The chart as a panel gives it away; `name` is its part of a file's name. */
  exportable(name: string): Exportable {
    return { name, table: () => tableOf(this.config, this.data), picture: () => this.picture() };
  }

  private picture(): Picture {
    if (this.plot === undefined) throw new TypeError('the chart has been taken away');
    const colors = lookColors(this.host);
    const key = this.config.series.flatMap(({ name, look }) => {
      const mark = LOOK_MARKS[look];
      return mark === undefined ? [] : [{ name, color: colors[look], mark, dash: LOOK_DASHES[look] }];
    });
    return { drawing: this.plot.ctx.canvas, key, caption: this.host.getAttribute('aria-label') ?? '' };
  }

  private rebuild(): void {
    this.plot?.destroy();
    this.config.onRead?.(undefined);
    this.plot = new uPlot(optionsFor(this.config, this.host), aligned(this.data), this.host);
  }
}

/** A row for every x that has a value. */
function tableOf({ xLabel, series }: ChartConfig, [xs, ...lines]: ChartData): Table {
  const rows = xs.map((x, i) => [x, ...lines.map((line) => line[i])]);
  return {
    columns: [xLabel, ...series.map(({ name }) => name)],
    rows: rows.filter(([, ...values]) => values.some((value) => value !== null && value !== undefined)),
  };
}

function aligned([xs, ...ys]: ChartData): uPlot.AlignedData {
  return [[...xs], ...ys.map((line) => [...line])];
}

function optionsFor(
  { height, xLabel, series, bands = [], format, fromZero, log = false, onRead }: ChartConfig,
  host: HTMLElement,
): uPlot.Options {
  const styles = getComputedStyle(host);
  const color = (name: string): string => styles.getPropertyValue(name).trim();
  const colors = lookColors(host);
  const axis: uPlot.Axis = {
    stroke: color('--ink-quiet'),
    font: `11px ${styles.fontFamily}`,
    labelFont: `11px ${styles.fontFamily}`,
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
    labelSize: 16,
    labelGap: 0,
    gap: 4,
  };
  const line = ({ name, look, points = false, joins = true }: Line): uPlot.Series => ({
    label: name,
    stroke: colors[look],
    width: RUN_LOOKS.some((each) => each === look) ? 2 : 1.5,
    dash: [...(LOOK_DASHES[look] ?? [])],
    ...((look === 'marks' || look === 'rings') && { paths: () => null }),
    points: {
      show: points || look === 'marks' || look === 'rings',
      size: look === 'marks' || look === 'rings' ? 9 : 6,
      fill: look === 'rings' ? color('--raised') : colors[look],
    },
    spanGaps: joins,
    ...(!joins && { gaps: widened }),
  });
  return {
    width: Math.max(host.clientWidth, 1),
    height,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    ...(onRead === undefined ? { cursor: { show: false } } : readingOptions(onRead)),
    scales: {
      x: { time: false },
      y: log ? { distr: 3 } : { range: (_plot, min, max) => padded(fromZero ? Math.min(0, min) : min, max, fromZero) },
    },
    axes: [
      { ...axis, label: xLabel, size: 20, grid: { show: false }, incrs: WHOLE_STEPS },
      // On a logarithmic axis a value that stands too near to others is not written.
      {
        ...axis,
        size: 44,
        space: 28,
        values: (_plot, values) => values.map((y: number | null) => (y === null ? '' : format(y))),
      },
    ],
    series: [{}, ...series.map(line)],
    bands: bands.map(({ upper, lower, look }) => ({ series: [upper + 1, lower + 1], fill: faint(colors[look]) })),
  };
}

/** Distances between the marks of the x axis, up to a night of seconds. */
const WHOLE_STEPS = [1, 10, 100, 1000, 10_000].flatMap((ten) => [ten, 2 * ten, 5 * ten]);

/** Gaps a pixel wider at either end, so that the line across them, which is cut out, leaves no splinters. */
const widened: uPlot.Series.GapsRefiner = (_plot, _series, _from, _to, gaps) =>
  gaps.map(([from, to]) => [from - window.devicePixelRatio, to + window.devicePixelRatio]);

/** A colour of the theme, `#rrggbb`, as a tint. */
function faint(color: string): string {
  return `${color}33`;
}

/** A little air above and, unless it begins at zero, below; a flat line lies in the middle. */
function padded(min: number, max: number, fromZero: boolean): [number, number] {
  const air = (max - min || Math.abs(max) || 1) * 0.12;
  return [fromZero ? min : min - air, max + air];
}
