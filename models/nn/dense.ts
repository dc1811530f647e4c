/**
 * The affine layer: `x · kernel + bias` over the last axis, whatever the leading axes are. Leading axes are folded
 * into one, so that every dense layer is one matrix product.
 */
import * as tf from '@tensorflow/tfjs';
import type { Initialiser, ParameterSpecs } from '../tensor/parameters.ts';
import type { Tensors } from '../tensor/program.ts';
import { parameter } from './parameter.ts';

export interface LayerOptions {
  /** How the kernel begins; `he` unless told. */
  readonly init?: Initialiser;
  /** Whether a bias, starting at zero, is added; true unless told. */
  readonly bias?: boolean;
}

/** `name/kernel` [inputs, outputs] and `name/bias` [outputs]. */
export function denseSpecs(
  name: string,
  inputs: number,
  outputs: number,
  { init = 'he', bias = true }: LayerOptions = {},
): ParameterSpecs {
  return {
    [`${name}/kernel`]: { shape: [inputs, outputs], init },
    ...(bias && { [`${name}/bias`]: { shape: [outputs], init: 'zeros' } }),
  };
}

/** [..., inputs] → [..., outputs]; the bias is added where one was declared. */
export function dense(params: Tensors, name: string, x: tf.Tensor): tf.Tensor {
  const kernel = parameter(params, `${name}/kernel`) as tf.Tensor2D;
  const [inputs, outputs] = kernel.shape;
  const rows = tf.reshape(x, [-1, inputs]) as tf.Tensor2D; // [rows, inputs]
  const product = tf.matMul(rows, kernel); // [rows, outputs]
  const bias = params[`${name}/bias`];
  return tf.reshape(bias ? tf.add(product, bias) : product, [...x.shape.slice(0, -1), outputs]);
}
