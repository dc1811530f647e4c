/**
 * The SDE that runs back in time (Song et al. 2021, arXiv 2011.13456, eq. 6) by Euler and Maruyama, of order 1 in
 * distribution, and with Langevin's corrector after each step (algorithm 1 there). The corrector moves along the score
 * at one time, which leaves that time's marginal as it is and takes away what the predictor erred. Its step is 2 (r σ)²,
 * which is Song's rule with the norms that noise and score are expected to have, so that a picture does not depend on
 * what else is in its batch. The last interval is a denoising: no noise is left in the picture.
 */
import { eulerStep, scoreWeights } from './eulerStep.ts';
import { intervals, type Sampler, type Sampling, startOf } from './sampler.ts';
import { karrasTimes } from './timeGrids.ts';

export const eulerMaruyama: Sampler = {
  name: 'em',
  calls: (steps) => steps,
  noises: (steps) => steps,
  times: karrasTimes,
  sample: (sampling) => sampleSde(sampling, () => undefined),
};

/** Song's ratio of signal to noise in a corrector's step, for VP and VE on pictures. */
const LANGEVIN_RATIO = 0.16;

export const predictorCorrector: Sampler = {
  name: 'pc',
  calls: (steps) => 2 * steps - 1,
  noises: (steps) => 2 * steps - 1,
  times: karrasTimes,
  sample: (sampling) => samplePredictorCorrector(sampling, LANGEVIN_RATIO),
};

/** With one corrector step after each predictor step; a ratio of 0 leaves the predictor alone. */
export function samplePredictorCorrector<T>(sampling: Sampling<T>, ratio: number): T {
  const { process, denoise, noises, blend, times } = sampling;
  const predictions = times.length - 2;
  return sampleSde(sampling, (noisy, time, k) => {
    const sigma = process.sigma(time);
    const step = 2 * (ratio * sigma) ** 2;
    const [clean, kept] = scoreWeights(process, time);
    return blend([
      [step * clean, denoise(noisy, time)],
      [1 + step * kept, noisy],
      [Math.sqrt(2 * step), noises[1 + predictions + k] as T],
    ]);
  });
}

function sampleSde<T>(sampling: Sampling<T>, correct: (noisy: T, time: number, k: number) => T | undefined): T {
  const { process, denoise, noises, blend, times } = sampling;
  let noisy = startOf(sampling);
  intervals(times.slice(0, -1)).forEach(({ from, to }, k) => {
    const { clean, kept, power } = eulerStep(process, from, to, 1);
    noisy = blend([
      [clean, denoise(noisy, from)],
      [kept, noisy],
      [Math.sqrt(power), noises[k + 1] as T],
    ]);
    noisy = correct(noisy, to, k) ?? noisy;
  });
  return denoise(noisy, times.at(-2) as number);
}
