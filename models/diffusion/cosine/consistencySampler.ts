/**
 * The sampler of consistency models (Song et al. 2023, arXiv 2303.01469, Algorithm 1): jump from noise to a picture,
 * put new noise on it, less each time, and jump again. Times are even in the angle of the cosine schedule; with 2 steps
 * the middle one is noise level 1, where the papers tune it to 0.82. All the noise comes from the seed.
 */
import { type Combine, noising } from './ddim.ts';
import type { Denoise } from './ddimSampler.ts';

/** The picture after as many jumps as there are noises, at least one. */
export function consistencySampler<T>(denoise: Denoise<T>, noises: readonly [T, ...T[]], combine: Combine<T>): T {
  const [first, ...rest] = noises;
  let clean = denoise(first, 1);
  rest.forEach((noise, done) => {
    const time = (rest.length - done) / noises.length;
    clean = denoise(combine(noising(time), clean, noise), time);
  });
  return clean;
}
