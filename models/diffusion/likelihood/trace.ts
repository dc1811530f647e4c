/**
 * The trace of a denoiser's Jacobian from products with its transpose, which reverse-mode differentiation gives: exactly,
 * one product for each number of the picture, or as Hutchinson does (1990, "A stochastic estimator of the trace of the
 * influence matrix"; Grathwohl et al. 2019, FFJORD): E[εᵀ J ε] over random signs ε is the trace, and a few probes, the
 * same along the whole flow, are enough for large pictures.
 */
import type { Random } from '../../../shared/random.ts';
import type { TracedDenoiser } from './logLikelihood.ts';

/** x̂ at a noisy picture and a time, and Jᵀ · probe with J the Jacobian of x̂ by the picture. */
export type PulledDenoiser = (
  noisy: Float64Array,
  time: number,
  probe: Float64Array,
) => Promise<{ readonly denoised: Float64Array; readonly pulled: Float64Array }>;

/** The mean of εᵀ J ε over the probes. */
export function estimatedTrace(denoise: PulledDenoiser, probes: readonly Float64Array[]): TracedDenoiser {
  return async (noisy, time) => {
    const answers = await inOrder(probes, (probe) => denoise(noisy, time, probe));
    const products = answers.map(({ pulled }, k) => dot(probes[k] as Float64Array, pulled));
    const denoised = (answers[0] as { denoised: Float64Array }).denoised;
    return { denoised, trace: products.reduce((sum, product) => sum + product, 0) / products.length };
  };
}

/** The sum of eᵀ J e over all unit vectors e. */
export function exactTrace(denoise: PulledDenoiser): TracedDenoiser {
  return async (noisy, time) => {
    const units = Array.from(noisy, (_, i) => Float64Array.from(noisy, (_value, j) => (i === j ? 1 : 0)));
    const mean = await estimatedTrace(denoise, units)(noisy, time);
    return { denoised: mean.denoised, trace: mean.trace * units.length };
  };
}

/** Random signs, `count` probes of `size` numbers. */
export function signProbes(random: Random, count: number, size: number): Float64Array[] {
  return Array.from({ length: count }, () => Float64Array.from({ length: size }, () => (random.chance(0.5) ? 1 : -1)));
}

async function inOrder<T, R>(inputs: readonly T[], task: (input: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const input of inputs) results.push(await task(input));
  return results;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}
