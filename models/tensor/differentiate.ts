/**
 * Value, gradients and by-products of a loss. tensorflow.js differentiates functions of one value and frees
 * everything else that they made, so that by-products are kept alive across its scopes by hand, and released into the
 * caller's.
 */
import * as tf from '@tensorflow/tfjs';
import { TrainingError } from '../../shared/errors.ts';
import type { Tensors } from './program.ts';

/** A loss with what else its computation yields. */
export interface Objective {
  readonly loss: tf.Scalar;
  readonly terms: Tensors;
  readonly buffers?: Tensors;
}

export interface Differentiated {
  readonly loss: tf.Tensor;
  /** One for each parameter, under its name. */
  readonly gradients: Tensors;
  readonly terms: Tensors;
  readonly buffers: Tensors;
}

/**
 * Differentiates a loss with respect to all parameters.
 * @throws TrainingError naming a parameter that the loss does not depend on
 */
export function differentiate(objective: (parameters: Tensors) => Objective, parameters: Tensors): Differentiated {
  let kept: { terms: Tensors; buffers: Tensors } = { terms: {}, buffers: {} };
  const forward = () => {
    const { loss, terms, buffers = {} } = objective(parameters);
    kept = { terms: keep(terms), buffers: keep(buffers) };
    return loss;
  };
  const { value, grads } = tf.engine().gradients(forward, Object.values(parameters), undefined, true);
  const gradients = Object.fromEntries(
    Object.keys(parameters).map((name, i) => [name, reached(name, grads[i] as tf.Tensor | undefined)]),
  );
  return { loss: value, gradients, terms: release(kept.terms), buffers: release(kept.buffers) };
}

function reached(name: string, gradient: tf.Tensor | undefined): tf.Tensor {
  if (!gradient) throw new TrainingError(`the loss does not depend on the parameter "${name}"; leave it out or use it`);
  return gradient;
}

function keep(tensors: Tensors): Tensors {
  return mapped(tensors, (tensor) => tf.keep(tf.clone(tensor)));
}

function release(tensors: Tensors): Tensors {
  return mapped(tensors, (tensor) => {
    const released = tf.clone(tensor);
    tensor.dispose();
    return released;
  });
}

function mapped(tensors: Tensors, change: (tensor: tf.Tensor) => tf.Tensor): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(tensor)]));
}
