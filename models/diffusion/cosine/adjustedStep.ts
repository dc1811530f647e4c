/**
 * aDDIM's step (multistep consistency models, arXiv 2403.06807, eq. 14): a denoiser answers with a mean, so that a DDIM
 * step loses the variance of what it averaged over, and pictures come out too smooth. The step adds it back, in the
 * direction of the noise that is already there: with ε̂ the noise that x̂ leaves of z_t and v the lost variance a
 * number,
 *
 * z_s = α_s x̂ + √(σ_s² + g² · v · d / ‖ε̂‖²) · ε̂,   g = DDIM's weight of x̂,   d numbers in a picture.
 *
 * Without lost variance it is DDIM. It takes x̂ and ε̂ to be orthogonal; where they are not, it overshoots.
 */
import * as tf from '@tensorflow/tfjs';
import { type Coefficients, combineTensors } from './ddim.ts';

/** Coefficients of the step from t to s, with one value an example, [batch, 1, 1, 1]. */
export interface AdjustedStepCoefficients {
  /** z_s from (x̂, z_t) by DDIM. */
  readonly ddim: Coefficients<tf.Tensor>;
  /** α and σ at t. */
  readonly noising: Coefficients<tf.Tensor>;
  /** α and σ at s. */
  readonly nextNoising: Coefficients<tf.Tensor>;
}

/** z_s from x̂ and z_t, both [batch, ...], and the lost variance of each picture, [batch, 1, 1, 1]. */
export function adjustedStep(
  denoised: tf.Tensor,
  noisy: tf.Tensor,
  variance: tf.Tensor,
  { ddim, noising, nextNoising }: AdjustedStepCoefficients,
): tf.Tensor {
  const [alpha, sigma] = noising;
  const nextSigma = nextNoising[1];
  const noise = tf.div(tf.sub(noisy, tf.mul(denoised, alpha)), sigma);
  const power = tf.mean(tf.square(noise), [1, 2, 3], true); // ‖ε̂‖² / d
  const added = tf.div(tf.mul(tf.square(ddim[0]), variance), power);
  const more = tf.sub(tf.sqrt(tf.add(tf.square(nextSigma), added)), nextSigma); // beyond DDIM's σ_s
  return tf.add(combineTensors(ddim, denoised, noisy), tf.mul(noise, more));
}
