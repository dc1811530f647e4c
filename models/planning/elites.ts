/**
 * The elites of an iteration of the cross-entropy method: the candidates of lowest cost, to which the search is
 * refitted.
 */

/** Indices of the `count` lowest costs, lowest first; a cost that is not a number counts as infinite. */
export function elitesOf(costs: Float32Array, count: number): number[] {
  const rank = (i: number): number => (Number.isNaN(costs[i]) ? Number.POSITIVE_INFINITY : (costs[i] as number));
  return Array.from(costs.keys())
    .sort((a, b) => (rank(a) === rank(b) ? a - b : rank(a) - rank(b)))
    .slice(0, count);
}

/** The mean cost of the elites. */
export function meanCost(costs: Float32Array, elites: readonly number[]): number {
  return elites.reduce((sum, i) => sum + (costs[i] as number), 0) / elites.length;
}
