/**
 * AdamW (Loshchilov and Hutter 2017, arXiv 1711.05101, algorithm 2) with clipping of the global gradient norm
 * (Pascanu et al. 2013), as pure functions on tensors, so that the update is compiled into the same graph as the
 * loss. Weight decay is decoupled from the gradient and pulls on kernels alone (rank 2 and above): biases, norms'
 * scales and single numbers keep their size.
 */
import * as tf from '@tensorflow/tfjs';
import { TrainingError } from '../../shared/errors.ts';
import type { Tensors } from './program.ts';

export interface AdamWConfig {
  /** Decay of the first moment. */
  readonly beta1: number;
  /** Decay of the second moment. */
  readonly beta2: number;
  readonly epsilon: number;
  /** Fraction of a kernel that is taken away per step, times the learning rate. */
  readonly weightDecay: number;
  /** Largest Euclidean norm of all gradients together; longer ones are scaled down to it. */
  readonly clipNorm: number;
}

export const defaultAdamWConfig: AdamWConfig = {
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0.01,
  clipNorm: 1,
};

export interface AdamWState {
  readonly parameters: Tensors;
  readonly firstMoments: Tensors;
  readonly secondMoments: Tensors;
}

/**
 * One update.
 * @param step scalar, the number of this step counted from 1
 * @param learningRate scalar
 */
export function adamW(
  { parameters, firstMoments, secondMoments }: AdamWState,
  gradients: Tensors,
  step: tf.Tensor,
  learningRate: tf.Tensor,
  { beta1, beta2, epsilon, weightDecay }: AdamWConfig,
): AdamWState {
  const correction1 = tf.sub(1, tf.pow(beta1, step)); // []
  const correction2 = tf.sub(1, tf.pow(beta2, step)); // []
  const update = (name: string, parameter: tf.Tensor) => {
    const gradient = named(gradients, name);
    const first = blended(named(firstMoments, name), gradient, beta1);
    const second = blended(named(secondMoments, name), tf.square(gradient), beta2);
    const scale = tf.add(tf.sqrt(tf.div(second, correction2)), epsilon);
    const direction = tf.div(tf.div(first, correction1), scale);
    const pull = parameter.rank >= 2 ? tf.add(direction, tf.mul(parameter, weightDecay)) : direction;
    return { first, second, parameter: tf.sub(parameter, tf.mul(learningRate, pull)) };
  };
  const updates = Object.entries(parameters).map(([name, parameter]) => [name, update(name, parameter)] as const);
  return {
    parameters: Object.fromEntries(updates.map(([name, { parameter }]) => [name, parameter])),
    firstMoments: Object.fromEntries(updates.map(([name, { first }]) => [name, first])),
    secondMoments: Object.fromEntries(updates.map(([name, { second }]) => [name, second])),
  };
}

/** `decay · average + (1 − decay) · value`. */
function blended(average: tf.Tensor, value: tf.Tensor, decay: number): tf.Tensor {
  return tf.add(tf.mul(average, decay), tf.mul(value, 1 - decay));
}

function named(tensors: Tensors, name: string): tf.Tensor {
  const tensor = tensors[name];
  if (!tensor) throw new TrainingError(`the optimiser has no state for the parameter "${name}"; start the run afresh`);
  return tensor;
}

/** Euclidean norm of all tensors as one vector, a scalar. */
export function globalNorm(tensors: Tensors): tf.Tensor {
  return tf.sqrt(tf.addN(Object.values(tensors).map((tensor) => tf.sum(tf.square(tensor)))));
}

/** The tensors scaled so that their global norm, given as `norm`, is `limit` at most. */
export function clipped(tensors: Tensors, norm: tf.Tensor, limit: number): Tensors {
  const scale = tf.minimum(1, tf.div(limit, tf.add(norm, 1e-12)));
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tf.mul(tensor, scale)]));
}
