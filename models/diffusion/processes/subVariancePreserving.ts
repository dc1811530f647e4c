/**
 * The sub-VP process (Song et al. 2021, arXiv 2011.13456, eq. 12): VP's drift with less noise, so that its variance
 * stays below VP's at every time, which helps likelihoods. With B = ∫β the marginal has `α = e^(−B/2)` and
 * `σ = 1 − e^(−B)`: the square of VP's σ.
 */
import type { Process } from './process.ts';
import {
  accumulatedRate,
  DEFAULT_RATES,
  linearVariancePreserving,
  type NoiseRates,
  rateAt,
} from './variancePreserving.ts';

/** `dx = −½ β x dt + √(β (1 − e^(−2B))) dw` with β linear in time. */
export function subVariancePreserving(rates: NoiseRates = DEFAULT_RATES): Process {
  const { alpha, drift } = linearVariancePreserving(rates);
  return {
    name: 'sub-vp',
    alpha,
    drift,
    sigma: (time) => -Math.expm1(-accumulatedRate(rates, time)),
    diffusion: (time) => Math.sqrt(-rateAt(rates, time) * Math.expm1(-2 * accumulatedRate(rates, time))),
    priorDeviation: 1,
  };
}
