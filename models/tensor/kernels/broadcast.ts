/**
 * Element-by-element kernels on symbolic tensors: they work on what is stored and leave broadcasting to the operator,
 * so that a tensor that is one number, or one row, stays so.
 */
import type { TensorInfo } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import type { Attributes } from '../graphBuilder.ts';
import type { Trace } from '../trace.ts';

const { assertAndGetBroadcastShape } = tf.backend_util;

/** A new tensor computed from each element of `x` by nodes that `emit` adds. */
export function elementwise(
  trace: Trace,
  x: TensorInfo,
  emit: (name: string) => string,
  dtype: string = x.dtype,
): TensorInfo {
  const { name, stored } = trace.symbolic(x);
  return trace.tensor(emit(name), x.shape, dtype, stored);
}

/** A new tensor computed from the elements of several that broadcast together. */
export function broadcast(
  trace: Trace,
  inputs: readonly TensorInfo[],
  emit: (...names: string[]) => string,
  dtype: string,
): TensorInfo {
  const symbols = inputs.map((input) => trace.symbolic(input));
  const shape = jointShape(inputs.map((input) => input.shape));
  const stored = jointShape(symbols.map((symbol) => symbol.stored));
  return trace.tensor(emit(...symbols.map(({ name }) => name)), shape, dtype, stored);
}

/** A single operator on tensors that broadcast together. */
export function broadcastNode(
  trace: Trace,
  operator: string,
  inputs: readonly TensorInfo[],
  dtype: string,
  attributes: Attributes = {},
): TensorInfo {
  return broadcast(trace, inputs, (...names) => trace.graph.node(operator, names, attributes), dtype);
}

/** The shape that the given ones broadcast to. */
export function jointShape(shapes: readonly (readonly number[])[]): readonly number[] {
  return shapes.map((shape) => [...shape]).reduce((joint, shape) => assertAndGetBroadcastShape(joint, shape));
}
