/**
 * The probability-flow ODE (Song et al. 2021, arXiv 2011.13456, eq. 13) by one-step methods: Euler in time, of order 1,
 * and Heun on VE's scale, of order 2 (EDM, Karras et al. 2022, arXiv 2206.00364, algorithm 1 without churn). On that
 * scale, with y = z / α and noise σ̃ = σ / α, the flow is dy/dσ̃ = (y − x̂) / σ̃ whatever the process.
 */
import type { Process } from '../processes/process.ts';
import { ddimWeights } from './ddim.ts';
import { eulerStep } from './eulerStep.ts';
import { intervals, type Sampler, startOf } from './sampler.ts';
import { karrasTimes } from './timeGrids.ts';

/** The last interval is a denoising, as time's drift is steep there. */
export const flowEuler: Sampler = {
  name: 'euler',
  calls: (steps) => steps,
  noises: () => 1,
  times: karrasTimes,
  sample(sampling) {
    const { process, denoise, blend, times } = sampling;
    let noisy = startOf(sampling);
    for (const { from, to } of intervals(times.slice(0, -1))) {
      const { clean, kept } = eulerStep(process, from, to, 0.5);
      noisy = blend([
        [clean, denoise(noisy, from)],
        [kept, noisy],
      ]);
    }
    return denoise(noisy, times.at(-2) as number);
  },
};

/** The step to a time without noise, where the slope is 0/0, is Euler's, which lands on x̂. */
export const heun: Sampler = {
  name: 'heun',
  calls: (steps) => 2 * steps - 1,
  noises: () => 1,
  times: karrasTimes,
  sample(sampling) {
    const { process, denoise, blend, times } = sampling;
    let noisy = startOf(sampling);
    for (const { from, to } of intervals(times)) {
      const clean = denoise(noisy, from);
      const [toClean, kept] = ddimWeights(process, from, to, 0);
      const landed = blend([
        [toClean, clean],
        [kept, noisy],
      ]);
      if (to === 0) {
        noisy = landed;
        continue;
      }
      const { here, there, scale } = slopes(process, from, to);
      noisy = blend([
        [scale * (1 + here), noisy],
        [-process.alpha(to) * here, clean],
        [there, landed],
        [-process.alpha(to) * there, denoise(landed, to)],
      ]);
    }
    return noisy;
  },
};

/** Half the step in σ̃ over σ̃ at either end, and what z at one scale is at the other. */
function slopes(process: Process, from: number, to: number) {
  const [noiseFrom, noiseTo] = [process.sigma(from) / process.alpha(from), process.sigma(to) / process.alpha(to)];
  const half = (noiseTo - noiseFrom) / 2;
  return { here: half / noiseFrom, there: half / noiseTo, scale: process.alpha(to) / process.alpha(from) };
}
