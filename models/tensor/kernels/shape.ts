/**
 * Kernels that move elements without computing: reshapes, transposes, joins, cuts, paddings and repetitions.
 * Repeating an axis of length one is a broadcast and takes no memory.
 */
import type {
  ConcatAttrs,
  ExpandDimsAttrs,
  PackAttrs,
  PadV2Attrs,
  ReshapeAttrs,
  ReverseAttrs,
  SliceAttrs,
  SplitVAttrs,
  StridedSliceAttrs,
  TensorInfo,
  TileAttrs,
  TransposeAttrs,
  UnpackAttrs,
} from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { isSingle } from '../graphBuilder.ts';
import { sizeOf } from '../program.ts';
import { asDType, type Trace } from '../trace.ts';
import { axisOf, type KernelTable, kernel, type Unary } from './kernel.ts';

/** The same elements in another shape; one number broadcast stays one number. */
export function reshape(trace: Trace, x: TensorInfo, shape: readonly number[]): TensorInfo {
  const { name, stored, uniform } = trace.symbolic(x);
  if (stored.length === 0) return trace.tensor(name, shape, x.dtype, [], uniform);
  if (isSingle(stored)) return trace.tensor(trace.reshaped(name, []), shape, x.dtype, []);
  if (sameShape(x.shape, shape)) return trace.alias(x);
  return trace.tensor(trace.reshaped(trace.whole(x), shape), shape, x.dtype);
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dimension, i) => dimension === b[i]);
}

function concat(trace: Trace, parts: readonly TensorInfo[], axis: number): TensorInfo {
  const [first] = parts;
  if (!first || parts.length === 1) return trace.alias(first as TensorInfo);
  const length = parts.reduce((sum, part) => sum + (part.shape[axis] as number), 0);
  return trace.apply('Concat', parts, first.shape.with(axis, length), first.dtype, { axis });
}

/** The axes in another order; one number broadcast stays one number. */
export function transpose(trace: Trace, x: TensorInfo, permutation: readonly number[]): TensorInfo {
  const shape = permutation.map((axis) => x.shape[axis] as number);
  const { name, stored, uniform } = trace.symbolic(x);
  if (stored.length === 0) return trace.tensor(name, shape, x.dtype, [], uniform);
  return trace.tensor(trace.graph.transpose(trace.whole(x), permutation), shape, x.dtype);
}

/** `sizes` elements from `begin`, one number an axis. */
export function slice(trace: Trace, x: TensorInfo, begin: readonly number[], sizes: readonly number[]): TensorInfo {
  const end = begin.map((start, axis) => start + (sizes[axis] as number));
  return stride(trace, x, begin, end, Array<number>(begin.length).fill(1), sizes);
}

/** A border of one number, [before, after] for each axis. */
export function pad(
  trace: Trace,
  x: TensorInfo,
  paddings: readonly (readonly [number, number])[],
  value: number,
): TensorInfo {
  const shape = x.shape.map((dimension, axis) => dimension + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0));
  if (sameShape(shape, x.shape)) return trace.alias(x);
  const { graph } = trace;
  const amounts = graph.int64([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]);
  const border = graph.scalar(value, asDType(x.dtype));
  return trace.tensor(graph.node('Pad', [trace.whole(x), amounts, border]), shape, x.dtype);
}

/** The axes `axes` backwards. */
export function reverse(trace: Trace, x: TensorInfo, axes: readonly number[]): TensorInfo {
  if (axes.length === 0) return trace.alias(x);
  const { graph } = trace;
  const all = (value: number) => graph.int64(axes.map(() => value));
  const ends = graph.int64(axes.map((axis) => -(x.shape[axis] as number) - 1));
  const name = graph.node('Slice', [trace.whole(x), all(-1), ends, graph.int64(axes), all(-1)]);
  return trace.tensor(name, x.shape, x.dtype);
}

/** Elements from `begin` up to `end` at every `step`, one number an axis. */
function stride(
  trace: Trace,
  x: TensorInfo,
  begin: readonly number[],
  end: readonly number[],
  steps: readonly number[],
  shape: readonly number[],
): TensorInfo {
  if (sameShape(x.shape, shape) && steps.every((step) => step === 1)) return trace.alias(x);
  const { graph } = trace;
  const cut = begin
    .map((_, axis) => axis)
    .filter((axis) => begin[axis] !== 0 || steps[axis] !== 1 || end[axis] !== x.shape[axis]);
  const of = (values: readonly number[]) => graph.int64(cut.map((axis) => values[axis] as number));
  const name = graph.node('Slice', [trace.whole(x), of(begin), of(end), graph.int64(cut), of(steps)]);
  return trace.tensor(name, shape, x.dtype);
}

