/**
 * Two-dimensional convolution with a square kernel and `same` padding: the output is the input's size divided by the
 * stride, rounded up. Images are [batch, height, width, channels] throughout.
 */
import * as tf from '@tensorflow/tfjs';
import type { ParameterSpecs } from '../tensor/parameters.ts';
import type { Tensors } from '../tensor/program.ts';
import type { LayerOptions } from './dense.ts';
import { parameter } from './parameter.ts';

export interface ConvOptions extends LayerOptions {
  /** Side of the square kernel; 3 unless told. */
  readonly size?: number;
}

/** `name/kernel` [size, size, inputs, outputs] and `name/bias` [outputs]. */
export function conv2dSpecs(
  name: string,
  inputs: number,
  outputs: number,
  { size = 3, init = 'he', bias = true }: ConvOptions = {},
): ParameterSpecs {
  return {
    [`${name}/kernel`]: { shape: [size, size, inputs, outputs], init },
    ...(bias && { [`${name}/bias`]: { shape: [outputs], init: 'zeros' } }),
  };
}

/** [batch, height, width, inputs] → [batch, ⌈height/stride⌉, ⌈width/stride⌉, outputs]. */
export function conv2d(params: Tensors, name: string, x: tf.Tensor, stride = 1): tf.Tensor {
  const kernel = parameter(params, `${name}/kernel`) as tf.Tensor4D;
  const output = tf.conv2d(x as tf.Tensor4D, kernel, stride, 'same');
  const bias = params[`${name}/bias`];
  return bias ? tf.add(output, bias) : output;
}
