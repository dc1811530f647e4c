/**
 * What a latent says about the state: a ridge regression from latents to each named quantity, fitted on half of the
 * episodes and judged on the other by R². Angles are probed by sine and cosine. The probe is a measurement; nothing is
 * trained from it.
 */
import type { Dynamics } from '../../models/planning/contracts.ts';
import type { WorldSpec } from '../../shared/world.ts';
import { type Episode, framesOf } from '../data/episodes.ts';

const RIDGE = 1e-4;

/** R² of each quantity on held-out frames; `name.sin` and `name.cos` for angles. */
export async function linearProbe(
  dynamics: Pick<Dynamics, 'encode'>,
  spec: WorldSpec,
  episodes: readonly Episode[],
): Promise<Record<string, number>> {
  const half = Math.ceil(episodes.length / 2);
  const fitted = await table(dynamics, spec, episodes.slice(0, half));
  const judged = await table(dynamics, spec, episodes.slice(half));
  const solve = ridgeSolver(fitted.features);
  return Object.fromEntries(
    fitted.targets.map(({ name, values }, i) => {
      const weights = solve(values);
      const truth = judged.targets[i]?.values ?? [];
      const guesses = judged.features.map((row) =>
        row.reduce((sum, value, j) => sum + value * (weights[j] as number), 0),
      );
      return [name, rSquared(guesses, truth)];
    }),
  );
}

interface Table {
  /** One row a frame: the latent and a constant 1. */
  readonly features: number[][];
  readonly targets: { readonly name: string; readonly values: number[] }[];
}

async function table(
  dynamics: Pick<Dynamics, 'encode'>,
  spec: WorldSpec,
  episodes: readonly Episode[],
): Promise<Table> {
  const quantities = Object.entries(spec.quantities);
  const features: number[][] = [];
  const columns = quantities.map(() => [] as number[]);
  for (const episode of episodes) {
    const { data, columns: size, rows } = await dynamics.encode(framesOf(episode));
    for (let row = 0; row < rows; row++) {
      features.push([...data.subarray(row * size, (row + 1) * size), 1]);
      columns.forEach((values, i) => {
        values.push(episode.states[row * quantities.length + i] as number);
      });
    }
  }
  const targets = quantities.flatMap(([name, { kind }], i) => {
    const values = columns[i] as number[];
    if (kind !== 'angle') return [{ name, values }];
    return [
      { name: `${name}.sin`, values: values.map(Math.sin) },
      { name: `${name}.cos`, values: values.map(Math.cos) },
    ];
  });
  return { features, targets };
}

function rSquared(guesses: readonly number[], truth: readonly number[]): number {
  const mean = truth.reduce((sum, value) => sum + value, 0) / truth.length;
  let residual = 0;
  let total = 0;
  truth.forEach((value, i) => {
    residual += (value - (guesses[i] as number)) ** 2;
    total += (value - mean) ** 2;
  });
  return 1 - residual / total;
}

/** Factors the normal equations once; returns a solver for any target. */
function ridgeSolver(features: readonly number[][]): (targets: readonly number[]) => number[] {
  const size = features[0]?.length ?? 0;
  const gram = Array.from({ length: size }, () => new Float64Array(size));
  for (const row of features)
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++)
        (gram[i] as Float64Array)[j] =
          ((gram[i] as Float64Array)[j] as number) + (row[i] as number) * (row[j] as number);
  for (let i = 0; i < size; i++)
    (gram[i] as Float64Array)[i] = ((gram[i] as Float64Array)[i] as number) + RIDGE * features.length;
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
