/**
 * Batch normalisation without affine parameters (Ioffe and Szegedy 2015, arXiv 1502.03167), over every axis but the
 * last. In training it uses the batch's own statistics and returns them, so that the caller can keep running ones as
 * buffers; afterwards it uses those. As the last layer of an encoder it fixes the scale of the latent, which keeps a
 * joint-embedding loss from shrinking it.
 */
import * as tf from '@tensorflow/tfjs';

const EPSILON = 1e-5;

export interface BatchNormalised {
  /** The input's shape, each feature with mean 0 and variance 1 over the batch. */
  readonly output: tf.Tensor;
  /** Mean of each feature over the batch, [features]. */
  readonly mean: tf.Tensor;
  /** Variance of each feature over the batch (divided by the count), [features]. */
  readonly variance: tf.Tensor;
}

/** Training form: [..., features] standardised by the batch's own statistics. */
export function batchNorm(x: tf.Tensor): BatchNormalised {
  const axes = x.shape.slice(0, -1).map((_, axis) => axis);
  const mean = tf.mean(x, axes); // [features]
  const centred = tf.sub(x, mean);
  const variance = tf.mean(tf.square(centred), axes); // [features]
  return { output: tf.mul(centred, tf.rsqrt(tf.add(variance, EPSILON))), mean, variance };
}

/** Inference form: [..., features] standardised by running statistics, both [features]. */
export function batchNormInference(x: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor): tf.Tensor {
  return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, EPSILON)));
}

/** The running statistic after one more batch: `momentum · previous + (1 − momentum) · batch`. */
export function runningStatistic(previous: tf.Tensor, batch: tf.Tensor, momentum = 0.99): tf.Tensor {
  return tf.add(tf.mul(previous, momentum), tf.mul(batch, 1 - momentum));
}
