/**
 * Plots as SVG text, drawn here so that a report is one file without scripts: lines, grouped bars, points. Colours come
 * from the page's style (`.series-0` and on), so that they follow its light and dark theme.
 */

const WIDTH = 560;
const HEIGHT = 300;
const MARGIN = { left: 56, right: 16, top: 16, bottom: 60 } as const;
const BASE = HEIGHT - MARGIN.bottom;

/** Names side by side below a chart, and the height of a line of them. */
const LEGEND_COLUMNS = 6;
const LEGEND_LINE = 15;

/** Groups from which their names no longer fit side by side. */
const SLANTED_FROM = 5;

export interface Line {
  readonly name: string;
  readonly values: readonly number[];
}

interface Axes {
  readonly x: string;
  readonly y: string;
}

/** One line a series over 1, 2, 3, …; the vertical axis is logarithmic where told. */
export function lineChart(lines: readonly Line[], axes: Axes, logarithmic = false): string {
  const values = lines.flatMap((line) => line.values).filter((value) => Number.isFinite(value) && value > 0);
  const count = Math.max(...lines.map((line) => line.values.length));
  const scale = (value: number): number => (logarithmic ? Math.log10(Math.max(value, 1e-9)) : value);
  const [low, high] = logarithmic
    ? [Math.floor(scale(Math.min(...values))), Math.ceil(scale(Math.max(...values)))]
    : [0, Math.max(...values, 1e-9)];
  const x = (i: number): number => place(i, 0, Math.max(1, count - 1), MARGIN.left, WIDTH - MARGIN.right);
  const y = (value: number): number => place(scale(value), low, high, BASE, MARGIN.top);
  const ticks = logarithmic
    ? Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i))
    : [0, 0.25, 0.5, 0.75, 1].map((share) => share * high);
  const paths = lines.map(({ values: points }, series) => {
    const d = points.map((value, i) => `${i === 0 ? 'M' : 'L'}${x(i).toFixed(1)},${y(value).toFixed(1)}`).join('');
    return `<path class="line series-${series}" d="${d}"/>`;
  });
  const marks = Array.from({ length: count }, (_, i) => label(x(i), BASE + 16, String(i + 1), 'middle'));
  return framed([...ticks.map((tick) => gridLine(y(tick), shortNumber(tick))), ...marks, ...paths], axes, lines);
}

export interface BarGroup {
  readonly name: string;
  /** One bar a series, each a share from 0 to 1, with its interval where there is one. */
  readonly bars: readonly { readonly value: number; readonly interval?: readonly [number, number] }[];
}

/** Bars of shares from 0 to 1. */
export function barChart(groups: readonly BarGroup[], series: readonly string[], axes: Axes): string {
  const y = (value: number): number => place(value, 0, 1, BASE, MARGIN.top);
  const room = (WIDTH - MARGIN.left - MARGIN.right) / Math.max(1, groups.length);
  const width = Math.min(40, (0.8 * room) / Math.max(1, series.length));
  const drawn = groups.flatMap(({ name, bars }, group) => {
    const centre = MARGIN.left + (group + 0.5) * room;
    const parts = bars.map(({ value, interval }, i) => {
      const left = centre + (i - bars.length / 2) * width;
      const height = y(0) - y(Math.max(0, value));
      const bar = `<rect class="bar series-${i}" x="${left.toFixed(1)}" y="${y(Math.max(0, value)).toFixed(1)}" width="${(width - 2).toFixed(1)}" height="${height.toFixed(1)}"/>`;
      const middle = (left + width / 2 - 1).toFixed(1);
      const whisker = interval
        ? `<path class="whisker" d="M${middle},${y(interval[0]).toFixed(1)}V${y(interval[1]).toFixed(1)}"/>`
        : '';
      return bar + whisker;
    });
    return [...parts, groups.length > SLANTED_FROM ? slanted(centre, name) : label(centre, BASE + 16, name, 'middle')];
  });
  const grid = [0, 0.25, 0.5, 0.75, 1].map((tick) => gridLine(y(tick), shortNumber(tick)));
  return framed(
    [...grid, ...drawn],
    axes,
    series.map((name) => ({ name })),
  );
}

export interface Frontier {
  readonly name: string;
  /** In the order in which they are joined, all numbers above 0. */
  readonly points: readonly { readonly x: number; readonly y: number; readonly mark: string }[];
}

