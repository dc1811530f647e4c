/**
 * The base diffusion model: predict the clean picture behind a noisy one (Ho et al. 2020, arXiv 2006.11239), with the
 * error of x̂ weighted as an error of the velocity. Times lean towards noise, where the picture's layout is decided and
 * where samplers of few steps ask most.
 */
import { float32 } from '../../tensor/program.ts';
import { velocityWeight } from '../cosine/cosineSchedule.ts';
import { combineTensors, noising } from '../cosine/ddim.ts';
import { denoise, toPatches } from '../network/denoiser.ts';
import { conditionOf } from './conditionInputs.ts';
import {
  coefficientInputs,
  coefficients,
  input,
  noisySignature,
  patchNoise,
  perExample,
  perExampleSpec,
  type TrainingMethod,
  weightedError,
} from './trainingMethod.ts';

/** Times are 1 − u^lean for uniform u: 1 is even, more leans towards t = 1. */
const LEAN = 1.5;

export const denoisingDiffusion: TrainingMethod = {
  calls: 1,
  signature: (batch) => ({
    ...noisySignature(batch, ['times'], ['noising']),
    weight: perExampleSpec(batch),
  }),

  draw({ batch, random, noise }) {
    const times = Array.from({ length: batch }, () => 1 - random.uniform() ** LEAN);
    return {
      noise: patchNoise(random, noise, batch),
      times: float32(times, [batch]),
      weight: perExample(times.map((time) => velocityWeight(time))),
      ...coefficientInputs('noising', times.map(noising)),
    };
  },

  loss(params, inputs) {
    const clean = toPatches(input(inputs, 'pictures'));
    const noisy = combineTensors(coefficients(inputs, 'noising'), clean, input(inputs, 'noise'));
    const condition = conditionOf(params, inputs);
    const denoised = denoise(params, noisy, input(inputs, 'times'), condition);
    return weightedError(inputs, denoised, clean, input(inputs, 'weight'));
  },
};
