/**
 * tensorflow.js's fused kernels: a product or a convolution, a bias, an activation. They are taken apart again into
 * the kernels that they consist of; the runtime fuses what it can fuse.
 */
import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs';
import { EngineError } from '../../../shared/errors.ts';
import type { Trace } from '../trace.ts';
import { arithmeticKernels } from './arithmetic.ts';
import { convolutionKernels } from './convolution.ts';
import { depthwiseKernels } from './depthwise.ts';
import type { Kernel, KernelTable } from './kernel.ts';
import { matMulKernels } from './matMul.ts';
import { unaryKernels } from './unary.ts';

/** Kernels of the activations that tensorflow.js fuses. */
const activations: Readonly<Record<string, string>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
  leakyrelu: 'LeakyRelu',
  prelu: 'Prelu',
};

function call(
  table: KernelTable,
  name: string,
  trace: Trace,
  inputs: Record<string, TensorInfo>,
  attributes: NamedAttrMap,
) {
  const kernel = table[name] as Kernel;
  return kernel(trace, inputs, attributes) as TensorInfo;
}

/** A kernel `name` of `table`, then a bias, then an activation. */
function fused(table: KernelTable, name: string): Kernel {
  return (trace, inputs, attributes) => {
    const { bias, preluActivationWeights, ...operands } = inputs as Record<string, TensorInfo>;
    const result = call(table, name, trace, operands, attributes);
    const shifted = bias ? call(arithmeticKernels, 'Add', trace, { a: result, b: bias }, {}) : result;
    const activation = String(attributes.activation ?? 'linear');
    if (activation === 'linear') return shifted;
    const activate = activations[activation];
    if (!activate)
      throw new EngineError(`the fused activation ${activation} cannot be compiled; apply it after the layer`);
    const alpha = attributes.leakyreluAlpha ?? 0.2;
    const weights = preluActivationWeights && { alpha: preluActivationWeights };
    return call(unaryKernels, activate, trace, { x: shifted, ...weights }, { alpha });
  };
}

export const fusedKernels: KernelTable = {
  _FusedMatMul: fused(matMulKernels, 'BatchMatMul'),
  FusedConv2D: fused(convolutionKernels, 'Conv2D'),
  FusedDepthwiseConv2D: fused(depthwiseKernels, 'DepthwiseConv2dNative'),
};
