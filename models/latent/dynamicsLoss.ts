/**
 * The predictor's own stage: open-loop prediction on latents that no longer move. Learned beside the encoder, the
 * predictor sees few transitions and a moving target, and settles for blocks that drift along with the pusher whether
 * it touches them or not; a hundred times the transitions in the same minutes teach it contact (docs/log.md).
 *
 * A sample counts by the root of its error, softened near nothing: the pseudo-Huber loss (Charbonnier et al. 1994), as
 * consistency models have it (Song and Dhariwal 2023, §3.3). By its square it would count by where things rebound, which
 * nobody foresees exactly, and hardly by a thing that lies still and yet drifts a little with every step, which a search
 * makes use of.
 */
import * as tf from '@tensorflow/tfjs';
import type { Tensors } from '../tensor/program.ts';
import { type PredictorConfig, rollOut } from './predictor.ts';

export interface DynamicsLossConfig {
  /** Windows in a batch. */
  readonly batch: number;
  /** Open-loop steps of a window. */
  readonly horizon: number;
  /** Root mean square error of a pose below which it counts by its square, in deviations of the pose. */
  readonly softness: number;
}

export const defaultDynamicsLossConfig: DynamicsLossConfig = { batch: 256, horizon: 6, softness: 0.02 };

/** Pseudo-Huber loss of the pose over all steps, and that of the first and last step for the log. */
export function dynamicsLoss(
  params: Tensors,
  batch: Tensors,
  config: PredictorConfig,
  pose: number,
  softness: number,
): { readonly loss: tf.Scalar; readonly terms: Readonly<Record<string, tf.Scalar>> } {
  const latents = batch.latents as tf.Tensor3D; // [batch, horizon + 1, latent]
  const [start, ...actual] = tf.unstack(latents, 1) as [tf.Tensor2D, ...tf.Tensor2D[]];
  const predicted = rollOut(params, start, batch.actions as tf.Tensor3D, config);
  const errors = predicted.map((latents, t) => softenedError(latents, actual[t] as tf.Tensor2D, pose, softness));
  const loss = tf.div(tf.addN(errors), errors.length) as tf.Scalar;
  return { loss, terms: { firstStep: errors[0] as tf.Scalar, lastStep: errors.at(-1) as tf.Scalar } };
}

/** Of poses in latents `[batch, latent]`, the mean over the batch; nothing where all are exact. */
function softenedError(predicted: tf.Tensor2D, actual: tf.Tensor2D, pose: number, softness: number): tf.Scalar {
  const difference = tf.slice(tf.sub(predicted, actual), [0, 0], [-1, pose]); // [batch, pose]
  const squares = tf.mean(tf.square(difference), 1); // [batch]
  return tf.sub(tf.mean(tf.sqrt(tf.add(squares, softness ** 2))), softness);
}
