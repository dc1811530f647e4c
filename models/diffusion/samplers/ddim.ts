/**
 * DDIM (Song et al. 2021, arXiv 2010.02502, eq. 12 and 16) with a share η of the noise drawn anew: the picture x̂, the
 * noise that it leaves of z, and new noise, mixed so that the marginal at the next time is right:
 *
 * z_s = α_s x̂ + √(σ_s² − ς²) ε̂ + ς n,   ς² = η² · σ_s² / σ_t² · (σ_t² − (α_t / α_s)² σ_s²).
 *
 * With η = 0 it is the probability flow by an exponential Euler method of order 1, and the picture is a function of the
 * first noise. With η = 1 it is ancestral sampling (DDPM, Ho et al. 2020, arXiv 2006.11239), for any process: the
 * second factor is the variance of its bridge.
 */
import type { Process } from '../processes/process.ts';
import { intervals, type Sampler, type Sampling, startOf } from './sampler.ts';
import { evenTimes } from './timeGrids.ts';

export const ddim: Sampler = {
  name: 'ddim',
  calls: (steps) => steps,
  noises: () => 1,
  times: evenTimes,
  sample: (sampling) => sampleDdim(sampling, 0),
};

export const ancestral: Sampler = {
  name: 'ddpm',
  calls: (steps) => steps,
  noises: (steps) => steps,
  times: evenTimes,
  sample: (sampling) => sampleDdim(sampling, 1),
};

/** @param eta from 0, no new noise, to 1, ancestral sampling */
export function sampleDdim<T>(sampling: Sampling<T>, eta: number): T {
  const { process, denoise, times, noises, blend } = sampling;
  let noisy = startOf(sampling);
  intervals(times).forEach(({ from, to }, k) => {
    const [clean, kept, fresh] = ddimWeights(process, from, to, eta);
    const terms: [number, T][] = [
      [clean, denoise(noisy, from)],
      [kept, noisy],
    ];
    if (fresh > 0) terms.push([fresh, noises[k + 1] as T]);
    noisy = blend(terms);
  });
  return noisy;
}

/** Weights of x̂, z and new noise in the step from one time down to another; at 0 it lands on x̂, VE's residue gone. */
export function ddimWeights(process: Process, from: number, to: number, eta: number): [number, number, number] {
  if (to === 0) return [1, 0, 0];
  const [alphaFrom, sigmaFrom] = [process.alpha(from), process.sigma(from)];
  const [alphaTo, sigmaTo] = [process.alpha(to), process.sigma(to)];
  const bridge = (sigmaTo / sigmaFrom) ** 2 * Math.max(0, sigmaFrom ** 2 - ((alphaFrom / alphaTo) * sigmaTo) ** 2);
  const fresh = eta * Math.sqrt(bridge);
  const kept = Math.sqrt(Math.max(0, sigmaTo ** 2 - fresh ** 2)) / sigmaFrom;
  return [alphaTo - alphaFrom * kept, kept, fresh];
}
