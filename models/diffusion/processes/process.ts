/**
 * A diffusion process with an affine drift, `dx = f(t) x dt + g(t) dw` for t in [0, 1] (Song et al. 2021, arXiv
 * 2011.13456, section 3). All that a sampler needs follows from four scalar functions of time: the marginal of a clean
 * picture x is N(α x, σ²), and the two pairs hang together by `α' = f α` and `(σ²)' = 2 f σ² + g²`. Time 0 is the
 * picture and time 1 the prior. Plain float64 arithmetic: networks see only the coefficients that come out of it.
 */

/** A process by its scalar functions of time. */
export interface Process {
  /** What users call it. */
  readonly name: string;
  /** α, the share of the clean picture in the marginal. */
  alpha(time: number): number;
  /** σ, the standard deviation of the marginal's noise. */
  sigma(time: number): number;
  /** f, the factor of the drift: the drift of x is f · x. */
  drift(time: number): number;
  /** g, the diffusion coefficient, in units of picture per √time. */
  diffusion(time: number): number;
  /** Standard deviation of the centred normal that sampling starts from. */
  readonly priorDeviation: number;
}

/** dx/dt of the probability-flow ODE, `f x − ½ g² ∇log p` (eq. 13), at one number of a picture. */
export function flowVelocity(process: Process, time: number, x: number, score: number): number {
  return process.drift(time) * x - 0.5 * process.diffusion(time) ** 2 * score;
}

/** Drift of the SDE that runs back in time, `f x − g² ∇log p` (eq. 6), at one number of a picture. */
export function reverseDrift(process: Process, time: number, x: number, score: number): number {
  return process.drift(time) * x - process.diffusion(time) ** 2 * score;
}
