/**
 * Euler's step back in time, for the probability flow and for the reverse SDE alike (Song et al. 2021, arXiv
 * 2011.13456, eq. 13 and 6): both drift by `f x − λ g² ∇log p`, the flow with λ = ½ and the SDE, which also adds noise,
 * with λ = 1. With the score (α x̂ − z) / σ² the step is a weighted sum of x̂ and z.
 */
import type { Process } from '../processes/process.ts';

export interface EulerStep {
  /** Weight of x̂. */
  readonly clean: number;
  /** Weight of z. */
  readonly kept: number;
  /** What the score was multiplied by, λ g² times the length of the step: for λ = 1 the variance of the SDE's noise. */
  readonly power: number;
}

/** The step from one time down to another. @param share λ, ½ for the flow and 1 for the SDE */
export function eulerStep(process: Process, from: number, to: number, share: 0.5 | 1): EulerStep {
  const step = from - to;
  const [clean, kept] = scoreWeights(process, from);
  const power = share * step * process.diffusion(from) ** 2;
  return { clean: power * clean, kept: 1 - step * process.drift(from) + power * kept, power };
}

/** Weights of x̂ and z in the score (α x̂ − z) / σ². */
export function scoreWeights(process: Process, time: number): [number, number] {
  const variance = process.sigma(time) ** 2;
  return [process.alpha(time) / variance, -1 / variance];
}
