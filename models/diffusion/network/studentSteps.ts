/**
 * The step counts that a student conditioned on them can be told, and how it is told: by a one-hot vector into one
 * layer. A network knows as many of the counts as that layer has rows, so that weights from before there was a count
 * keep their shape, work as they did, and are refused at the count that they have never seen.
 */
import * as tf from '@tensorflow/tfjs';
import { float32, type HostTensor, type HostTensors, sizeOf } from '../../tensor/program.ts';

/** In the order of the layer's rows: new counts go to the end. */
export const STUDENT_STEPS: readonly number[] = [1, 2, 4, 8, 16];

/** The layer that a student is told by. */
export const STEPS_KERNEL = 'embed/steps/kernel';

type Shaped = Readonly<Record<string, { readonly shape: readonly number[] }>>;

/** The step counts that a network of these parameters can be told. */
export function stepsKnownTo(params: Shaped): readonly number[] {
  return STUDENT_STEPS.slice(0, params[STEPS_KERNEL]?.shape[0]);
}

/** One-hot rows over all step counts, one for each example: [batch, 5]. */
export function stepChoice(steps: readonly number[]): HostTensor {
  const rows = new Float32Array(steps.length * STUDENT_STEPS.length);
  steps.forEach((count, row) => {
    rows[row * STUDENT_STEPS.length + STUDENT_STEPS.indexOf(count)] = 1;
  });
  return float32(rows, [steps.length, STUDENT_STEPS.length]);
}

/** The one-hot row of one count that the network knows, as a constant: [1, counts]. */
export function oneStepChoice(params: Shaped, steps: number): tf.Tensor {
  const known = stepsKnownTo(params);
  return tf.tensor2d([known.map((count) => Number(count === steps))]);
}

/**
 * The same parameters with a row for every step count; what was not known begins at zero, as the whole layer does. The
 * optimiser's moments of the parameters are widened likewise.
 */
export function withEveryStep(params: HostTensors): HostTensors {
  const kernel = params[STEPS_KERNEL];
  if (!kernel || kernel.shape[0] === STUDENT_STEPS.length) return params;
  const shape = [STUDENT_STEPS.length, ...kernel.shape.slice(1)];
  const values = new Float32Array(sizeOf(shape));
  values.set(kernel.data as Float32Array);
  return { ...params, [STEPS_KERNEL]: float32(values, shape) };
}
