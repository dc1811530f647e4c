/**
 * A line of many points with no more of them than can be seen. It is cut into parts of equal length, and of each the
 * lowest and the highest value stay, so that no spike gets lost, and a gap, if it has one. First and last point always
 * stay. A part never changes while the line grows, until all parts are made longer.
 */

/** A point; `null` is a gap. */
export type Point = readonly [x: number, y: number | null];

/** The points, or at most `most` of them, in order. */
export function thinned(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const each = points.some(([, y]) => y === null) ? 3 : 2;
  const parts = Math.max(1, Math.floor((most - 2) / each));
  const length = Math.ceil((points.length - 2) / parts);
  const kept: Point[] = points.slice(0, 1);
  for (let from = 1; from < points.length - 1; from += length)
    kept.push(...extremes(points.slice(from, Math.min(from + length, points.length - 1))));
  kept.push(...points.slice(-1));
  return kept;
}

/** The lowest, the highest and the first gap of a part, in its order. */
function extremes(part: readonly Point[]): Point[] {
  let [low, high, gap]: (Point | undefined)[] = [];
  for (const point of part) {
    const [, y] = point;
    if (y === null) gap ??= point;
    else {
      if (low === undefined || y < (low[1] ?? y)) low = point;
      if (high === undefined || y > (high[1] ?? y)) high = point;
    }
  }
  return part.filter((point) => point === low || point === high || point === gap);
}
