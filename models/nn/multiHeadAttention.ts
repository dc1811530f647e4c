/**
 * Self-attention of several heads over tokens (Vaswani et al. 2017, arXiv 1706.03762, §3.2.2), queries, keys and values
 * in one product. Norms, gates and the residual are the caller's.
 */
import * as tf from '@tensorflow/tfjs';
import type { ParameterSpecs } from '../tensor/parameters.ts';
import type { Tensors } from '../tensor/program.ts';
import { dense, denseSpecs } from './dense.ts';

/** `name/qkv` [width → 3 · width] and `name/out` [width → width]. */
export function multiHeadAttentionSpecs(name: string, width: number): ParameterSpecs {
  return {
    ...denseSpecs(`${name}/qkv`, width, 3 * width, { init: 'lecun' }),
    ...denseSpecs(`${name}/out`, width, width, { init: 'lecun' }),
  };
}

/** [batch, tokens, width] → [batch, tokens, width]; `heads` must divide the width. */
export function multiHeadAttention(params: Tensors, name: string, x: tf.Tensor, heads: number): tf.Tensor {
  const [batch, tokens, width] = x.shape as [number, number, number];
  const apart = (part: tf.Tensor) =>
    tf.transpose(tf.reshape(part, [batch, tokens, heads, width / heads]), [0, 2, 1, 3]);
  const parts = tf.split(dense(params, `${name}/qkv`, x), 3, 2).map(apart);
  const [query, key, value] = parts as [tf.Tensor, tf.Tensor, tf.Tensor]; // each [batch, heads, tokens, width / heads]
  const affinity = tf.mul(tf.matMul(query, key, false, true), Math.sqrt(heads / width));
  const mixed = tf.transpose(tf.matMul(tf.softmax(affinity), value), [0, 2, 1, 3]);
  return dense(params, `${name}/out`, tf.reshape(mixed, x.shape));
}
