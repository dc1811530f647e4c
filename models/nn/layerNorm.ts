/**
 * Layer normalisation (Ba et al. 2016, arXiv 1607.06450): each row of the last axis gets mean 0 and variance 1, then
 * a learned scale and shift where they were declared. Without them it is the norm that a modulated (FiLM, AdaLN)
 * block wants.
 */
import * as tf from '@tensorflow/tfjs';
import type { ParameterSpecs } from '../tensor/parameters.ts';
import type { Tensors } from '../tensor/program.ts';
import { standardise } from './standardise.ts';

/** `name/scale` and `name/shift`, both [width]. */
export function layerNormSpecs(name: string, width: number): ParameterSpecs {
  return {
    [`${name}/scale`]: { shape: [width], init: 'ones' },
    [`${name}/shift`]: { shape: [width], init: 'zeros' },
  };
}

/** [..., width] → the same shape; affine where `name` was declared. */
export function layerNorm(params: Tensors, name: string, x: tf.Tensor): tf.Tensor {
  return affine(params, name, standardise(x));
}

/** Scale and shift of the last axis, where they were declared. */
export function affine(params: Tensors, name: string, x: tf.Tensor): tf.Tensor {
  const scale = params[`${name}/scale`];
  const shift = params[`${name}/shift`];
  const scaled = scale ? tf.mul(x, scale) : x;
  return shift ? tf.add(scaled, shift) : scaled;
}
