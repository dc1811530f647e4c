/**
 * Where pixels are: the expected position under probabilities over pixels is one matrix product with this. So heat maps
 * become keypoints (deep spatial autoencoders, Finn et al. 2016, arXiv 1509.06113, §IV).
 */
import * as tf from '@tensorflow/tfjs';

/**
 * Positions of all pixels in row-major order, `[height · width, 2]` as (x, y): x to the right and y downwards, each in
 * [−1, 1] from the first pixel's centre to the last's.
 */
export function pixelGrid(height: number, width: number): tf.Tensor2D {
  const at = (index: number, count: number) => (count > 1 ? (2 * index) / (count - 1) - 1 : 0);
  const positions = Array.from({ length: height * width }, (_, pixel) => [
    at(pixel % width, width),
    at(Math.floor(pixel / width), height),
  ]);
  return tf.tensor2d(positions, [height * width, 2]);
}
