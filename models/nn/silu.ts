/**
 * SiLU, also called swish (Elfwing et al. 2017, arXiv 1702.03118): `x · sigmoid(x)`. Smooth everywhere, which suits
 * denoisers and predictors that are differentiated through.
 */
import * as tf from '@tensorflow/tfjs';

/** Any shape → the same shape. */
export function silu(x: tf.Tensor): tf.Tensor {
  return tf.mul(x, tf.sigmoid(x));
}
