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

/**
 * The same layer of an input whose columns come in blocks, each `[rows, columns]` or, where all rows share it,
 * `[1, columns]`: what is shared is multiplied once. Returns `[rows, outputs]`.
 */
export function denseOfBlocks(params: Tensors, name: string, blocks: readonly tf.Tensor2D[]): tf.Tensor2D {
  const rows = Math.max(...blocks.map(({ shape }) => shape[0]));
  const [own, shared] = [
    blocks.filter(({ shape }) => shape[0] === rows),
    blocks.filter(({ shape }) => shape[0] < rows),
  ];
  if (shared.length === 0) return dense(params, name, tf.concat([...blocks], 1)) as tf.Tensor2D;
  const kernel = parameter(params, `${name}/kernel`) as tf.Tensor2D;
  const kernels = tf.split(
    kernel,
    blocks.map(({ shape }) => shape[1]),
    0,
  ) as tf.Tensor2D[];
  const product = (which: readonly tf.Tensor2D[]): tf.Tensor =>
    tf.matMul(
      tf.concat([...which], 1),
      tf.concat(
        kernels.filter((_, i) => which.includes(blocks[i] as tf.Tensor2D)),
        0,
      ),
    );
  const bias = params[`${name}/bias`];
  const constant = bias ? tf.add(product(shared), bias) : product(shared); // [1, outputs]
  return tf.add(product(own), constant) as tf.Tensor2D;
}
