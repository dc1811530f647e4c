/**
 * The predictor's own stage: open-loop prediction on latents that no longer move. Learned beside the encoder, the
 * predictor sees few transitions and a moving target, and settles for blocks that drift along with the pusher whether
 * it touches them or not; a hundred times the transitions in the same minutes teach it contact (docs/log.md).
 */
import * as tf from '@tensorflow/tfjs';
import type { Tensors } from '../tensor/program.ts';
import { type PredictorConfig, rollOut } from './predictor.ts';

export interface DynamicsLossConfig {
  /** Windows in a batch. */
  readonly batch: number;
  /** Open-loop steps of a window. */
  readonly horizon: number;
}

export const defaultDynamicsLossConfig: DynamicsLossConfig = { batch: 256, horizon: 6 };

/** Mean squared error over all steps, and that of the first and last step for the log. */
export function dynamicsLoss(
  params: Tensors,
  batch: Tensors,
  config: PredictorConfig,
): { readonly loss: tf.Scalar; readonly terms: Readonly<Record<string, tf.Scalar>> } {
  const latents = batch.latents as tf.Tensor3D; // [batch, horizon + 1, latent]
  const [windows, frames, size] = latents.shape;
  const at = (t: number): tf.Tensor2D =>
    tf.reshape(tf.slice(latents, [0, t, 0], [windows, 1, size]), [windows, size]) as tf.Tensor2D;
  const errors = rollOut(params, at(0), batch.actions as tf.Tensor3D, config).map(
    (predicted, t) => tf.mean(tf.square(tf.sub(predicted, at(t + 1)))) as tf.Scalar,
  );
  const loss = tf.div(tf.addN(errors), frames - 1) as tf.Scalar;
  return { loss, terms: { firstStep: errors[0] as tf.Scalar, lastStep: errors.at(-1) as tf.Scalar } };
}
