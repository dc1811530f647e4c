/**
 * Ridge regression by the normal equations: exact, and fast for the few columns that a latent has.
 */

/** Factors the normal equations once; returns a solver for any target. */
export function ridgeSolver(
  features: readonly (readonly number[])[],
  penalty: number,
): (targets: readonly number[]) => number[] {
  const size = features[0]?.length ?? 0;
  const gram = Array.from({ length: size }, () => new Float64Array(size));
  for (const row of features)
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++)
        (gram[i] as Float64Array)[j] =
          ((gram[i] as Float64Array)[j] as number) + (row[i] as number) * (row[j] as number);
  for (let i = 0; i < size; i++)
    (gram[i] as Float64Array)[i] = ((gram[i] as Float64Array)[i] as number) + penalty * features.length;
  const factor = cholesky(gram);
  return (targets) => {
    const moments = new Float64Array(size);
    features.forEach((row, n) => {
      for (let i = 0; i < size; i++) moments[i] = (moments[i] as number) + (row[i] as number) * (targets[n] as number);
    });
    return backSubstitute(factor, moments);
  };
}

/** Lower factor L of a positive definite matrix of which the lower half is given: L·Lᵀ. */
function cholesky(matrix: readonly Float64Array[]): Float64Array[] {
  const size = matrix.length;
  const factor = matrix.map(() => new Float64Array(size));
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = (matrix[i] as Float64Array)[j] as number;
      for (let k = 0; k < j; k++)
        sum -= ((factor[i] as Float64Array)[k] as number) * ((factor[j] as Float64Array)[k] as number);
      (factor[i] as Float64Array)[j] = i === j ? Math.sqrt(sum) : sum / ((factor[j] as Float64Array)[j] as number);
    }
  return factor;
}

/** Solves L·Lᵀ·x = b. */
function backSubstitute(factor: readonly Float64Array[], moments: Float64Array): number[] {
  const size = factor.length;
  const y = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = moments[i] as number;
    for (let k = 0; k < i; k++) sum -= ((factor[i] as Float64Array)[k] as number) * (y[k] as number);
    y[i] = sum / ((factor[i] as Float64Array)[i] as number);
  }
  const x = new Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i--) {
    let sum = y[i] as number;
    for (let k = i + 1; k < size; k++) sum -= ((factor[k] as Float64Array)[i] as number) * (x[k] as number);
    x[i] = sum / ((factor[i] as Float64Array)[i] as number);
  }
  return x;
}
