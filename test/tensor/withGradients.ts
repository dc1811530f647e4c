/** A function with its gradients beside its outputs, for comparing both at once. */
import * as tf from '@tensorflow/tfjs';
import type { TensorFunction, Tensors } from '../../models/tensor/program.ts';

/** Numbers from −1 to 2, the same on every engine. */
export function spaced(count: number): number[] {
  return Array.from({ length: count }, (_, i) => (count > 1 ? -1 + (3 * i) / (count - 1) : -1));
}

/** The function with the gradient of a weighted sum of its first output added, for each float input. */
export function withGradients(fn: TensorFunction): TensorFunction {
  return (inputs: Tensors) => {
    const names = Object.keys(inputs).filter((name) => inputs[name]?.dtype === 'float32');
    const grads = tf.grads((...values: tf.Tensor[]) => {
      const all = { ...inputs, ...Object.fromEntries(names.map((name, i) => [name, values[i] as tf.Tensor])) };
      const output = Object.values(fn(all))[0] as tf.Tensor;
      const weights = tf.tensor(spaced(output.size), output.shape);
      return tf.sum(tf.mul(output, weights));
    })(names.map((name) => inputs[name] as tf.Tensor));
    return { ...fn(inputs), ...Object.fromEntries(names.map((name, i) => [`d/d${name}`, grads[i] as tf.Tensor])) };
  };
}
