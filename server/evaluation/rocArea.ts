/**
 * Area under the ROC curve: the chance that a positive scores higher than a negative, ties counting half (Mann and
 * Whitney 1947). 0.5 is no better than a coin.
 */

/** Compares every positive with every negative, by ranks. */
export function rocArea(positives: readonly number[], negatives: readonly number[]): number {
  if (positives.length === 0 || negatives.length === 0) return Number.NaN;
  const all = [
    ...positives.map((value) => ({ value, positive: true })),
    ...negatives.map((value) => ({ value, positive: false })),
  ].sort((a, b) => a.value - b.value);
  let rankSum = 0;
  for (let start = 0; start < all.length; ) {
    let end = start;
    while (end < all.length && all[end]?.value === all[start]?.value) end++;
    const rank = (start + 1 + end) / 2; // the mean of ranks start + 1 … end
    for (let i = start; i < end; i++) if (all[i]?.positive) rankSum += rank;
    start = end;
  }
  const count = positives.length;
  return (rankSum - (count * (count + 1)) / 2) / (count * negatives.length);
}
