/**
 * Moves blocks of pixels into channels and back (pixel-unshuffle and -shuffle, Shi et al. 2016, arXiv 1609.05158). A
 * network that starts with it works at a fraction of the resolution and of the cost, and loses nothing: the two are
 * each other's inverse. The channels of a block are ordered by row, then column, then the input's channels.
 */
import * as tf from '@tensorflow/tfjs';

/**
 * [batch, height, width, channels] → [batch, height/block, width/block, block² · channels]; block must divide both
 * sides.
 */
export function spaceToDepth(x: tf.Tensor, block: number): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const [rows, columns] = [height / block, width / block];
  const split = tf.reshape(x, [batch * rows, block, columns, block * channels]);
  return tf.reshape(tf.transpose(split, [0, 2, 1, 3]), [batch, rows, columns, block * block * channels]);
}

/** [batch, rows, columns, block² · channels] → [batch, rows · block, columns · block, channels]. */
export function depthToSpace(x: tf.Tensor, block: number): tf.Tensor {
  const [batch, rows, columns, depth] = x.shape as [number, number, number, number];
  const channels = depth / (block * block);
  const split = tf.reshape(x, [batch * rows, columns, block, block * channels]);
  return tf.reshape(tf.transpose(split, [0, 2, 1, 3]), [batch, rows * block, columns * block, channels]);
}
