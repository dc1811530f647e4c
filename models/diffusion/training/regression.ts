/**
 * Regression: the denoiser at t = 1 with nothing for a picture answers with the mean frame of a latent. It learns what
 * is where faster than any diffusion loss, so it is what the base model starts from; and where the latent says
 * everything it is as good as the others in one call, so it is kept as their honest baseline. Where the latent leaves
 * something open it blurs.
 */
import * as tf from '@tensorflow/tfjs';
import type { Tensors } from '../../tensor/program.ts';
import type { Condition } from '../network/condition.ts';
import { denoise, patchShape, toPatches } from '../network/denoiser.ts';
import { conditionOf } from './conditionInputs.ts';
import { input, type TrainingMethod, weightedError } from './trainingMethod.ts';

/** The mean frame in patches, [batch, 16, 16, 48], for what so many examples tell. */
export function regress(params: Tensors, batch: number, condition: Condition): tf.Tensor {
  return denoise(params, tf.zeros(patchShape(batch)), tf.ones([batch]), condition);
}

export const regression: TrainingMethod = {
  calls: 1,
  signature: () => ({}),
  draw: () => ({}),
  loss(params, inputs) {
    const pictures = input(inputs, 'pictures');
    const mean = regress(params, pictures.shape[0] as number, conditionOf(params, inputs));
    return weightedError(inputs, mean, toPatches(pictures));
  },
};
