/**
 * What a kernel of the tracing backend is: a function from symbolic tensors and tensorflow.js's attributes to
 * symbolic tensors. The kernels lie in tables by family, under the names and with the inputs and attributes of
 * tensorflow.js's kernel registry.
 */
import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs';
import type { Trace } from '../trace.ts';

export type Kernel = (trace: Trace, inputs: NamedTensorInfoMap, attributes: NamedAttrMap) => TensorInfo | TensorInfo[];

export type KernelTable = Readonly<Record<string, Kernel>>;

/** A kernel that names the inputs and attributes that tensorflow.js promises for it. */
export function kernel<Inputs, Attributes = unknown>(
  emit: (trace: Trace, inputs: Inputs, attributes: Attributes) => TensorInfo | TensorInfo[],
): Kernel {
  return emit as unknown as Kernel;
}

/** The input of most kernels. */
export interface Unary {
  readonly x: TensorInfo;
}

/** The inputs of most others. */
export interface Binary {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
}

/** A non-negative axis. */
export function axisOf(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
