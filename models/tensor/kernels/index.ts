/** All kernels that the compiled engine covers, by their names in tensorflow.js. */
import { arithmeticKernels } from './arithmetic.ts';
import { convolutionKernels } from './convolution.ts';
import { indexingKernels } from './indexing.ts';
import type { KernelTable } from './kernel.ts';
import { matMulKernels } from './matMul.ts';
import { poolingKernels } from './pooling.ts';
import { reductionKernels } from './reduction.ts';
import { resizeKernels } from './resize.ts';
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
  ...resizeKernels,
};
