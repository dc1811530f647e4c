/**
 * A layer whose values pass gates that see the same input: `(silu(x · G) ⊙ (x · V)) · O` (SwiGLU, Shazeer 2020,
 * arXiv 2002.05202, §2). It multiplies what two projections see, as squared distances and normals do, which a plain
 * layer can only approximate.
 */
import * as tf from '@tensorflow/tfjs';
import type { ParameterSpecs } from '../tensor/parameters.ts';
import type { Tensors } from '../tensor/program.ts';
import { dense, denseSpecs } from './dense.ts';
import { silu } from './silu.ts';

/** `name` [inputs, 2 · width], the gates before the values, and `name/out` [width, outputs], both with a bias. */
export function gatedSpecs(name: string, inputs: number, width: number, outputs: number): ParameterSpecs {
  return {
    ...denseSpecs(name, inputs, 2 * width, { init: 'lecun' }),
    ...denseSpecs(`${name}/out`, width, outputs, { init: 'lecun' }),
  };
}

/** [..., inputs] → [..., outputs]. */
export function gated(params: Tensors, name: string, x: tf.Tensor): tf.Tensor {
  const [gates, values] = tf.split(dense(params, name, x), 2, -1) as [tf.Tensor, tf.Tensor]; // [..., width] each
  return dense(params, `${name}/out`, tf.mul(silu(gates), values));
}
