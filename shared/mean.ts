/** The mean of numbers, as figures are averaged everywhere; 0 of none, so that a table without cases stays printable. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
