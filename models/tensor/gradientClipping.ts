/**
 * Clipping of the global gradient norm (Pascanu et al. 2013, arXiv 1211.5063, algorithm 1): all gradients together are
 * one vector, and where it is too long, all are scaled by the same factor, so that its direction stays.
 */
import * as tf from '@tensorflow/tfjs';
import type { Tensors } from './program.ts';

/** Euclidean norm of all tensors as one vector, a scalar. */
export function globalNorm(tensors: Tensors): tf.Tensor {
  return tf.sqrt(tf.addN(Object.values(tensors).map((tensor) => tf.sum(tf.square(tensor)))));
}

/** The tensors scaled so that their global norm, given as `norm`, is `limit` at most. */
export function clipped(tensors: Tensors, norm: tf.Tensor, limit: number): Tensors {
  const scale = tf.minimum(1, tf.div(limit, tf.add(norm, 1e-12)));
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tf.mul(tensor, scale)]));
}
