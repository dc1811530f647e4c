/**
 * SiLU, also called swish (Elfwing et al. 2017, arXiv 1702.03118): `x · sigmoid(x)`. Smooth everywhere, which suits
 * denoisers and predictors that are differentiated through. Its gradient is written out: it shares the sigmoid with the
 * forward pass, and goes over the data four times, where that of the two operations goes six times.
 */
import * as tf from '@tensorflow/tfjs';

/** Any shape → the same shape. */
export const silu: (x: tf.Tensor) => tf.Tensor = tf.customGrad((...inputs) => {
  const [x, save] = inputs as [tf.Tensor, tf.GradSaveFunc];
  save([x]);
  return { value: swish(x), gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, slope(saved[0] as tf.Tensor)) };
});

function swish(x: tf.Tensor): tf.Tensor {
  return tf.mul(x, tf.sigmoid(x));
}

/** With the gate s = sigmoid(x): s + x · s · (1 − s). */
function slope(x: tf.Tensor): tf.Tensor {
  const gate = tf.sigmoid(x);
  return tf.add(gate, tf.mul(tf.mul(x, gate), tf.sub(1, gate)));
}
