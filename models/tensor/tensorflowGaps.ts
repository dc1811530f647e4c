/**
 * What libtensorflow, through tensorflow.js's binding of release 4.22, computes otherwise than tensorflow.js, or
 * refuses (`kernelGaps.ts`): it has no kernels for some element types and dilations, and says so.
 */
import type { BackendFaults } from './kernelGaps.ts';

/** Kernels that mean something else there. */
const different = new Set([
  'AvgPool3DGrad', // at a padded border, tensorflow.js shares the gradient by the window's size (docs/engine.md)
  'AvgPoolGrad',
  'FloorDiv', // its result is of another type
]);

/** INVALID_ARGUMENT, NOT_FOUND and UNIMPLEMENTED (tensorflow/c/tf_status.h). */
const REFUSAL = /TF_Status: (3|5|12)\b/;

export const tensorflowFaults: BackendFaults = {
  // The binding counts no axis from the end when it gathers.
  isWrong: (kernel, { attrs }) => different.has(kernel) || (kernel === 'GatherV2' && Number(attrs?.axis) < 0),
  isRefusal: (error) => error instanceof Error && REFUSAL.test(error.message),
};
