/**
 * Keypoints from heat maps (deep spatial autoencoders, Finn et al. 2016, arXiv 1509.06113, §IV): each map becomes a
 * probability over pixels, and its keypoint is the expected position. Positions are linear in the scene's geometry,
 * which is what lets a latent of keypoints say where things are, and how they are turned, without labels.
 */
import * as tf from '@tensorflow/tfjs';

/**
 * Expected position of every map.
 * @param heat [batch, height, width, keypoints], logits
 * @returns [batch, keypoints, 2]: x to the right and y downwards, each in [-1, 1] from the first pixel's centre to the
 *   last's
 */
export function spatialSoftmax(heat: tf.Tensor): tf.Tensor {
  const [batch, height, width, keypoints] = heat.shape as [number, number, number, number];
  const maps = tf.transpose(tf.reshape(heat, [batch, height * width, keypoints]), [0, 2, 1]);
  const rows = tf.reshape(tf.softmax(maps), [batch * keypoints, height * width]) as tf.Tensor2D;
  return tf.reshape(tf.matMul(rows, pixelGrid(height, width)), [batch, keypoints, 2]);
}

/** Positions of all pixels in row-major order, [height · width, 2] as (x, y) in [-1, 1]. */
export function pixelGrid(height: number, width: number): tf.Tensor2D {
  const at = (index: number, count: number) => (count > 1 ? (2 * index) / (count - 1) - 1 : 0);
  const positions = Array.from({ length: height * width }, (_, pixel) => [
    at(pixel % width, width),
    at(Math.floor(pixel / width), height),
  ]);
  return tf.tensor2d(positions, [height * width, 2]);
}
