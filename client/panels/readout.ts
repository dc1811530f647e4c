/**
 * The cursor of a chart, by pointer or by arrow keys, and the values that it reads off: of each line the one nearest to
 * where the cursor stands. A line has none in a gap, before its first value and after its last, so that what has ended is
 * not read on.
 */
import type uPlot from 'uplot';

/** The values under the cursor, one a line; `null` where a line has none. */
export interface Readout {
  readonly x: number;
  readonly values: readonly (number | null)[];
}

/** Told what stands under the cursor; nothing while it is elsewhere. */
export type OnRead = (readout: Readout | undefined) => void;

type Values = ArrayLike<number | null | undefined>;

/** Place of the value that is read off a line at `x`, which is nearest to place `i` of the chart's values. */
export function placeRead(xs: ArrayLike<number>, ys: Values, i: number, x: number): number | null {
  if (ys[i] === null) return null;
  if (ys[i] !== undefined) return i;
  let [left, right] = [i, i];
  while (left >= 0 && ys[left] === undefined) left--;
  while (right < ys.length && ys[right] === undefined) right++;
  if (typeof ys[left] !== 'number' || typeof ys[right] !== 'number') return null;
  return x - (xs[left] as number) <= (xs[right] as number) - x ? left : right;
}

/** What a chart needs to have one. */
export function readingOptions(onRead: OnRead): Pick<uPlot.Options, 'cursor' | 'hooks'> {
  return {
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { size: 8 },
      dataIdx: ({ data }, line, i, x) => (line === 0 ? i : placeRead(data[0], data[line] ?? [], i, x)),
    },
    hooks: { setCursor: [(plot) => onRead(readOff(plot))] },
  };
}

function readOff({ cursor, data }: uPlot): Readout | undefined {
  const { idx, idxs = [], left = -1 } = cursor;
  const x = idx === null || idx === undefined || left < 0 ? undefined : data[0][idx];
  if (x === undefined) return undefined;
  const values = data.slice(1).map((line, i) => {
    const place = idxs[i + 1];
    return place === null || place === undefined ? null : (line[place] ?? null);
  });
  return { x, values };
}

/** Lets the keys move the cursor of the present plot while its host, an application of these keys, has the focus. */
export function readByKeys(host: HTMLElement, plotOf: () => uPlot | undefined): void {
  host.setAttribute('role', 'application');
  host.setAttribute('aria-roledescription', 'chart');
  host.tabIndex = 0;
  host.addEventListener('keydown', (event) => {
    const plot = plotOf();
    if (plot === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = placeReached(event.key, plot.cursor.idx ?? undefined, plot.data[0].length);
    if (to === undefined) return;
    event.preventDefault();
    plot.setCursor({ left: plot.valToPos(plot.data[0][to] as number, 'x'), top: 0 });
  });
  host.addEventListener('blur', () => plotOf()?.setCursor({ left: -10, top: -10 }));
}

/** The place that a key leads to from another, or from nowhere; none for other keys, and where there are no values. */
export function placeReached(key: string, from: number | undefined, count: number): number | undefined {
  if (count === 0) return undefined;
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, (from ?? count) - 1);
    case 'ArrowRight':
      return Math.min(count - 1, (from ?? -1) + 1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
