/**
 * Halving and doubling of images without parameters: block means down, nearest neighbour up. Written with reshapes,
 * whose gradients are reshapes and sums.
 */
import * as tf from '@tensorflow/tfjs';

/** [batch, height, width, channels] → [batch, height/factor, width/factor, channels]: the mean of each block. */
export function downsample(x: tf.Tensor, factor = 2): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const [rows, columns] = [height / factor, width / factor];
  const overRows = tf.mean(tf.reshape(x, [batch * rows, factor, width, channels]), 1); // [batch · rows, width, channels]
  const overBoth = tf.mean(tf.reshape(overRows, [batch * rows, columns, factor, channels]), 2);
  return tf.reshape(overBoth, [batch, rows, columns, channels]);
}

/** [batch, height, width, channels] → [batch, height · factor, width · factor, channels]: each pixel repeated. */
export function upsample(x: tf.Tensor, factor = 2): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const columns = tf.reshape(x, [batch * height * width, 1, channels]);
  const wide = tf.reshape(tf.tile(columns, [1, factor, 1]), [batch * height, 1, width * factor * channels]);
  return tf.reshape(tf.tile(wide, [1, factor, 1]), [batch, height * factor, width * factor, channels]);
}
