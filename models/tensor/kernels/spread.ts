/**
 * Zeros between elements: what undoes a strided selection, and what turns a dilated filter into a plain one. Only
 * reshapes, a padding and a cut, so that it has gradients and runs everywhere.
 */
import type { Tensor } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { sizeOf } from '../program.ts';

/** Axis `i` of n elements becomes (n − 1) · steps[i] + 1 long, with zeros between; later axes stay. */
export function spread(x: Tensor, steps: readonly number[]): Tensor {
  return steps.reduce((spaced, step, axis) => (step === 1 ? spaced : spreadAxis(spaced, axis, step)), x);
}

function spreadAxis(x: Tensor, axis: number, step: number): Tensor {
  const length = x.shape[axis] as number;
  const [outer, inner] = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis + 1))];
  const columns = tf.pad(tf.reshape(x, [outer, length, 1, inner]), [
    [0, 0],
    [0, 0],
    [0, step - 1],
    [0, 0],
  ]);
  const joined = tf.reshape(columns, [outer, length * step, inner]);
  const longer = (length - 1) * step + 1;
  return tf.reshape(tf.slice(joined, [0, 0, 0], [outer, longer, inner]), x.shape.with(axis, longer));
}
