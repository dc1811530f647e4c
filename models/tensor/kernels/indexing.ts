/**
 * Kernels that make tensors from nothing, or from indices: fills, ranges, one-hot rows, gathering and searching.
 */
import type {
  FillAttrs,
  GatherV2Attrs,
  LinSpaceAttrs,
  OneHotAttrs,
  RangeAttrs,
  SearchSortedAttrs,
  TensorInfo,
} from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { asDType, type Trace } from '../trace.ts';
import { axisOf, type KernelTable, kernel, type Unary } from './kernel.ts';
import { transpose } from './shape.ts';

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
    (trace, { x, indices }, { axis, batchDims = 0 }) => {
      const at = axisOf(axis, x.shape.length);
      const ownBatch = axisOf(batchDims, indices.shape.length);
      return ownBatch === 0 ? gather(trace, x, indices, at) : batchedGather(trace, x, indices, at, ownBatch);
    },
  ),
  GatherNd: kernel<{ params: TensorInfo; indices: TensorInfo }>((trace, { params, indices }) => {
    const depth = indices.shape.at(-1) as number;
    const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)];
    const inputs = [trace.whole(params), trace.cast(trace.whole(indices), 'int64')];
    return trace.tensor(trace.graph.node('GatherND', inputs), shape, params.dtype);
  }),
  SearchSorted: kernel<SearchOperands, SearchSortedAttrs>((trace, { sortedSequence, values }, { side }) => {
    const [rows, length] = sortedSequence.shape as [number, number];
    const { graph } = trace;
    const sequence = trace.reshaped(trace.whole(sortedSequence), [rows, 1, length]);
    const wanted = trace.reshaped(trace.whole(values), [...values.shape, 1]);
    const below = graph.node(side === 'left' ? 'Less' : 'LessOrEqual', [sequence, wanted]);
    const count = graph.node('ReduceSum', [trace.cast(below, 'int32'), graph.int64([2])], { keepdims: 0 });
    return trace.tensor(count, values.shape, 'int32');
  }),
};

interface SearchOperands {
  readonly sortedSequence: TensorInfo;
  readonly values: TensorInfo;
}

/** Along axis `at`, the elements that `indices` name. */
function gather(trace: Trace, x: TensorInfo, indices: TensorInfo, at: number): TensorInfo {
  return trace.apply('Gather', [x, indices], x.shape.toSpliced(at, 1, ...indices.shape), x.dtype, { axis: at });
}

/** As `gather`, where the leading `batch` axes of both go together: the axis moves next to them and back. */
function batchedGather(trace: Trace, x: TensorInfo, indices: TensorInfo, at: number, batch: number): TensorInfo {
  const { graph } = trace;
  const axes = x.shape.map((_, axis) => axis);
  const moved = transpose(trace, x, axes.toSpliced(at, 1).toSpliced(batch, 0, at));
  const places = trace.reshaped(trace.cast(trace.whole(indices), 'int64'), [...indices.shape, 1]);
  const gathered = graph.node('GatherND', [trace.whole(moved), places], { batch_dims: batch });
  const own = indices.shape.slice(batch);
  const shape = [...indices.shape, ...moved.shape.slice(batch + 1)];
  const between = at - batch;
  const order = [
    ...range(0, batch),
    ...range(batch + own.length, between),
    ...range(batch, own.length),
    ...range(batch + own.length + between, shape.length - batch - own.length - between),
  ];
  return transpose(trace, trace.tensor(gathered, shape, x.dtype), order);
}

function range(start: number, length: number): number[] {
  return Array.from({ length }, (_, i) => start + i);
}
