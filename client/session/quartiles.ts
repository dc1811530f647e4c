/**
 * The quartiles of a sample, with linear interpolation between neighbours in order, as NumPy's `percentile` and R's
 * type 7 have it.
 */
export interface Quartiles {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** The quartiles of some finite numbers in any order; none of no numbers. */
export function quartilesOf(values: readonly number[]): Quartiles | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  return { low: quantile(sorted, 0.25), median: quantile(sorted, 0.5), high: quantile(sorted, 0.75) };
}

/** Never outside the two neighbours, whatever the rounding. */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return Math.min(above, below + (above - below) * (place - Math.floor(place)));
}
