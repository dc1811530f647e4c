/**
 * The picture that the keypoints must explain while they are learned: each keypoint becomes a Gaussian bump, and two
 * convolutions paint the frame from the bumps alone (Jakab et al. 2018, "Unsupervised learning of object landmarks
 * through conditional image generation", §3). Nothing but positions passes, so that keypoints come to sit on what
 * moves. The head is a training aid: it is dropped afterwards, and the renderer of `models/diffusion` paints from the
 * frozen latent.
 */
import * as tf from '@tensorflow/tfjs';
import { conv2d, conv2dSpecs } from '../nn/conv2d.ts';
import type { ParameterSpecs } from '../tensor/parameters.ts';
import type { Tensors } from '../tensor/program.ts';
import { PATCH_CHANNELS, PATCH_GRID } from './ink.ts';
import { CELL } from './keypointEncoder.ts';

export interface ReconstructionConfig {
  readonly hidden: number;
  /** Width of a bump in the frame's [−1, 1] coordinates; a cell is 0.133. */
  readonly bumpWidth: number;
}

export const defaultReconstructionConfig: ReconstructionConfig = { hidden: 48, bumpWidth: 0.12 };

export function reconstructionSpecs(config: ReconstructionConfig, keypoints: number): ParameterSpecs {
  return {
    ...conv2dSpecs('reconstruction/in', keypoints, config.hidden),
    ...conv2dSpecs('reconstruction/out', config.hidden, PATCH_CHANNELS, { init: 'lecun' }),
  };
}

/** Gaussian bumps at the keypoints: `[batch, 2·keypoints]` → `[batch, 16, 16, keypoints]`. */
export function bumps(positions: tf.Tensor2D, width: number): tf.Tensor4D {
  const [batch, coordinates] = positions.shape;
  const count = coordinates / 2;
  const centres = tf.tensor(
    Array.from({ length: PATCH_GRID }, (_, i) => CELL * i - 1),
    [PATCH_GRID, 1],
  );
  const [x, y] = tf.split(tf.reshape(positions, [batch, count, 2]), 2, 2) as [tf.Tensor, tf.Tensor]; // [batch, keypoints, 1]
  const along = (position: tf.Tensor): tf.Tensor =>
    tf.exp(tf.mul(tf.square(tf.sub(centres, tf.reshape(position, [batch, 1, count]))), -0.5 / width ** 2)); // [batch, 16, keypoints]
  const columns = tf.reshape(along(x), [batch, 1, PATCH_GRID, count]);
  const rows = tf.reshape(along(y), [batch, PATCH_GRID, 1, count]);
  return tf.mul(rows, columns) as tf.Tensor4D;
}

/**
 * Mean squared error between the frames `[batch, 16, 16, 48]` and what the keypoints paint, weighted by the emphasis of
 * the same shape.
 */
export function reconstructionLoss(
  params: Tensors,
  positions: tf.Tensor2D,
  patches: tf.Tensor,
  emphasis: tf.Tensor,
  config: ReconstructionConfig,
): tf.Scalar {
  const hidden = tf.relu(conv2d(params, 'reconstruction/in', bumps(positions, config.bumpWidth)));
  const painted = conv2d(params, 'reconstruction/out', hidden); // [batch, 16, 16, 48]
  const error = tf.mul(emphasis, tf.square(tf.sub(painted, patches)));
  return tf.div(tf.sum(error), tf.sum(emphasis)) as tf.Scalar;
}
