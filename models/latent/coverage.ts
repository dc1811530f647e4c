/**
 * Keypoints for everything that moves, however small. Left to reconstruction alone, all keypoints settle on the largest
 * object and none is near enough to the others to be drawn to them (docs/log.md). So the keypoints' heat maps, averaged
 * into one map, are asked to be likely where pixels are rare: the cross-entropy of a spatial mixture to the picture's
 * saliency, which an object without a keypoint makes very large.
 */
import * as tf from '@tensorflow/tfjs';

const FLOOR = 1e-6;

/**
 * Cross-entropy of the mixture of heat maps to the saliency of the frames, a scalar of at least the saliency's entropy.
 * @param heat `[batch, keypoints, cells]`
 * @param ink `[batch, rows, columns, channels]` of the same cells
 * @param emphasis how much each number counts, the shape of `ink`
 */
export function coverageLoss(heat: tf.Tensor3D, ink: tf.Tensor, emphasis: tf.Tensor): tf.Scalar {
  const [batch, , cells] = heat.shape;
  const salience = tf.reshape(tf.sum(tf.mul(tf.abs(ink), emphasis), -1), [batch, cells]);
  const target = tf.div(salience, tf.add(tf.sum(salience, 1, true), FLOOR)); // [batch, cells]
  const mixture = tf.mean(heat, 1); // [batch, cells]
  return tf.neg(tf.mean(tf.sum(tf.mul(target, tf.log(tf.add(mixture, FLOOR))), 1))) as tf.Scalar;
}