/** Points joined to one line a series, each with a mark, on logarithmic axes; `limits` are vertical lines. */
export function frontierChart(
  frontiers: readonly Frontier[],
  axes: Axes,
  limits: readonly { readonly x: number; readonly name: string }[] = [],
): string {
  const all = frontiers.flatMap(({ points }) => points);
  const xs = decades([...all.map(({ x }) => x), ...limits.map((limit) => limit.x)]);
  const ys = decades(all.map(({ y }) => y));
  const x = (value: number) => place(Math.log10(value), xs.low, xs.high, MARGIN.left, WIDTH - MARGIN.right);
  const y = (value: number) => place(Math.log10(value), ys.low, ys.high, BASE, MARGIN.top);
  const grid = ys.ticks.map((tick) => gridLine(y(tick), shortNumber(tick)));
  const marks = xs.ticks.map((tick) => label(x(tick), BASE + 16, shortNumber(tick), 'middle'));
  const bounds = limits.map(
    ({ x: limit, name }) =>
      `<path class="whisker" d="M${x(limit).toFixed(1)},${MARGIN.top}V${BASE}"/>` +
      label(x(limit) - 4, MARGIN.top + 10, name, 'end'),
  );
  const drawn = frontiers.flatMap(({ points }, series) => {
    const d = points.map((p, i) => `${i === 0 ? 'M' : 'L'}${x(p.x).toFixed(1)},${y(p.y).toFixed(1)}`).join('');
    const dots = points.map(
      (p) =>
        `<circle class="dot series-${series}" cx="${x(p.x).toFixed(1)}" cy="${y(p.y).toFixed(1)}" r="3"><title>${escaped(p.mark)}</title></circle>`,
    );
    return [`<path class="line series-${series}" d="${d}"/>`, ...dots];
  });
  return framed([...grid, ...marks, ...bounds, ...drawn], axes, frontiers);
}

/** Bounds in powers of ten, with ticks at 1, 2 and 5 of each. */
function decades(values: readonly number[]): { low: number; high: number; ticks: number[] } {
  const [least, most] = [Math.min(...values) / 1.1, Math.max(...values) * 1.1];
  const first = Math.floor(Math.log10(least));
  const powers = Array.from({ length: Math.ceil(Math.log10(most)) - first + 1 }, (_, i) => 10 ** (first + i));
  const ticks = powers.flatMap((power) => [power, 2 * power, 5 * power]).filter((t) => t >= least && t <= most);
  return { low: Math.log10(least), high: Math.log10(most), ticks };
}

/** Points in the plane. */
export function scatterChart(points: readonly (readonly [number, number])[], axes: Axes): string {
  const bounds = (column: 0 | 1): [number, number] => {
    const values = points.map((point) => point[column]);
    return [Math.min(...values), Math.max(...values)];
  };
  const [[left, right], [low, high]] = [bounds(0), bounds(1)];
  const dots = points.map(([x, y]) => {
    const cx = place(x, left, right, MARGIN.left, WIDTH - MARGIN.right);
    const cy = place(y, low, high, BASE, MARGIN.top);
    return `<circle class="dot series-0" cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="2.5"/>`;
  });
  return framed(dots, axes, []);
}

/** Text that is safe inside HTML. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function framed(parts: readonly string[], axes: Axes, series: readonly { readonly name: string }[]): string {
  const lines = Math.max(1, Math.ceil(series.length / LEGEND_COLUMNS));
  const legend = series.map(({ name }, i) => {
    const starts = i % LEGEND_COLUMNS === 0;
    const at = starts ? `x="${MARGIN.left}" dy="${i === 0 ? 0 : LEGEND_LINE}"` : 'dx="14"';
    return `<tspan class="key series-${i}" ${at}>■ </tspan><tspan>${escaped(name)}</tspan>`;
  });
  const title = escaped(`${axes.y} against ${axes.x}`);
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT + 5 + LEGEND_LINE * lines}" role="img" aria-label="${title}"><title>${title}</title>`,
    ...parts,
    label((MARGIN.left + WIDTH - MARGIN.right) / 2, HEIGHT - 8, axes.x, 'middle'),
    `<text transform="translate(12,${BASE / 2}) rotate(-90)" text-anchor="middle">${escaped(axes.y)}</text>`,
    `<text x="${MARGIN.left}" y="${HEIGHT + 12}">${legend.join('')}</text></svg>`,
  ].join('\n');
}

function gridLine(y: number, text: string): string {
  const line = `<path class="grid" d="M${MARGIN.left},${y.toFixed(1)}H${WIDTH - MARGIN.right}"/>`;
  return line + label(MARGIN.left - 6, y + 4, text, 'end');
}

function label(x: number, y: number, text: string, anchor: 'middle' | 'end'): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escaped(text)}</text>`;
}

function slanted(x: number, text: string): string {
  const at = `translate(${x.toFixed(1)},${BASE + 14}) rotate(-20)`;
  return `<text transform="${at}" text-anchor="end">${escaped(text)}</text>`;
}

function place(value: number, low: number, high: number, from: number, to: number): number {
  return from + ((value - low) / (high - low || 1)) * (to - from);
}

function shortNumber(value: number): string {
  return value === 0 ? '0' : String(Number(value.toPrecision(2)));
}
