/**
 * The encoder: a frame becomes a set of keypoints. Small convolutions give one heat map for each keypoint, a spatial
 * softmax turns the map into its expected position (Finn et al. 2016, "Deep spatial autoencoders", §IV; Levine et al.
 * 2016), and an offset read under the same softmax refines it below the grid's cell. Positions are then linear in the
 * latent, and a rigid body's angle falls out of several points on it: the inductive bias that plain convolutional
 * encoders lacked on `push-t` (docs/log.md). The latent is the standardised list of coordinates: BatchNorm without
 * affine, as LeWorldModel puts before its anti-collapse loss.
 */
import * as tf from '@tensorflow/tfjs';
import { conv2d, conv2dSpecs } from '../nn/conv2d.ts';
import { dense, denseSpecs } from '../nn/dense.ts';
import { pixelGrid } from '../nn/pixelGrid.ts';
import type { ParameterSpecs } from '../tensor/parameters.ts';
import type { Tensors } from '../tensor/program.ts';
import { PATCH_CHANNELS, PATCH_GRID } from './ink.ts';

export interface EncoderConfig {
  readonly keypoints: number;
  /** Channels after the patch embedding, and after each 3×3 convolution. */
  readonly channels: readonly number[];
}

/** Distance between the centres of neighbouring cells. */
export const CELL = 2 / (PATCH_GRID - 1);

export const defaultEncoderConfig: EncoderConfig = { keypoints: 24, channels: [32, 32, 48] };

/** Numbers in a pose: two coordinates a keypoint. */
export function poseSizeOf(config: EncoderConfig): number {
  return 2 * config.keypoints;
}

export function encoderSpecs(config: EncoderConfig): ParameterSpecs {
  const [stem, ...convolutions] = config.channels as [number, ...number[]];
  let channels = stem;
  const specs: Record<string, ParameterSpecs[string]> = { ...denseSpecs('encoder/stem', PATCH_CHANNELS, stem) };
  convolutions.forEach((width, i) => {
    Object.assign(specs, conv2dSpecs(`encoder/conv${i}`, channels, width));
    channels = width;
  });
  return {
    ...specs,
    ...denseSpecs('encoder/heat', channels, config.keypoints, { init: { scaled: 4 } }),
    ...denseSpecs('encoder/offset', channels, 2 * config.keypoints, { init: { scaled: 0.1 } }),
  };
}

/** What the encoder sees in a batch of frames. */
export interface Keypoints {
  /** `[batch, 2·keypoints]`, x before y for each keypoint, in [−1, 1] between the centres of the outermost cells. */
  readonly positions: tf.Tensor2D;
  /** How each keypoint's attention is spread over the cells: `[batch, keypoints, cells]`, each row adding up to 1. */
  readonly heat: tf.Tensor3D;
  /** Variance of each heat map about its keypoint, both axes together: `[batch, keypoints]`. */
  readonly spread: tf.Tensor2D;
}

/** Finds the keypoints of `[batch, 16, 16, 48]` ink. */
export function keypoints(params: Tensors, patches: tf.Tensor, config: EncoderConfig): Keypoints {
  const batch = patches.shape[0] as number;
  const count = config.keypoints;
  const cells = PATCH_GRID * PATCH_GRID;
  let hidden = tf.relu(dense(params, 'encoder/stem', patches)); // [batch, 16, 16, channels]
  for (let i = 0; i < config.channels.length - 1; i++) {
    hidden = tf.relu(conv2d(params, `encoder/conv${i}`, hidden));
  }
  const flat = tf.reshape(hidden, [batch, cells, -1]);
  const heat = tf.softmax(tf.transpose(dense(params, 'encoder/heat', flat), [0, 2, 1])); // [batch, keypoints, cells]
  const moments = tf.matMul(tf.reshape(heat, [batch * count, cells]) as tf.Tensor2D, cellMoments());
  const [centre, square] = tf.split(tf.reshape(moments, [batch, count, 3]), [2, 1], 2) as [tf.Tensor, tf.Tensor];
  const spread = tf.sub(square, tf.sum(tf.square(centre), 2, true)); // [batch, keypoints, 1]
  const offsets = tf.reshape(tf.tanh(dense(params, 'encoder/offset', flat)), [batch, cells, count, 2]);
  const weights = tf.reshape(tf.transpose(heat, [0, 2, 1]), [batch, cells, count, 1]);
  const refinement = tf.sum(tf.mul(offsets, weights), 1); // [batch, keypoints, 2]
  const positions = tf.add(centre, tf.mul(refinement, CELL));
  return {
    heat: heat as tf.Tensor3D,
    positions: tf.reshape(positions, [batch, 2 * count]) as tf.Tensor2D,
    spread: tf.reshape(spread, [batch, count]) as tf.Tensor2D,
  };
}

/** For each cell x, y and x² + y²: `[cells, 3]`, so that one product gives a map's mean and its spread. */
function cellMoments(): tf.Tensor2D {
  const positions = pixelGrid(PATCH_GRID, PATCH_GRID);
  return tf.concat([positions, tf.sum(tf.square(positions), 1, true)], 1) as tf.Tensor2D;
}
