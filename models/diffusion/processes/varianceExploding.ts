/**
 * The variance-exploding process of score matching with Langevin dynamics (Song et al. 2021, arXiv 2011.13456, eq. 9):
 * the picture keeps its size while noise grows geometrically, `σ = σ_min (σ_max / σ_min)^t`. At time 0 a residue of
 * σ_min is left, which samplers remove by denoising once more.
 */
import { UsageError } from '../../../shared/errors.ts';
import { EDM_RANGE } from './edmPreconditioning.ts';
import type { Process } from './process.ts';

/** Standard deviations of the noise at both ends of time, in units of the picture. */
export interface NoiseRange {
  readonly least: number;
  readonly most: number;
}

/** `dx = √(dσ²/dt) dw`, over EDM's range unless told. @throws UsageError unless 0 < least < most */
export function varianceExploding({ least, most }: NoiseRange = EDM_RANGE): Process {
  if (!(least > 0 && most > least))
    throw new UsageError(`noise cannot grow from ${least} to ${most}; give a positive least and a larger most`);
  const growth = Math.log(most / least);
  const sigma = (time: number) => least * Math.exp(growth * time);
  return {
    name: 've',
    alpha: () => 1,
    sigma,
    drift: () => 0,
    diffusion: (time) => sigma(time) * Math.sqrt(2 * growth),
    priorDeviation: most,
  };
}
