/**
 * How well the model predicts, on episodes that it never saw: squared latent error against horizon, divided by the
 * variance of the latents. Three lines that belong together (after lightly's LeWorldModel tutorial): the true actions,
 * the actions of another episode, and the first latent repeated. A model whose first line does not lie far below the
 * other two has learned nothing of use, however low it is.
 */
import type { Dynamics, Matrix } from '../../models/planning/contracts.ts';
import { Random } from '../../shared/random.ts';
import { type Episode, framesOf } from '../data/episodes.ts';
import { latentVariance } from './latentVariance.ts';

export interface PredictionError {
  /** One entry a step: `trueActions[0]` is one step ahead. */
  readonly trueActions: readonly number[];
  readonly shuffledActions: readonly number[];
  readonly copyFirst: readonly number[];
}

/** Starts in each episode from which predictions are rolled out. */
const STARTS = 4;

export async function predictionError(
  dynamics: Dynamics,
  episodes: readonly Episode[],
  horizon: number,
  seed: number,
): Promise<PredictionError> {
  const random = new Random(seed);
  const encoded: Matrix[] = [];
  for (const episode of episodes) encoded.push(await dynamics.encode(framesOf(episode)));
  const variance = latentVariance(encoded.flatMap(rowsOf));
  const sums = { trueActions: zeros(horizon), shuffledActions: zeros(horizon), copyFirst: zeros(horizon) };
  for (const [i, episode] of episodes.entries()) {
    const { data, columns } = encoded[i] as Matrix;
    const width = episode.actions.length / episode.steps;
    const other = episodes[(i + 1) % episodes.length] as Episode;
    for (let repeat = 0; repeat < STARTS; repeat++) {
      const start = random.integer(episode.steps - horizon + 1);
      const from = data.slice(start * columns, (start + 1) * columns);
      const slice = (source: Episode): Float32Array => source.actions.slice(start * width, (start + horizon) * width);
      const predicted = await dynamics.rollout(from, slice(episode), 1, horizon);
      const shuffled = await dynamics.rollout(from, slice(other), 1, horizon);
      for (let t = 0; t < horizon; t++) {
        const truth = data.subarray((start + t + 1) * columns, (start + t + 2) * columns);
        const at = (latents: Float32Array): Float32Array => latents.subarray(t * columns, (t + 1) * columns);
        sums.trueActions[t] = (sums.trueActions[t] as number) + meanSquare(at(predicted.latents), truth);
        sums.shuffledActions[t] = (sums.shuffledActions[t] as number) + meanSquare(at(shuffled.latents), truth);
        sums.copyFirst[t] = (sums.copyFirst[t] as number) + meanSquare(from, truth);
      }
    }
  }
  const scale = 1 / (episodes.length * STARTS * variance);
  const normalised = (values: readonly number[]): number[] => values.map((value) => value * scale);
  return {
    trueActions: normalised(sums.trueActions),
    shuffledActions: normalised(sums.shuffledActions),
    copyFirst: normalised(sums.copyFirst),
  };
}

const zeros = (count: number): number[] => new Array<number>(count).fill(0);

function meanSquare(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return sum / a.length;
}

/** The rows of a matrix, as views. */
function rowsOf({ data, rows, columns }: Matrix): Float32Array[] {
  return Array.from({ length: rows }, (_, row) => data.subarray(row * columns, (row + 1) * columns));
}
