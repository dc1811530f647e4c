/** The share of the truth's variance that guesses explain: 1 for all of it, 0 for no better than the mean. */
export function rSquared(guesses: readonly number[], truth: readonly number[]): number {
  const mean = truth.reduce((sum, value) => sum + value, 0) / truth.length;
  let residual = 0;
  let total = 0;
  truth.forEach((value, i) => {
    residual += (value - (guesses[i] as number)) ** 2;
    total += (value - mean) ** 2;
  });
  return 1 - residual / total;
}
