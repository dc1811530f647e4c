/**
 * Ridge regression, to ask what can be read linearly from many features with few examples. It is solved in its dual
 * form, where the matrix is as large as the number of examples and not of features. The
 * features' scales are the caller's: what is large is trusted more.
 */

/** Weight of the penalty, for standardised features. */
const penalty = 1e-5;

/**
 * How well `targets` can be read from `features` on rows that were not fitted: R² for each target, 1 at best, 0 for
 * whoever always says the mean.
 * @param features one row an example, all equally long
 * @param targets one array a target, as long as there are rows
 * @param fitted whether the row is fitted; the others judge
 */
export function heldOutFit(
  features: readonly Float64Array[],
  targets: readonly (readonly number[])[],
  fitted: (row: number) => boolean,
): number[] {
  const rows = features.map((_, row) => row);
  const [seen, unseen] = [rows.filter(fitted), rows.filter((row) => !fitted(row))];
  const centredRows = centred(features, seen);
  const kernel = seen.map((a) =>
    Float64Array.from(seen, (b) => dot(centredRows[a] as Float64Array, centredRows[b] as Float64Array)),
  );
  const width = centredRows[0]?.length ?? 1;
  kernel.forEach((row, i) => {
    row[i] = (row[i] as number) + penalty * seen.length;
  });
  cholesky(kernel);
  return targets.map((values) => {
    const mean = seen.reduce((sum, row) => sum + (values[row] as number), 0) / seen.length;
    const dual = solve(
      kernel,
      Float64Array.from(seen, (row) => (values[row] as number) - mean),
    );
    const weights = new Float64Array(width);
    seen.forEach((row, i) => {
      for (let j = 0; j < width; j++)
        weights[j] = (weights[j] as number) + (dual[i] as number) * ((centredRows[row] as Float64Array)[j] as number);
    });
    return rSquared(
      unseen.map((row) => values[row] as number),
      unseen.map((row) => mean + dot(centredRows[row] as Float64Array, weights)),
    );
  });
}

/** Share of the variance that the guesses explain. */
function rSquared(truth: readonly number[], guesses: readonly number[]): number {
  const mean = truth.reduce((sum, value) => sum + value, 0) / truth.length;
  let [residual, total] = [0, 0];
  truth.forEach((value, i) => {
    residual += (value - (guesses[i] as number)) ** 2;
    total += (value - mean) ** 2;
  });
  return total === 0 ? Number.NaN : 1 - residual / total;
}

/** The rows less their mean over the `seen` rows. */
function centred(features: readonly Float64Array[], seen: readonly number[]): Float64Array[] {
  const mean = new Float64Array(features[0]?.length ?? 0);
  for (const row of seen)
    features[row]?.forEach((value, i) => {
      mean[i] = (mean[i] as number) + value / seen.length;
    });
  return features.map((row) => row.map((value, i) => value - (mean[i] as number)));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Replaces a positive definite matrix by its lower factor L, with L·Lᵀ the matrix. */
function cholesky(matrix: readonly Float64Array[]): void {
  for (let i = 0; i < matrix.length; i++) {
    const row = matrix[i] as Float64Array;
    for (let j = 0; j <= i; j++) {
      const other = matrix[j] as Float64Array;
      let sum = row[j] as number;
      for (let k = 0; k < j; k++) sum -= (row[k] as number) * (other[k] as number);
      row[j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (other[j] as number);
    }
  }
}

/** Solves L·Lᵀ·x = b. */
function solve(lower: readonly Float64Array[], b: Float64Array): Float64Array {
  const x = b.slice();
  for (let i = 0; i < x.length; i++) {
    const row = lower[i] as Float64Array;
    for (let k = 0; k < i; k++) x[i] = (x[i] as number) - (row[k] as number) * (x[k] as number);
    x[i] = (x[i] as number) / (row[i] as number);
  }
  for (let i = x.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.length; k++)
      x[i] = (x[i] as number) - ((lower[k] as Float64Array)[i] as number) * (x[k] as number);
    x[i] = (x[i] as number) / ((lower[i] as Float64Array)[i] as number);
  }
  return x;
}
