/**
 * The times that a sampler visits. Even ones suit DDIM, whose angle form is exact at both ends. What steps through time
 * by drift and diffusion needs small steps where these are steep: Karras's grid (2022, arXiv 2206.00364, eq. 5) is even
 * in a root of VE's noise σ / α, and is carried to any process by the time at which it has that noise.
 */
import { EDM_RANGE, karrasGrid } from '../processes/edmPreconditioning.ts';
import { explodingSigma } from '../processes/parametrisation.ts';
import type { Process } from '../processes/process.ts';

/** From 1 to 0. */
export function evenTimes(_process: Process, steps: number): number[] {
  return Array.from({ length: steps + 1 }, (_, i) => (steps - i) / steps);
}

/** From much noise to little, then 0. */
export function karrasTimes(process: Process, steps: number): number[] {
  const levels = steps === 1 ? [EDM_RANGE.most] : karrasGrid(steps);
  return [...levels.map((level) => timeOfNoise(process, level)), 0];
}

/** The time at which the process has the noise `level` on VE's scale; 0 or 1 where it never has. */
export function timeOfNoise(process: Process, level: number): number {
  let [low, high] = [0, 1];
  // Noise grows with time, so that halving finds it, to the last bit of a time in 60 rounds.
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    const noise = explodingSigma({ alpha: process.alpha(middle), sigma: process.sigma(middle) });
    if (noise < level) low = middle;
    else high = middle;
  }
  return high;
}
