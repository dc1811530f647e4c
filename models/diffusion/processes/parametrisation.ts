/**
 * What a network may be asked to say about a noisy picture `z = α x + σ ε`: the clean picture x, the noise ε, the
 * velocity `v = α ε − σ x` (Salimans and Ho 2022, arXiv 2202.00512, appendix D), or the score `∇log p = (α x − z) / σ²`.
 * Each says the same given z, so that conversions go through x. A conversion divides by what the parametrisation hides:
 * ε says nothing at α = 0, nor the score at σ = 0. VP and VE are one process at two scales: `z / α` is VE's picture
 * with the noise σ / α.
 */

/** The marginal at one time. */
export interface Level {
  readonly alpha: number;
  readonly sigma: number;
}

export const PARAMETRISATIONS = ['x', 'noise', 'velocity', 'score'] as const;

export type Parametrisation = (typeof PARAMETRISATIONS)[number];

/** x from what the network says; `z` is the noisy picture that it saw. */
export function cleanFrom(said: Parametrisation, value: number, z: number, { alpha, sigma }: Level): number {
  switch (said) {
    case 'x':
      return value;
    case 'noise':
      return (z - sigma * value) / alpha;
    case 'velocity':
      return (alpha * z - sigma * value) / (alpha ** 2 + sigma ** 2);
    case 'score':
      return (z + sigma ** 2 * value) / alpha;
  }
}

/** What the network would have to say for x to be this. */
export function sayClean(wanted: Parametrisation, clean: number, z: number, { alpha, sigma }: Level): number {
  switch (wanted) {
    case 'x':
      return clean;
    case 'noise':
      return (z - alpha * clean) / sigma;
    case 'velocity':
      return (alpha * z - (alpha ** 2 + sigma ** 2) * clean) / sigma;
    case 'score':
      return (alpha * clean - z) / sigma ** 2;
  }
}

/** The noise that VE has where a process has this level. */
export function explodingSigma({ alpha, sigma }: Level): number {
  return sigma / alpha;
}

/** VP's level at a noise of VE, and the factor that turns VE's picture into VP's. */
export function preservingLevel(sigma: number): Level {
  const scale = 1 / Math.hypot(1, sigma);
  return { alpha: scale, sigma: sigma * scale };
}
