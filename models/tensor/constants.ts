/**
 * Trained parameters as constants of a program: called inside a traced function, so that the engine may fold and
 * pre-pack them. A program made this way needs only its real inputs.
 */
import * as tf from '@tensorflow/tfjs';
import type { HostTensors, Tensors } from './program.ts';

/** The same tensors, as constants of the function that is being traced. */
export function constants(tensors: HostTensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { data, shape, dtype }]) => [name, tf.tensor(data, [...shape], dtype)]),
  );
}
