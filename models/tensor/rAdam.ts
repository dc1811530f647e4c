/**
 * RAdam (Liu et al. 2019, arXiv 1908.03265, algorithm 2): Adam that takes no adaptive step until its second moments
 * rest on enough gradients, and then scales it by how much they can be trusted, so that it needs no warm-up. Weight
 * decay is decoupled, as AdamW's. The adaptive steps begin when the length of the approximated average, ρ, passes 5, as
 * in the authors' program and in PyTorch; the paper writes 4, where the scale is still almost nought.
 */
import * as tf from '@tensorflow/tfjs';
import { type Optimiser, type OptimiserConfig, updateEach } from './optimiser.ts';

export const defaultRAdamConfig: OptimiserConfig = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.01,
  clipNorm: 1,
};

/** ρ from which on steps are adaptive. */
const ENOUGH = 5;

export const rAdam: Optimiser = (state, gradients, step, learningRate, config) => {
  const { beta1, beta2, epsilon, weightDecay } = config;
  const longest = 2 / (1 - beta2) - 1;
  const length = averageLength(step, beta2); // []
  const adaptive = tf.cast(tf.greater(length, ENOUGH), 'float32'); // [], 0 or 1
  const safe = tf.maximum(length, ENOUGH); // the root below stays real where it is not used
  const trust = tf.sqrt(
    tf.div(tf.mul(tf.mul(tf.sub(safe, 4), tf.sub(safe, 2)), longest), tf.mul((longest - 4) * (longest - 2), safe)),
  ); // []
  const correction2 = fractionPast(step, beta2); // []
  const unit = tf.sqrt(tf.div(1 - beta2, correction2)); // of the second moment's square root
  const plain = tf.mul(learningRate, tf.div(1 - beta1, fractionPast(step, beta1)));
  const rate = tf.mul(plain, tf.add(tf.sub(1, adaptive), tf.mul(adaptive, tf.div(trust, unit))));
  const floor = tf.add(tf.sub(1, adaptive), tf.mul(adaptive, tf.div(epsilon, unit)));
  const kept = tf.sub(1, tf.mul(learningRate, weightDecay));
  return updateEach(state, gradients, (old, gradient) => {
    const first = tf.add(tf.mul(old.first, beta1), gradient);
    const second = tf.add(tf.mul(old.second, beta2), tf.square(gradient));
    const change = tf.mul(rate, tf.div(first, tf.add(tf.mul(adaptive, tf.sqrt(second)), floor)));
    const decays = weightDecay > 0 && old.parameter.rank >= 2;
    return { first, second, parameter: tf.sub(decays ? tf.mul(old.parameter, kept) : old.parameter, change) };
  });
};

/** 1 − βᵗ. */
function fractionPast(step: tf.Tensor, beta: number): tf.Tensor {
  return tf.neg(tf.expm1(tf.mul(step, Math.log(beta))));
}

/**
 * ρ = 2 / (1 − β) − 1 − 2t βᵗ / (1 − βᵗ), a scalar. The young run's ρ is a small difference of large numbers, of which
 * float32 would keep three digits: there its series in x = −t ln β is taken, from 2t / (eˣ − 1) = 2t/x − t + tx/6 −
 * tx³/360.
 */
function averageLength(step: tf.Tensor, beta: number): tf.Tensor {
  const x = tf.mul(step, -Math.log(beta));
  const offset = 2 / (1 - beta) - 1 + 2 / Math.log(beta);
  const correction = tf.sub(tf.div(x, 6), tf.div(tf.pow(x, 3), 360));
  const young = tf.add(tf.mul(step, tf.sub(1, correction)), offset);
  const old = tf.sub(2 / (1 - beta) - 1, tf.div(tf.mul(2, step), tf.expm1(x)));
  return tf.where(tf.less(x, 0.5), young, old);
}
