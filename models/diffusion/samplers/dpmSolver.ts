/**
 * DPM-Solver++(2M) (Lu et al. 2022, arXiv 2211.01095, algorithm 2): exponential integration in half the logarithm of
 * the signal-to-noise ratio, λ = ln(α / σ), with x̂ carried on in a straight line from the last two calls. Order 2 for
 * one call a step. The first step knows one call only, and the step to time 0, which is infinitely far in λ, trusts the
 * last: both are DDIM's.
 */
import type { Process } from '../processes/process.ts';
import { ddimWeights } from './ddim.ts';
import { intervals, type Sampler, startOf } from './sampler.ts';
import { karrasTimes } from './timeGrids.ts';

export const dpmSolver: Sampler = {
  name: 'dpmpp2m',
  calls: (steps) => steps,
  noises: () => 1,
  times: karrasTimes,
  sample(sampling) {
    const { process, denoise, blend, times } = sampling;
    let noisy = startOf(sampling);
    let before: { readonly clean: typeof noisy; readonly step: number } | undefined;
    for (const { from, to } of intervals(times)) {
      const clean = denoise(noisy, from);
      const [toClean, kept] = ddimWeights(process, from, to, 0);
      const step = logRatio(process, to) - logRatio(process, from);
      const carried = before && to > 0 ? step / (2 * before.step) : 0;
      const terms: [number, typeof noisy][] = [
        [kept, noisy],
        [toClean * (1 + carried), clean],
      ];
      if (before && carried !== 0) terms.push([-toClean * carried, before.clean]);
      noisy = blend(terms);
      before = { clean, step };
    }
    return noisy;
  },
};

/** λ, half the logarithm of the signal-to-noise ratio; infinite without noise. */
function logRatio(process: Process, time: number): number {
  return Math.log(process.alpha(time) / process.sigma(time));
}
