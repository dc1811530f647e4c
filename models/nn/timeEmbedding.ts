/**
 * Sinusoidal embedding of a scalar (Vaswani et al. 2017, arXiv 1706.03762, §3.5; used for diffusion times since Ho et
 * al. 2020): cosines and sines at frequencies in geometric progression, from 1 down to 1/maxPeriod. Scale the time to
 * the range that the frequencies resolve before calling: a time in [0, 1] is usually multiplied by 1000.
 */
import * as tf from '@tensorflow/tfjs';

/** [batch] → [batch, width], cosines first; `width` must be even. */
export function timeEmbedding(time: tf.Tensor, width: number, maxPeriod = 10_000): tf.Tensor {
  const half = width / 2;
  const frequencies = tf.tensor1d(Array.from({ length: half }, (_, i) => maxPeriod ** (-i / half)));
  const angles = tf.mul(tf.reshape(time, [-1, 1]), frequencies); // [batch, half]
  return tf.concat([tf.cos(angles), tf.sin(angles)], 1);
}
