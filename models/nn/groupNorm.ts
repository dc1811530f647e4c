/**
 * Group normalisation (Wu and He 2018, arXiv 1803.08494): the channels of an image are split into groups, and each
 * group of each image is standardised over height, width and its channels. One group, the default, standardises the
 * image as a whole. It depends on no other image of the batch, so that a frame is drawn the same alone and in
 * company.
 */
import * as tf from '@tensorflow/tfjs';
import type { Tensors } from '../tensor/program.ts';
import { affine, layerNormSpecs } from './layerNorm.ts';
import { standardise } from './standardise.ts';

/** `name/scale` and `name/shift`, both [channels]. */
export const groupNormSpecs = layerNormSpecs;

/**
 * [batch, height, width, channels] → the same shape; affine where `name` was declared. `groups` must divide the
 * channels.
 */
export function groupNorm(params: Tensors, name: string, x: tf.Tensor, groups = 1): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const grouped = tf.reshape(x, [batch, height * width, groups, channels / groups]);
  return affine(params, name, tf.reshape(standardise(grouped, [1, 3]), x.shape));
}
