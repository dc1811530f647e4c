/**
 * Kernels that make tensors from nothing, or from indices: fills, ranges, one-hot rows, gathering and its gradient.
 */
import type {
  FillAttrs,
  GatherV2Attrs,
  LinSpaceAttrs,
  OneHotAttrs,
  RangeAttrs,
  ScatterNdAttrs,
  TensorInfo,
  UnsortedSegmentSumAttrs,
} from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { EngineError } from '../../../shared/errors.ts';
import { asDType, type Trace } from '../trace.ts';
import { axisOf, type KernelTable, kernel, type Unary } from './kernel.ts';

/** Zeros with `updates` added at the rows that `indices` name: [n, depth] indices into the leading axes of `shape`. */
function scatterAdd(trace: Trace, indices: string, updates: TensorInfo, shape: readonly number[]): TensorInfo {
  const zeros = trace.whole(trace.filled(0, shape, updates.dtype));
  const inputs = [zeros, trace.cast(indices, 'int64'), trace.whole(updates)];
  return trace.tensor(trace.graph.node('ScatterND', inputs, { reduction: 'add' }), shape, updates.dtype);
}

export const indexingKernels: KernelTable = {
  Fill: kernel<unknown, FillAttrs>((trace, _, { shape, value, dtype }) =>
    trace.filled(Number(value), shape, dtype ?? tf.util.inferDtype(value)),
  ),
  ZerosLike: kernel<Unary>((trace, { x }) => trace.filled(0, x.shape, x.dtype)),
  OnesLike: kernel<Unary>((trace, { x }) => trace.filled(1, x.shape, x.dtype)),
  Range: kernel<unknown, RangeAttrs>((trace, _, { start, stop, step, dtype }) => {
    const count = Math.max(0, Math.ceil((stop - start) / step));
    return trace.constant(
      Array.from({ length: count }, (_value, i) => start + i * step),
      [count],
      dtype,
    );
  }),
  LinSpace: kernel<unknown, LinSpaceAttrs>((trace, _, { start, stop, num }) => {
    const step = num > 1 ? (stop - start) / (num - 1) : 0;
    return trace.constant(
      Array.from({ length: num }, (_value, i) => start + i * step),
      [num],
      'float32',
    );
  }),
  OneHot: kernel<{ indices: TensorInfo }, OneHotAttrs>((trace, { indices }, { depth, onValue, offValue, dtype }) => {
    const { graph } = trace;
    const classes = trace.whole(
      trace.constant(
        Array.from({ length: depth }, (_, i) => i),
        [depth],
        'int32',
      ),
    );
    const column = trace.reshaped(trace.cast(trace.whole(indices), 'int32'), [...indices.shape, 1]);
    const type = asDType(dtype);
    const on = graph.scalar(onValue, type === 'bool' ? 'int32' : type);
    const off = graph.scalar(offValue, type === 'bool' ? 'int32' : type);
    const rows = graph.node('Where', [graph.node('Equal', [column, classes]), on, off]);
    return trace.tensor(type === 'bool' ? trace.cast(rows, 'bool') : rows, [...indices.shape, depth], type);
  }),
  GatherV2: kernel<{ x: TensorInfo; indices: TensorInfo }, GatherV2Attrs>(
    (trace, { x, indices }, { axis, batchDims }) => {
      if (batchDims)
        throw new EngineError(`gather with ${batchDims} batch dimensions cannot be compiled; use batchDims 0`);
      const at = axisOf(axis, x.shape.length);
      return trace.apply('Gather', [x, indices], x.shape.toSpliced(at, 1, ...indices.shape), x.dtype, { axis: at });
    },
  ),
  GatherNd: kernel<{ params: TensorInfo; indices: TensorInfo }>((trace, { params, indices }) => {
    const depth = indices.shape.at(-1) as number;
    const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)];
    const inputs = [trace.whole(params), trace.cast(trace.whole(indices), 'int64')];
    return trace.tensor(trace.graph.node('GatherND', inputs), shape, params.dtype);
  }),
  ScatterNd: kernel<{ indices: TensorInfo; updates: TensorInfo }, ScatterNdAttrs>(
    (trace, { indices, updates }, { shape }) => scatterAdd(trace, trace.whole(indices), updates, shape),
  ),
  UnsortedSegmentSum: kernel<{ x: TensorInfo; segmentIds: TensorInfo }, UnsortedSegmentSumAttrs>(
    (trace, { x, segmentIds }, { numSegments }) => {
      const rows = segmentIds.shape.length;
      const indices = trace.reshaped(trace.whole(segmentIds), [...segmentIds.shape, 1]);
      return scatterAdd(trace, indices, x, [numSegments, ...x.shape.slice(rows)]);
    },
  ),
};
