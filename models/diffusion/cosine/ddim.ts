/**
 * DDIM's deterministic step (Song et al. 2021, arXiv 2010.02502) and its inverse (Salimans and Ho 2022; multistep
 * consistency models, arXiv 2403.06807, eq. 4 and 5), each as the two coefficients of a linear combination. In the
 * angle form of the cosine schedule nothing cancels:
 *
 * z_s = [sin(φ_t − φ_s) · x̂ + sin φ_s · z_t] / sin φ_t          x̂ = [sin φ_t · z_s − sin φ_s · z_t] / sin(φ_t − φ_s)
 *
 * where the textbook's `α_s − α_t σ_s / σ_t` loses all digits on fine grids. Coefficients are numbers for samplers and
 * for tests in float64, or tensors with one value a row for training: the algorithms are written once over both.
 */
import * as tf from '@tensorflow/tfjs';
import { alpha, angleOf, sigma } from './cosineSchedule.ts';

/** The weights of the two terms of a sum. */
export type Coefficients<C = number> = readonly [C, C];

/** `coefficients[0] · first + coefficients[1] · second`. */
export type Combine<T, C = number> = (coefficients: Coefficients<C>, first: T, second: T) => T;

/** The combination of tensors; a coefficient is a number, or a tensor that broadcasts. */
export function combineTensors(
  [a, b]: Coefficients<number | tf.Tensor>,
  first: tf.Tensor,
  second: tf.Tensor,
): tf.Tensor {
  return tf.add(tf.mul(first, a), tf.mul(second, b));
}

/** z_t from (x, ε). */
export function noising(time: number): Coefficients {
  return [alpha(time), sigma(time)];
}

/**
 * z_s from (x̂, z_t), for s ≤ t. The step from a time to itself is the identity, also at 0, where the formula says 0/0.
 */
export function ddimStep(from: number, to: number): Coefficients {
  if (from === to) return [0, 1];
  return [sigma(from - to) / sigma(from), sigma(to) / sigma(from)];
}

/** The x̂ that DDIM would need to get from z_t to z_s, from (z_s, z_t), for s < t. */
export function inverseDdimStep(from: number, to: number): Coefficients {
  const between = Math.sin(angleOf(from) - angleOf(to));
  return [sigma(from) / between, -sigma(to) / between];
}
