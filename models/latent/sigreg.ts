/**
 * SIGReg: keeps the latents from collapsing by asking that they look Gaussian along random directions. Along each
 * direction the empirical characteristic function is compared with the normal one, weighted and integrated over 17
 * knots: the Epps–Pulley statistic of LeJEPA and LeWorldModel (arXiv 2603.19312, §3.1). For N standard normal latents
 * the expectation is about 1.05 whatever N; for collapsed ones 0.402·N. Both lines belong beside the curve.
 */
import * as tf from '@tensorflow/tfjs';

const KNOTS = 17;
const LAST_KNOT = 3;
const spacing = LAST_KNOT / (KNOTS - 1);
const knots = Array.from({ length: KNOTS }, (_, k) => k * spacing);
/** Value of the normal characteristic function at each knot. */
const normal = knots.map((t) => Math.exp((-t * t) / 2));
/** Trapezoid weights, doubled for the symmetric half, times the Gaussian window. */
const weights = normal.map((phi, k) => phi * spacing * (k === 0 || k === KNOTS - 1 ? 1 : 2));

/** Expected value for standard normal latents, at any batch size. */
export const SIGREG_FLOOR = 1.05;

/** Value for so many latents that are all the same. */
export function sigregOfCollapsed(count: number): number {
  return 0.402 * count;
}

/** Latents `[count, latent]` along unit directions `[latent, directions]` → a scalar. */
export function sigreg(latents: tf.Tensor2D, directions: tf.Tensor2D): tf.Scalar {
  const count = latents.shape[0];
  const projected = tf.matMul(latents, directions); // [count, directions]
  const statistics = knots.map((t, k) => {
    const angle = tf.mul(projected, t);
    const real = tf.sub(tf.mean(tf.cos(angle), 0), normal[k] as number); // [directions]
    const imaginary = tf.mean(tf.sin(angle), 0);
    return tf.mul(tf.add(tf.square(real), tf.square(imaginary)), (weights[k] as number) * count);
  });
  return tf.mean(tf.addN(statistics)) as tf.Scalar;
}
