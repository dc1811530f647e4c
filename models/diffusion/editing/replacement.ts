/**
 * The replacement at the heart of zero-shot editing: A⁻¹[(A y) ⊙ (1 − Ω) + (A x̂) ⊙ Ω], for an orthogonal A that lays
 * what was measured along coordinates of its own, and a mask Ω that is 0 on them (consistency models, arXiv 2303.01469,
 * Algorithm 4 and appendix D). It is a projection: twice is once, and a picture that shows what was measured is left
 * alone. A acts on the numbers of each block of pixels, as one matrix; without a matrix it is the identity.
 */
import * as tf from '@tensorflow/tfjs';
import { depthToSpace, spaceToDepth } from '../../nn/spaceToDepth.ts';
import type { SquareMatrix } from './orthogonalBasis.ts';

export interface Transform {
  /** Pixels along the side of a block. */
  readonly block: number;
  /** Acts on a block's 3 · block² numbers; symmetric, so that it is its own inverse. */
  readonly matrix?: SquareMatrix;
}

/**
 * @param clean x̂, [1, 64, 64, 3]
 * @param measured y, a picture that shows what was measured, of the same shape
 * @param free Ω, 1 where the painter is free: it broadcasts over [1, 64 / block, 64 / block, 3 · block²]
 */
export function replaceMeasured(
  clean: tf.Tensor,
  measured: tf.Tensor,
  free: tf.Tensor,
  { block, matrix }: Transform,
): tf.Tensor {
  const change = (x: tf.Tensor) => (matrix ? changeBasis(x, matrix) : x);
  const kept = tf.mul(change(spaceToDepth(measured, block)), tf.sub(1, free));
  const painted = tf.mul(change(spaceToDepth(clean, block)), free);
  return depthToSpace(change(tf.add(kept, painted)), block);
}

/** [..., size] → [..., size]. */
function changeBasis(x: tf.Tensor, { size, data }: SquareMatrix): tf.Tensor {
  const basis = tf.tensor2d(Float32Array.from(data), [size, size]);
  return tf.reshape(tf.matMul(tf.reshape(x, [-1, size]) as tf.Tensor2D, basis), x.shape);
}

/** Ω for a basis whose first `measured` coordinates are what was measured: [1, 1, 1, size]. */
export function freeAfter(measured: number, size: number): tf.Tensor {
  return tf.tensor(
    Array.from({ length: size }, (_, i) => (i < measured ? 0 : 1)),
    [1, 1, 1, size],
  );
}
