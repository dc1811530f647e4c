/**
 * The predictor's own stage: open-loop prediction on latents that no longer move. Learned beside the encoder, the
 * predictor sees few transitions and a moving target, and settles for blocks that drift along with the pusher whether
 * it touches them or not; a hundred times the transitions in the same minutes teach it contact (docs/log.md).
 */
import * as tf from '@tensorflow/tfjs';
import type { Tensors } from '../tensor/program.ts';
import { type PredictorConfig, poseErrors, rollOut } from './predictor.ts';

export interface DynamicsLossConfig {
  /** Windows in a batch. */
  readonly batch: number;
  /** Open-loop steps of a window. */
  readonly horizon: number;
}

export const defaultDynamicsLossConfig: DynamicsLossConfig = { batch: 256, horizon: 6 };

/** Mean squared error of the pose over all steps, and that of the first and last step for the log. */
export function dynamicsLoss(
  params: Tensors,
  batch: Tensors,
  config: PredictorConfig,
  pose: number,
): { readonly loss: tf.Scalar; readonly terms: Readonly<Record<string, tf.Scalar>> } {
  const latents = batch.latents as tf.Tensor3D; // [batch, horizon + 1, latent]
  const [start, ...actual] = tf.unstack(latents, 1) as [tf.Tensor2D, ...tf.Tensor2D[]];
  const errors = poseErrors(rollOut(params, start, batch.actions as tf.Tensor3D, config), actual, pose);
  const loss = tf.div(tf.addN(errors), errors.length) as tf.Scalar;
  return { loss, terms: { firstStep: errors[0] as tf.Scalar, lastStep: errors.at(-1) as tf.Scalar } };
}
