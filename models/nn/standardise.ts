/**
 * Standardisation: mean 0 and variance 1 over some axes, what layer, group and instance norms have in common. Its
 * gradient is the upstream gradient without its mean and without its share along the result (Ba et al. 2016, arXiv
 * 1607.06450, supplement; Ioffe and Szegedy 2015, section 3), five passes over the data where that of the single
 * operations takes eight.
 */
import * as tf from '@tensorflow/tfjs';

const EPSILON = 1e-5;

/** Any shape → the same shape, standardised over `axes`, the last unless told. */
export function standardise(x: tf.Tensor, axes: number | number[] = -1, epsilon = EPSILON): tf.Tensor {
  const apply = tf.customGrad((...inputs) => {
    const [value, save] = inputs as [tf.Tensor, tf.GradSaveFunc];
    save([value]);
    return {
      value: standardised(value, axes, epsilon).result,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const { result, deviation } = standardised(saved[0] as tf.Tensor, axes, epsilon);
        const share = tf.mul(result, tf.mean(tf.mul(dy, result), axes, true));
        return tf.div(tf.sub(tf.sub(dy, tf.mean(dy, axes, true)), share), deviation);
      },
    };
  });
  return apply(x);
}

/**
 * The result, and the standard deviation. In just this form (a power of 2, a quotient) ONNX Runtime makes one operator
 * of it, and of the scale and shift that follow, wherever no gradient needs what lies between.
 */
function standardised(x: tf.Tensor, axes: number | number[], epsilon: number) {
  const centred = tf.sub(x, tf.mean(x, axes, true));
  const deviation = tf.sqrt(tf.add(tf.mean(tf.pow(centred, 2), axes, true), epsilon));
  return { result: tf.div(centred, deviation), deviation };
}
