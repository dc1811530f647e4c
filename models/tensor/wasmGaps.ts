/**
 * What tensorflow.js's WebAssembly backend, release 4.22, computes wrongly (`kernelGaps.ts`). Some of it writes past
 * the end of its memory, after which everything else is wrong too.
 */
import { type BackendFaults, isOf, type KernelCall } from './kernelGaps.ts';
import { wasmFilterGradient } from './wasmFilterGradient.ts';

/**
 * Kernels that may be given truth values. Others move them four bytes at a time, though each has one, and write past
 * the end of their memory; whatever runs afterwards is lost.
 */
const ofBools = new Set(['Cast', 'ExpandDims', 'Identity', 'LogicalAnd', 'LogicalNot', 'LogicalOr', 'Reshape']);

/** Kernels of float32 that are wrong for int32, or refuse it. */
const notOfIntegers = new Set(['BatchMatMul', 'ClipByValue', 'Expm1', 'Log1p', 'Reciprocal']);

/** Calls with which the backend is not to be trusted, by kernel. */
const wrong: Readonly<Record<string, (call: KernelCall) => boolean>> = {
  Cast: ({ attrs }) => attrs?.dtype === 'bool', // writes 255 for true
  Conv2D: isMisplaced,
  Conv3DBackpropFilterV2: always,
  Conv3DBackpropInputV2: always,
  DepthwiseConv2dNative: isMisplaced,
  Dilation2D: always,
  Dilation2DBackpropFilter: always,
  Dilation2DBackpropInput: always,
  FusedConv2D: isMisplaced,
  FusedDepthwiseConv2D: isMisplaced,
  FloorDiv: always, // its result is of another type
  GatherV2: ({ attrs }) => attrs?.batchDims !== 0,
  MaxPool3D: always,
  MaxPool3DGrad: always,
  MaxPoolGrad: always,
  MaxPoolWithArgmax: always,
};

/**
 * Whether a convolution's windows lie elsewhere than tensorflow.js has them: where `same` padding meets strides longer
 * than the filter; and where padding is one number and height and width differ in filter or stride, since tensorflow.js
 * takes the output's shape from the height alone, and this backend writes past its end.
 */
function isMisplaced({ inputs, attrs }: KernelCall): boolean {
  const [strideHeight = 1, strideWidth = strideHeight] = [attrs?.strides].flat() as number[];
  const [dilationHeight = 1, dilationWidth = dilationHeight] = [attrs?.dilations ?? 1].flat() as number[];
  const [height = 1, width = 1] = inputs.filter?.shape ?? [];
  const spans = [(height - 1) * dilationHeight + 1, (width - 1) * dilationWidth + 1] as const;
  if (attrs?.pad === 'same') return strideHeight > spans[0] || strideWidth > spans[1];
  return typeof attrs?.pad === 'number' && (strideHeight !== strideWidth || spans[0] !== spans[1]);
}

function always(): boolean {
  return true;
}

export const wasmFaults: BackendFaults = {
  made: { Conv2DBackpropFilter: wasmFilterGradient },
  isWrong(kernel, call) {
    const inputs = Object.values(call.inputs);
    if (notOfIntegers.has(kernel) && inputs.some((tensor) => isOf('int32', tensor))) return true;
    if (wrong[kernel]?.(call)) return true;
    if (kernel === 'Select') return isOf('bool', call.inputs.t); // its condition may be of truth values
    return !ofBools.has(kernel) && inputs.some((tensor) => isOf('bool', tensor));
  },
};
