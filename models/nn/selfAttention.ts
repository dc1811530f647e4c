/**
 * Single-head self-attention over tokens (Vaswani et al. 2017, arXiv 1706.03762, §3.2.1), with the projections of
 * queries, keys and values in one product. Norms and the residual are the caller's.
 */
import * as tf from '@tensorflow/tfjs';
import type { ParameterSpecs } from '../tensor/parameters.ts';
import type { Tensors } from '../tensor/program.ts';
import { dense, denseSpecs } from './dense.ts';

/**
 * `name/qkv` [width → 3 · width] and `name/out` [width → width]; the latter starts small, so that a residual block
 * starts near the identity.
 */
export function selfAttentionSpecs(name: string, width: number): ParameterSpecs {
  return {
    ...denseSpecs(`${name}/qkv`, width, 3 * width, { init: 'lecun' }),
    ...denseSpecs(`${name}/out`, width, width, { init: { scaled: 0.1 } }),
  };
}

/** [batch, tokens, width] → [batch, tokens, width]. */
export function selfAttention(params: Tensors, name: string, x: tf.Tensor): tf.Tensor {
  const width = x.shape[2] as number;
  const [query, key, value] = tf.split(dense(params, `${name}/qkv`, x), 3, 2) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const affinity = tf.mul(tf.matMul(query, key, false, true), 1 / Math.sqrt(width)); // [batch, tokens, tokens]
  return dense(params, `${name}/out`, tf.matMul(tf.softmax(affinity), value));
}
