/**
 * EDM's preconditioning and time grid (Karras et al. 2022, arXiv 2206.00364, table 1 and eq. 5): the denoiser is
 * `D = c_skip z + c_out F(c_in z, c_noise)` on VE's scale, so that the network F sees and answers numbers of variance 1
 * at every noise, and its error enters the loss with the same weight everywhere.
 */
import { UsageError } from '../../../shared/errors.ts';

/** Least and most noise, as deviations on VE's scale, for pictures in [−1, 1]. */
export const EDM_RANGE = { least: 0.002, most: 80 };

export interface Preconditioning {
  readonly skip: number;
  readonly out: number;
  readonly in: number;
  readonly noise: number;
  /** The loss's weight λ, for which λ · out² = 1. */
  readonly weight: number;
}

/** Scales at a noise σ > 0 for data of this standard deviation. */
export function preconditioning(sigma: number, dataDeviation = 0.5): Preconditioning {
  const total = sigma ** 2 + dataDeviation ** 2;
  return {
    skip: dataDeviation ** 2 / total,
    out: (sigma * dataDeviation) / Math.sqrt(total),
    in: 1 / Math.sqrt(total),
    noise: Math.log(sigma) / 4,
    weight: total / (sigma * dataDeviation) ** 2,
  };
}

/** Curvature of the grid: the larger, the more of its noises are small. */
const RHO = 7;

/**
 * The noises that a sampler of `steps` steps visits, falling from the most to the least, even in σ^(1/ρ).
 * @throws UsageError unless `steps` is a whole number of at least 2
 */
export function karrasGrid(steps: number): number[] {
  if (!(Number.isInteger(steps) && steps >= 2))
    throw new UsageError(`a grid of noises cannot have ${steps} points; choose a whole number of at least 2`);
  const [from, to] = [EDM_RANGE.most ** (1 / RHO), EDM_RANGE.least ** (1 / RHO)];
  return Array.from({ length: steps }, (_, i) => (from + (i / (steps - 1)) * (to - from)) ** RHO);
}
