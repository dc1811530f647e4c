/**
 * AdamW (Loshchilov and Hutter 2017, arXiv 1711.05101, algorithm 2) with clipping of the global gradient norm
 * (Pascanu et al. 2013), as pure functions on tensors, so that the update is compiled into the same graph as the
 * loss. Weight decay is decoupled from the gradient and pulls on kernels alone (rank 2 and above): biases, norms'
 * scales and single numbers keep their size.
 *
 * An update is bound by memory, so that its passes over the parameters count. Moments are therefore kept as discounted
 * sums, Σ βⁱ g, whose averages differ by the factor 1 − β, and all factors are gathered in two numbers for the
 * whole step: ten passes instead of sixteen.
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
  /** Discounted sums of the gradients. */
  readonly firstMoments: Tensors;
  /** Discounted sums of the squared gradients. */
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
  const unit = tf.sqrt(tf.div(1 - beta2, correction2)); // of the second moment's square root
  const rate = tf.mul(learningRate, tf.div(1 - beta1, tf.mul(correction1, unit)));
  const floor = tf.div(epsilon, unit);
  const kept = tf.sub(1, tf.mul(learningRate, weightDecay));
  const update = (name: string, parameter: tf.Tensor) => {
    const gradient = named(gradients, name);
    const first = tf.add(tf.mul(named(firstMoments, name), beta1), gradient);
    const second = tf.add(tf.mul(named(secondMoments, name), beta2), tf.square(gradient));
    const change = tf.mul(rate, tf.div(first, tf.add(tf.sqrt(second), floor)));
    const decays = weightDecay > 0 && parameter.rank >= 2;
    return { first, second, parameter: tf.sub(decays ? tf.mul(parameter, kept) : parameter, change) };
  };
  const updates = Object.entries(parameters).map(([name, parameter]) => [name, update(name, parameter)] as const);
  return {
    parameters: Object.fromEntries(updates.map(([name, { parameter }]) => [name, parameter])),
    firstMoments: Object.fromEntries(updates.map(([name, { first }]) => [name, first])),
    secondMoments: Object.fromEntries(updates.map(([name, { second }]) => [name, second])),
  };
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
