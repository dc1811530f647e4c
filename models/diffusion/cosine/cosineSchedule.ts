/**
 * The variance-preserving cosine schedule in its angle form: with φ = πt/2 a noisy picture is `z_t = cos φ · x + sin φ
 * · ε`, clean at t = 0 and pure noise at t = 1 (Nichol and Dhariwal 2021, arXiv 2102.09672; the angle after Salimans
 * and Ho 2022, arXiv 2202.00512, appendix D). Everything here is plain float64 arithmetic on times: networks see only
 * the float32 coefficients that come out of it.
 */

/** φ of a time in [0, 1]. */
export function angleOf(time: number): number {
  return (Math.PI / 2) * time;
}

/** α, the share of the clean picture at this time. */
export function alpha(time: number): number {
  return Math.cos(angleOf(time));
}

/** σ, the share of the noise at this time. */
export function sigma(time: number): number {
  return Math.sin(angleOf(time));
}

/**
 * The weight that turns a squared error of x̂ into a squared error of the velocity `v = α ε − σ x`: SNR + 1 = 1/σ²
 * exactly. It diverges at t = 0, where every network is right, so that σ is floored.
 */
export function velocityWeight(time: number, floor = 0.2): number {
  return 1 / Math.max(sigma(time), floor) ** 2;
}
