/**
 * Kernels that put values where indices say: sums of updates, replacements, counts. Indices beyond the end of a count
 * are left out, as tensorflow.js does.
 */
import type {
  BincountAttrs,
  DenseBincountAttrs,
  ScatterNdAttrs,
  SparseToDenseAttrs,
  TensorInfo,
  UnsortedSegmentSumAttrs,
} from '@tensorflow/tfjs';
import { sizeOf } from '../program.ts';
import { asDType, type Trace } from '../trace.ts';
import { type KernelTable, kernel } from './kernel.ts';
import { reshape } from './shape.ts';

/** Zeros with `updates` added at the rows that `indices` name: [n, depth] indices into the leading axes of `shape`. */
function scatterAdd(trace: Trace, indices: string, updates: TensorInfo, shape: readonly number[]): TensorInfo {
  const zeros = trace.whole(trace.filled(0, shape, updates.dtype));
  const inputs = [zeros, trace.cast(indices, 'int64'), trace.whole(updates)];
  return trace.tensor(trace.graph.node('ScatterND', inputs, { reduction: 'add' }), shape, updates.dtype);
}

/** `base` with the rows that `indices` name replaced. */
function replace(trace: Trace, base: TensorInfo, indices: string, updates: string): TensorInfo {
  const inputs = [trace.whole(base), trace.cast(indices, 'int64'), updates];
  return trace.tensor(trace.graph.node('ScatterND', inputs), base.shape, base.dtype);
}

interface Counted {
  readonly x: TensorInfo;
  /** Empty: each counts once. */
  readonly weights: TensorInfo;
}

/** How often each number below `size` stands in each row of `x`, by weight: [rows, size]. */
function count(trace: Trace, { x, weights }: Counted, rows: number, size: number): TensorInfo {
  const { graph } = trace;
  const dtype = asDType(weights.dtype);
  const total = sizeOf(x.shape);
  const values = trace.reshaped(trace.cast(trace.whole(x), 'int32'), [total]);
  const below = graph.node('Less', [values, graph.scalar(size, 'int32')]);
  const column = graph.node('Where', [below, values, graph.scalar(0, 'int32')]);
  const row = trace.whole(
    trace.constant(
      Array.from({ length: total }, (_, i) => Math.floor((i * rows) / total)),
      [total],
      'int32',
    ),
  );
  const places = [row, column].map((name) => trace.reshaped(name, [total, 1]));
  const each = sizeOf(weights.shape) === 0 ? trace.filled(1, [total], dtype) : reshape(trace, weights, [total]);
  const counted = graph.node('Where', [below, trace.whole(each), graph.scalar(0, dtype)]);
  const indices = graph.node('Concat', places, { axis: 1 });
  return scatterAdd(trace, indices, trace.tensor(counted, [total], dtype), [rows, size]);
}

export const scatterKernels: KernelTable = {
  ScatterNd: kernel<{ indices: TensorInfo; updates: TensorInfo }, ScatterNdAttrs>(
    (trace, { indices, updates }, { shape }) => scatterAdd(trace, trace.whole(indices), updates, shape),
  ),
  TensorScatterUpdate: kernel<{ tensor: TensorInfo; indices: TensorInfo; updates: TensorInfo }>(
    (trace, { tensor, indices, updates }) => replace(trace, tensor, trace.whole(indices), trace.whole(updates)),
  ),
  SparseToDense: kernel<SparseOperands, SparseToDenseAttrs>((trace, operands, { outputShape }) => {
    const { sparseIndices, sparseValues, defaultValue } = operands;
    const depth = sparseIndices.shape.length < 2 ? 1 : (sparseIndices.shape[1] as number);
    const rows = sizeOf(sparseIndices.shape) / depth;
    const base = trace.alias(reshape(trace, defaultValue, []), outputShape);
    const values = trace.alias(reshape(trace, sparseValues, sparseValues.shape.length ? [rows] : []), [rows]);
    return replace(trace, base, trace.reshaped(trace.whole(sparseIndices), [rows, depth]), trace.whole(values));
  }),
  UnsortedSegmentSum: kernel<{ x: TensorInfo; segmentIds: TensorInfo }, UnsortedSegmentSumAttrs>(
    (trace, { x, segmentIds }, { numSegments }) => {
      const rows = segmentIds.shape.length;
      const indices = trace.reshaped(trace.whole(segmentIds), [...segmentIds.shape, 1]);
      return scatterAdd(trace, indices, x, [numSegments, ...x.shape.slice(rows)]);
    },
  ),
  Bincount: kernel<Counted, BincountAttrs>((trace, counted, { size }) =>
    reshape(trace, count(trace, counted, 1, size), [size]),
  ),
  DenseBincount: kernel<Counted, DenseBincountAttrs>((trace, counted, { size, binaryOutput }) => {
    const { shape } = counted.x;
    const rows = shape.length === 2 ? (shape[0] as number) : 1;
    if (!binaryOutput || shape.length < 2)
      return reshape(trace, count(trace, counted, rows, size), [...shape.slice(0, -1), size]);
    const { graph } = trace;
    const dtype = asDType(counted.weights.dtype);
    const times = count(trace, { x: counted.x, weights: trace.constant([], [0], 'int32') }, rows, size);
    const present = graph.node('Greater', [trace.whole(times), graph.scalar(0, 'int32')]);
    return trace.tensor(trace.cast(present, dtype), [rows, size], dtype);
  }),
};

interface SparseOperands {
  readonly sparseIndices: TensorInfo;
  readonly sparseValues: TensorInfo;
  readonly defaultValue: TensorInfo;
}
