/**
 * A small line chart in the page's own colours: uPlot with thin axes, no legend of its own (the figure's caption is
 * one), and the first series in the accent colour. Canvas cannot follow style sheets, so the chart is rebuilt when the
 * colour scheme changes. A summary in words stands in for it where it cannot be seen.
 */
import uPlot from 'uplot';

export interface ChartConfig {
  readonly height: number;
  readonly xLabel: string;
  /** Names of the lines; the first is drawn in the accent colour, the others quietly, below it. */
  readonly series: readonly [string, ...string[]];
  /** Whether the y axis always shows 0, so that a small value looks small. */
  readonly fromZero: boolean;
  /** Writes a value of the y axis. */
  readonly format: (value: number) => string;
}

/** x values, then one list of y values a series; `null` leaves a gap. */
export type ChartData = readonly [xs: readonly number[], ...ys: readonly (readonly (number | null)[])[]];

export class Chart {
  private readonly host: HTMLElement;
  private readonly config: ChartConfig;
  private plot: uPlot | undefined;
  private data: ChartData;

  constructor(host: HTMLElement, config: ChartConfig) {
    this.host = host;
    this.config = config;
    this.data = [[], ...config.series.map(() => [])];
    host.setAttribute('role', 'img');
    this.rebuild();
    new ResizeObserver(() => this.plot?.setSize({ width: host.clientWidth, height: config.height })).observe(host);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.rebuild());
  }

  /** Draws the data; `summary` says in words what they show. */
  update(data: ChartData, summary: string): void {
    this.data = data;
    this.host.setAttribute('aria-label', summary);
    this.plot?.setData(aligned(data));
  }

  private rebuild(): void {
    this.plot?.destroy();
    this.plot = new uPlot(optionsFor(this.config, this.host), aligned(this.data), this.host);
  }
}

function aligned([xs, ...ys]: ChartData): uPlot.AlignedData {
  return [[...xs], ...ys.map((line) => [...line])];
}

function optionsFor({ height, xLabel, series, format, fromZero }: ChartConfig, host: HTMLElement): uPlot.Options {
  const styles = getComputedStyle(host);
  const color = (name: string): string => styles.getPropertyValue(name).trim();
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
  const line = (label: string, i: number): uPlot.Series => ({
    label,
    stroke: color(i === 0 ? '--accent' : '--ink-faint'),
    width: i === 0 ? 2 : 1.5,
    points: { show: false },
    spanGaps: true,
  });
  return {
    width: Math.max(host.clientWidth, 1),
    height,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false },
      y: { range: (_plot, min, max) => padded(fromZero ? Math.min(0, min) : min, max, fromZero) },
    },
    axes: [
      { ...axis, label: xLabel, size: 20, grid: { show: false }, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500] },
      { ...axis, size: 44, space: 28, values: (_plot, values) => values.map(format) },
    ],
    series: [{}, ...series.map(line)],
  };
}

/** A little air above and, unless it begins at zero, below; a flat line lies in the middle. */
function padded(min: number, max: number, fromZero: boolean): [number, number] {
  const air = (max - min || Math.abs(max) || 1) * 0.12;
  return [fromZero ? min : min - air, max + air];
}
