/**
 * The units of a search in a box: every dimension runs over [−1, 1], so that one deviation and one step size serve all
 * worlds. Sequences are `[horizon, action]`, or many of them one after another.
 */
import type { Box } from '../../shared/space.ts';

/** From search units to the space's own, elementwise over any number of sequences. */
export function toActions(samples: Float32Array, space: Box): Float32Array {
  const width = space.low.length;
  return samples.map((value, i) => {
    const low = space.low[i % width] as number;
    const high = space.high[i % width] as number;
    return low + ((value + 1) / 2) * (high - low);
  });
}

/** The warm start in search units, `[size]`, continued by its own last action where it is short; 0 without one. */
export function firstMean(warmStart: Float32Array | undefined, space: Box, size: number): Float32Array {
  const mean = new Float32Array(size);
  if (!warmStart || warmStart.length === 0) return mean;
  const width = space.low.length;
  for (let i = 0; i < size; i++) {
    const source = i < warmStart.length ? i : warmStart.length - width + (i % width);
    const low = space.low[i % width] as number;
    const high = space.high[i % width] as number;
    mean[i] = (2 * ((warmStart[source] as number) - low)) / (high - low) - 1;
  }
  return mean;
}

/** Into the box. */
export function clipped(value: number): number {
  return Math.max(-1, Math.min(1, value));
}
