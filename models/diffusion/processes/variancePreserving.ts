/**
 * Variance-preserving processes, `α² + σ² = 1`: the linear one is the continuous limit of DDPM (Ho et al. 2020, arXiv
 * 2006.11239; Song et al. 2021, arXiv 2011.13456, eq. 11), the cosine one is Nichol and Dhariwal's (2021, arXiv
 * 2102.09672) in the angle form of `cosineSchedule.ts`. The cosine's coefficients diverge at t = 1, where the picture is
 * gone: an SDE or ODE in t must start a little below, while DDIM's angle form needs no such care.
 */
import { alpha, angleOf, sigma } from '../cosine/cosineSchedule.ts';
import type { Process } from './process.ts';

/** The rates of noising at both ends of time. */
export interface NoiseRates {
  readonly first: number;
  readonly last: number;
}

/** Song's rates, which DDPM's thousand steps add up to. */
export const DEFAULT_RATES: NoiseRates = { first: 0.1, last: 20 };

/** β at a time. */
export function rateAt({ first, last }: NoiseRates, time: number): number {
  return first + time * (last - first);
}

/** ∫β from 0 to a time. */
export function accumulatedRate({ first, last }: NoiseRates, time: number): number {
  return first * time + 0.5 * time ** 2 * (last - first);
}

/** `dx = −½ β x dt + √β dw` with β linear in time. */
export function linearVariancePreserving(rates: NoiseRates = DEFAULT_RATES): Process {
  return {
    name: 'vp-linear',
    alpha: (time) => Math.exp(-0.5 * accumulatedRate(rates, time)),
    // expm1 keeps the digits that 1 − e^(−B) loses near the picture.
    sigma: (time) => Math.sqrt(-Math.expm1(-accumulatedRate(rates, time))),
    drift: (time) => -0.5 * rateAt(rates, time),
    diffusion: (time) => Math.sqrt(rateAt(rates, time)),
    priorDeviation: 1,
  };
}

/** `α = cos φ`, `σ = sin φ` with φ = πt/2, so that `f = −(π/2) tan φ` and `g² = π tan φ`. */
export const cosineVariancePreserving: Process = {
  name: 'vp-cosine',
  alpha,
  sigma,
  drift: (time) => -(Math.PI / 2) * Math.tan(angleOf(time)),
  diffusion: (time) => Math.sqrt(Math.PI * Math.tan(angleOf(time))),
  priorDeviation: 1,
};
