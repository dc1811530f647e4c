/**
 * AdamW (Loshchilov and Hutter 2017, arXiv 1711.05101, algorithm 2) as a pure function on tensors. Weight decay is
 * decoupled from the gradient and pulls on kernels alone (rank 2 and above): biases, norms' scales and single numbers
 * keep their size.
 *
 * An update is bound by memory, so that its passes over the parameters count. Moments are therefore discounted sums,
 * and all factors are gathered in two numbers for the whole step: ten passes instead of sixteen.
 */
import * as tf from '@tensorflow/tfjs';
import { type Optimiser, type OptimiserConfig, updateEach } from './optimiser.ts';

export const defaultAdamWConfig: OptimiserConfig = {
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0.01,
  clipNorm: 1,
};

export const adamW: Optimiser = (state, gradients, step, learningRate, config) => {
  const { beta1, beta2, epsilon, weightDecay } = config;
  const correction1 = tf.sub(1, tf.pow(beta1, step)); // []
  const correction2 = tf.sub(1, tf.pow(beta2, step)); // []
  const unit = tf.sqrt(tf.div(1 - beta2, correction2)); // of the second moment's square root
  const rate = tf.mul(learningRate, tf.div(1 - beta1, tf.mul(correction1, unit)));
  const floor = tf.div(epsilon, unit);
  const kept = tf.sub(1, tf.mul(learningRate, weightDecay));
  return updateEach(state, gradients, (old, gradient) => {
    const first = tf.add(tf.mul(old.first, beta1), gradient);
    const second = tf.add(tf.mul(old.second, beta2), tf.square(gradient));
    const change = tf.mul(rate, tf.div(first, tf.add(tf.sqrt(second), floor)));
    const decays = weightDecay > 0 && old.parameter.rank >= 2;
    return { first, second, parameter: tf.sub(decays ? tf.mul(old.parameter, kept) : old.parameter, change) };
  });
};
