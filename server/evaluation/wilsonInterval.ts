/**
 * The 95% interval of a success rate (Wilson 1927): honest at rates near 0 and 1 and at small counts, where the plain
 * normal interval is not.
 */

const Z = 1.959964;

/** Lower and upper bound of the true rate, after `successes` of `trials`. */
export function wilsonInterval(successes: number, trials: number): [number, number] {
  if (trials === 0) return [0, 1];
  const rate = successes / trials;
  const spread = Z * Math.sqrt((rate * (1 - rate)) / trials + (Z * Z) / (4 * trials * trials));
  const scale = 1 + (Z * Z) / trials;
  const centre = rate + (Z * Z) / (2 * trials);
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)];
}
