/** All kernels that the compiled engine covers, by their names in tensorflow.js. */
import { arithmeticKernels } from './arithmetic.ts';
import { convolutionKernels } from './convolution.ts';
import { depthwiseKernels } from './depthwise.ts';
import { fusedKernels } from './fused.ts';
import { indexingKernels } from './indexing.ts';
import type { KernelTable } from './kernel.ts';
import { matMulKernels } from './matMul.ts';
import { morphologyKernels } from './morphology.ts';
import { normalisationKernels } from './normalisation.ts';
import { poolingKernels } from './pooling.ts';
import { rearrangementKernels } from './rearrangement.ts';
import { reductionKernels } from './reduction.ts';
import { resizeKernels } from './resize.ts';
import { scatterKernels } from './scatter.ts';
import { shapeKernels } from './shape.ts';
import { unaryKernels } from './unary.ts';

export const kernels: KernelTable = {
  ...arithmeticKernels,
  ...unaryKernels,
  ...shapeKernels,
  ...reductionKernels,
  ...indexingKernels,
  ...matMulKernels,
  ...convolutionKernels,
  ...poolingKernels,
  ...depthwiseKernels,
  ...morphologyKernels,
  ...normalisationKernels,
  ...rearrangementKernels,
  ...scatterKernels,
  ...fusedKernels,
  ...resizeKernels,
};
