/**
 * Kernels that tensorflow.js's WebAssembly backend lacks, or computes wrongly, are computed by its plain CPU backend
 * instead, and their tensors cross over: slower, and right. Lacking ones are found by comparing the registries; wrong ones,
 * of release 4.22, are listed with the calls that they get wrong. The numerics suite is what found them.
 */
import * as tf from '@tensorflow/tfjs';
import { asDType } from './trace.ts';

/** What a kernel is called with: inputs by name, or a list of them, which tensorflow.js's types leave out. */
interface KernelCall {
  readonly inputs: Readonly<Record<string, tf.TensorInfo | undefined>>;
  readonly attrs: tf.NamedAttrMap | undefined;
  readonly backend: unknown;
}

/**
 * Kernels that may be given truth values. Others move them four bytes at a time, though each has one, and write past the
 * end of their memory; whatever runs afterwards is lost.
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
 * Whether a convolution's windows lie elsewhere than tensorflow.js has them: where `same` padding meets strides longer than
 * the filter; and where padding is one number and height and width differ in filter or stride, since tensorflow.js takes the
 * output's shape from the height alone, and this backend writes past its end.
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

function isOf(dtype: tf.DataType, tensor: tf.TensorInfo | undefined): boolean {
  return tensor?.dtype === dtype;
}

function trusted(kernel: string, call: KernelCall): boolean {
  const inputs = Object.values(call.inputs);
  if (notOfIntegers.has(kernel) && inputs.some((tensor) => isOf('int32', tensor))) return false;
  if (wrong[kernel]?.(call)) return false;
  if (kernel === 'Select') return !isOf('bool', call.inputs.t); // its condition may be of truth values
  return ofBools.has(kernel) || !inputs.some((tensor) => isOf('bool', tensor));
}

/** Puts kernels of the CPU backend in the gaps; once a process. */
export function fillWasmGaps(): void {
  const present = new Map((tf.getKernelsForBackend('wasm') ?? []).map((config) => [config.kernelName, config]));
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend('cpu')) {
    const own = present.get(kernelName);
    if (own) tf.unregisterKernel(kernelName, 'wasm');
    tf.registerKernel({
      ...own,
      kernelName,
      backendName: 'wasm',
      kernelFunc: (call) => {
        const seen = call as KernelCall;
        return own && trusted(kernelName, seen) ? own.kernelFunc(call) : onCpu(kernelFunc, seen);
      },
    });
  }
}

/** Computes on the CPU backend and brings the results back. */
function onCpu(kernel: tf.KernelFunc, { inputs, attrs, backend }: KernelCall): tf.TensorInfo | tf.TensorInfo[] {
  const wasm = backend as tf.KernelBackend;
  const cpu = tf.findBackend('cpu');
  const away = Object.entries(inputs).map(([name, given]): [string, tf.TensorInfo | undefined] => [
    name,
    // Some kernels read what only whole tensors have: their rank.
    given && Object.assign(crossed(given, wasm, cpu), { rank: given.shape.length }),
  ]);
  const named = Array.isArray(inputs) ? away.map(([, tensor]) => tensor) : Object.fromEntries(away);
  const computed = kernel({ inputs: named as tf.NamedTensorInfoMap, attrs, backend: cpu });
  const results = [computed].flat();
  const home = results.map((tensor) => crossed(tensor, cpu, wasm));
  const left = [...away.flatMap(([, tensor]) => tensor ?? []), ...results];
  for (const dataId of new Set(left.map((tensor) => tensor.dataId))) cpu.disposeData(dataId, true);
  return Array.isArray(computed) ? home : (home[0] as tf.TensorInfo);
}

/** The same tensor on another backend. */
function crossed({ dataId, shape, dtype }: tf.TensorInfo, from: tf.KernelBackend, to: tf.KernelBackend): tf.TensorInfo {
  const Values = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[asDType(dtype)];
  // A copy of the very type that the other side's memory has; the CPU backend keeps some integers as floats.
  const values = new Values(from.readSync(dataId) as Float32Array);
  return { dataId: to.write(values, shape, dtype), shape, dtype };
}
