/**
 * How likely a picture is under a diffusion model, exactly: the probability flow carries it to noise, whose density is
 * known, and the divergence along the way says how much space the flow stretched (Song et al. 2021, arXiv 2011.13456,
 * section 4.3 and appendix D.2; the change of variables of Chen et al. 2018).
 *
 * The flow is followed in ℓ = ln tan φ of the cosine schedule, where it is dz/dℓ = cos φ (α z − x̂) and neither end is
 * singular, by the classical Runge–Kutta method of order 4. What is measured is the density of the picture with the
 * little noise of the first ℓ on it: a density of bytes alone would be infinite.
 */

/** x̂ at a noisy picture and a time, and the trace of its Jacobian by the picture, or an estimate of it. */
export type TracedDenoiser = (
  noisy: Float64Array,
  time: number,
) => Promise<{ readonly denoised: Float64Array; readonly trace: number }>;

export interface LikelihoodConfig {
  /** Steps of the integration, each four calls. */
  readonly steps: number;
  /** Noise σ / α at which the flow begins and ends. */
  readonly least: number;
  readonly most: number;
}

export const defaultLikelihoodConfig: LikelihoodConfig = { steps: 48, least: 0.01, most: 200 };

export interface Likelihood {
  /** ln p of the picture, in units of the picture. */
  readonly nats: number;
  /** Where the flow ends: noise, if the model knows the picture. */
  readonly noise: Float64Array;
}

/** ln p of a picture that has the noise σ / α = `least` on it. */
export async function logLikelihood(
  denoise: TracedDenoiser,
  picture: Float64Array,
  { steps, least, most }: LikelihoodConfig = defaultLikelihoodConfig,
): Promise<Likelihood> {
  const [first, last] = [Math.log(least), Math.log(most)];
  const step = (last - first) / steps;
  let z = picture;
  let stretched = 0;
  for (let k = 0; k < steps; k++) {
    const at = first + k * step;
    const slopes = [await slope(denoise, z, at)];
    for (const share of [0.5, 0.5, 1]) {
      const before = slopes.at(-1) as Slope;
      slopes.push(await slope(denoise, moved(z, [[share * step, before]]), at + share * step));
    }
    const weighted = slopes.map((each, i): [number, Slope] => [(step / 6) * ([1, 2, 2, 1][i] as number), each]);
    z = moved(z, weighted);
    stretched += weighted.reduce((sum, [weight, { divergence }]) => sum + weight * divergence, 0);
  }
  const squares = z.reduce((sum, value) => sum + value ** 2, 0);
  return { nats: -0.5 * squares - 0.5 * z.length * Math.log(2 * Math.PI) + stretched, noise: z };
}

interface Slope {
  readonly velocity: Float64Array;
  readonly divergence: number;
}

async function slope(denoise: TracedDenoiser, z: Float64Array, at: number): Promise<Slope> {
  const angle = Math.atan(Math.exp(at));
  const alpha = Math.cos(angle);
  const { denoised, trace } = await denoise(z, angle / (Math.PI / 2));
  return {
    velocity: z.map((value, i) => alpha * (alpha * value - (denoised[i] as number))),
    divergence: alpha * (alpha * z.length - trace),
  };
}

function moved(z: Float64Array, parts: readonly (readonly [number, Slope])[]): Float64Array {
  return z.map((value, i) => parts.reduce((sum, [weight, s]) => sum + weight * (s.velocity[i] as number), value));
}
