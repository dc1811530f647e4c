/**
 * How a latent says *where*. A linear layer reads points off the latent, and each point is drawn onto the denoiser's
 * 16×16 grid as a Gaussian bump and as the offset to it under that bump: a bump alone says in which cell the point
 * lies, the offset says where in the cell. FiLM alone must build all geometry from channel-wise scales, which dropped
 * small objects in our pilot. A latent made of keypoints gives the layer a first value, its own standardisation undone;
 * any other latent starts from random points and learns.
 */
import * as tf from '@tensorflow/tfjs';
import { FRAME_CHANNELS, FRAME_SIZE } from '../../../shared/frame.ts';
import { dense } from '../../nn/dense.ts';
import type { ParameterSpecs } from '../../tensor/parameters.ts';
import type { Tensors } from '../../tensor/program.ts';

/** Pixels along the side of a patch: the denoiser moves each patch into channels. */
export const PATCH = 4;

/** Cells along the side of the denoiser's grid. */
export const GRID = FRAME_SIZE / PATCH;

/** Numbers in a patch: 4·4 pixels of 3 channels. */
export const PATCH_CHANNELS = PATCH * PATCH * FRAME_CHANNELS;

/** Channels of the maps for each point: a bump and two offsets. */
export const MAPS_PER_POINT = 3;

/** Standard deviation of a bump, in cells. */
const BUMP_CELLS = 1.2;

export function pointMapSpecs(name: string, latentSize: number, points: number): ParameterSpecs {
  return {
    [`${name}/kernel`]: { shape: [latentSize, 2 * points], init: { scaled: 0.3 } },
    [`${name}/bias`]: { shape: [2 * points], init: 'zeros' },
  };
}

/**
 * latents [batch, latent] → [batch, 16, 16, 3 · points]. Points are in [−1, 1] across the frame, all x before all y.
 */
export function pointMaps(params: Tensors, name: string, latents: tf.Tensor): tf.Tensor {
  const coordinates = dense(params, name, latents); // [batch, 2 · points]
  const [batch, width] = coordinates.shape as [number, number];
  const points = width / 2;
  const [x, y] = tf.split(tf.mul(coordinates, GRID / 2), 2, 1) as [tf.Tensor, tf.Tensor]; // in cells from the middle
  const across = tf.sub(tf.reshape(cellCentres(), [1, 1, GRID, 1]), tf.reshape(x, [batch, 1, 1, points]));
  const down = tf.sub(tf.reshape(cellCentres(), [1, GRID, 1, 1]), tf.reshape(y, [batch, 1, 1, points]));
  const bump = tf.mul(gaussian(across), gaussian(down)); // [batch, 16, 16, points]
  return tf.concat([bump, tf.mul(bump, across), tf.mul(bump, down)], 3);
}

/** Centres of the grid's cells along one axis, in cells from the middle of the frame. */
function cellCentres(): tf.Tensor1D {
  return tf.tensor1d(Array.from({ length: GRID }, (_, i) => i + 0.5 - GRID / 2));
}

function gaussian(distance: tf.Tensor): tf.Tensor {
  return tf.exp(tf.mul(tf.square(distance), -0.5 / BUMP_CELLS ** 2));
}