function split(trace: Trace, x: TensorInfo, sizes: readonly number[], axis: number): TensorInfo[] {
  if (sizes.length === 1) return [trace.alias(x)];
  const names = trace.graph.nodeWith(sizes.length, 'Split', [trace.whole(x), trace.graph.int64(sizes)], { axis });
  return names.map((name, i) => trace.tensor(name, x.shape.with(axis, sizes[i] as number), x.dtype));
}

export const shapeKernels: KernelTable = {
  Reshape: kernel<Unary, ReshapeAttrs>((trace, { x }, { shape }) =>
    reshape(trace, x, tf.util.inferFromImplicitShape(shape, sizeOf(x.shape))),
  ),
  ExpandDims: kernel<{ input: TensorInfo }, ExpandDimsAttrs>((trace, { input }, { dim }) =>
    reshape(trace, input, input.shape.toSpliced(axisOf(dim, input.shape.length + 1), 0, 1)),
  ),
  Transpose: kernel<Unary, TransposeAttrs>((trace, { x }, { perm }) => transpose(trace, x, perm)),
  Concat: (trace, inputs, attributes) => {
    const parts = (Object.values(inputs) as TensorInfo[]).filter((part) => sizeOf(part.shape) > 0);
    const { axis } = attributes as unknown as ConcatAttrs;
    return concat(trace, parts, axisOf(axis, parts[0]?.shape.length ?? 0));
  },
  Pack: (trace, inputs, attributes) => {
    const items = Object.values(inputs) as TensorInfo[];
    const axis = axisOf((attributes as unknown as PackAttrs).axis, (items[0]?.shape.length ?? 0) + 1);
    const parts = items.map((item) => reshape(trace, item, item.shape.toSpliced(axis, 0, 1)));
    return concat(trace, parts, axis);
  },
  Unpack: kernel<{ value: TensorInfo }, UnpackAttrs>((trace, { value }, { axis }) => {
    const at = axisOf(axis, value.shape.length);
    const ones = Array<number>(value.shape[at] as number).fill(1);
    return split(trace, value, ones, at).map((part) => reshape(trace, part, part.shape.toSpliced(at, 1)));
  }),
  SplitV: kernel<Unary, SplitVAttrs>((trace, { x }, { numOrSizeSplits, axis }) => {
    const at = axisOf(axis, x.shape.length);
    const sizes = tf.backend_util.prepareSplitSize({ shape: x.shape } as tf.Tensor, numOrSizeSplits, at);
    return split(trace, x, sizes, at);
  }),
  Slice: kernel<Unary, SliceAttrs>((trace, { x }, { begin, size }) => {
    const [from, sizes] = tf.slice_util.parseSliceParams(x, begin, size) as [number[], number[]];
    return slice(trace, x, from, sizes);
  }),
  StridedSlice: kernel<Unary, StridedSliceAttrs>((trace, { x }, attributes) => {
    const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes;
    const masks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const;
    const plan = tf.slice_util.sliceInfo(x.shape, begin, end, strides, ...masks);
    const ends = plan.end.map((stop, axis) => (stop < 0 ? stop - (x.shape[axis] as number) : stop)); // −1: before the first
    const sizes = tf.slice_util.computeOutShape(plan.begin, plan.end, plan.strides);
    return reshape(trace, stride(trace, x, plan.begin, ends, plan.strides, sizes), plan.finalShape);
  }),
  PadV2: kernel<Unary, PadV2Attrs>((trace, { x }, { paddings, constantValue }) =>
    pad(trace, x, paddings, constantValue),
  ),
  Tile: kernel<Unary, TileAttrs>((trace, { x }, { reps }) => {
    const shape = x.shape.map((dimension, axis) => dimension * (reps[axis] as number));
    if (x.shape.every((dimension, axis) => dimension === 1 || reps[axis] === 1)) return trace.alias(x, shape);
    return trace.tensor(trace.graph.node('Tile', [trace.whole(x), trace.graph.int64(reps)]), shape, x.dtype);
  }),
  Reverse: kernel<Unary, ReverseAttrs>((trace, { x }, { dims }) =>
    reverse(trace, x, tf.util.parseAxisParam(dims, x.shape)),
  ),
};
