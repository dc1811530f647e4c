/**
 * Frames between two latents. Latents are standardised places of points, so the way between two is straight; all frames
 * start from one noise, so that nothing moves but what the latents say (on interpolation in noise instead, where there
 * is no latent, see consistency models, arXiv 2303.01469, appendix D).
 */
import type { Matrix } from '../../planning/contracts.ts';

/** `count` latents, at least two, evenly from the first to the second, both included: [count, latent]. */
export function latentsBetween(first: Float32Array, second: Float32Array, count: number): Matrix {
  if (first.length !== second.length)
    throw new RangeError(`latents of ${first.length} and ${second.length} numbers have nothing between them`);
  if (!(Number.isInteger(count) && count >= 2)) throw new RangeError(`${count} frames do not have two ends`);
  const data = new Float32Array(count * first.length);
  for (let row = 0; row < count; row++) {
    const share = row / (count - 1);
    for (let i = 0; i < first.length; i++)
      data[row * first.length + i] = (1 - share) * (first[i] as number) + share * (second[i] as number);
  }
  return { rows: count, columns: first.length, data };
}
