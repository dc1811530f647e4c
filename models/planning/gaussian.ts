/**
 * What a sampling solver knows while it searches a box: a mean and a deviation for every number of the sequence. It is
 * refitted to weighted candidates; a share of the old values is kept, and a floor under the deviation keeps the search
 * alive.
 */
import type { Random } from '../../shared/random.ts';
import type { Box } from '../../shared/space.ts';
import type { ColouredNoise } from './colouredNoise.ts';
import { clipped, firstMean } from './searchUnits.ts';

/** Both `[horizon · action]`, in search units; changed in place. */
export interface Gaussian {
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
}

/** Where a search of `horizon` steps begins: about the warm start, equally wide in every number. */
export function firstGaussian(
  warmStart: Float32Array | undefined,
  space: Box,
  { horizon, initialDeviation }: { readonly horizon: number; readonly initialDeviation: number },
): Gaussian {
  const size = horizon * space.low.length;
  return { mean: firstMean(warmStart, space, size), deviation: new Float32Array(size).fill(initialDeviation) };
}

export interface RefitConfig {
  readonly deviationFloor: number;
  /** Share of the previous mean and deviation kept at each refit. */
  readonly momentum: number;
}

/**
 * Refits to the candidates `chosen` of `samples` `[candidates, horizon · action]`, each with its weight (1 unless
 * told).
 */
export function refit(
  { mean, deviation }: Gaussian,
  samples: Float32Array,
  chosen: readonly number[],
  { momentum, deviationFloor }: RefitConfig,
  weights: readonly number[] = chosen.map(() => 1),
): void {
  const size = mean.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    let squares = 0;
    chosen.forEach((candidate, rank) => {
      const value = samples[candidate * size + i] as number;
      const weight = weights[rank] as number;
      sum += weight * value;
      squares += weight * value * value;
    });
    const average = sum / total;
    const spread = Math.sqrt(Math.max(0, squares / total - average * average));
    mean[i] = momentum * (mean[i] as number) + (1 - momentum) * average;
    deviation[i] = Math.max(deviationFloor, momentum * (deviation[i] as number) + (1 - momentum) * spread);
  }
}

/**
 * Fills `samples` `[candidates, horizon · action]`: the mean itself, then draws of coloured noise about it, in the box.
 */
export function drawCandidates(
  samples: Float32Array,
  { mean, deviation }: Gaussian,
  candidates: number,
  noise: ColouredNoise,
  random: Random,
): void {
  const size = mean.length;
  samples.set(mean);
  for (let candidate = 1; candidate < candidates; candidate++) {
    noise.draw(samples, candidate * size, size / noise.horizon, random);
    for (let i = 0; i < size; i++) {
      const at = candidate * size + i;
      samples[at] = clipped((mean[i] as number) + (deviation[i] as number) * (samples[at] as number));
    }
  }
}
