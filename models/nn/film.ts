/**
 * Feature-wise linear modulation (Perez et al. 2017, arXiv 1709.07871): a condition scales and shifts each channel,
 * `x · (1 + scale) + shift`. The layer starts at zero, so that a fresh network ignores its condition and learns to
 * use it.
 */
import * as tf from '@tensorflow/tfjs';
import type { Initialiser, ParameterSpecs } from '../tensor/parameters.ts';
import type { Tensors } from '../tensor/program.ts';
import { dense, denseSpecs } from './dense.ts';

/** A dense layer [conditions] → [2 · channels]. */
export function filmSpecs(
  name: string,
  conditions: number,
  channels: number,
  init: Initialiser = 'zeros',
): ParameterSpecs {
  return denseSpecs(name, conditions, 2 * channels, { init });
}

/** x [batch, ..., channels] and condition [batch, conditions] → x's shape. */
export function film(params: Tensors, name: string, x: tf.Tensor, condition: tf.Tensor): tf.Tensor {
  const channels = x.shape[x.rank - 1] as number;
  const between = Array<number>(x.rank - 2).fill(1);
  const [scale, shift] = tf
    .split(dense(params, name, condition), 2, 1)
    .map((half) => tf.reshape(half, [x.shape[0] as number, ...between, channels])) as [tf.Tensor, tf.Tensor];
  return tf.add(tf.mul(x, tf.add(scale, 1)), shift);
}
