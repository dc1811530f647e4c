/**
 * Kernels that fold axes: sums, means, extremes, searches, running sums, and the softmax family.
 */
import type {
  ArgMaxAttrs,
  CumprodAttrs,
  CumsumAttrs,
  MaxAttrs,
  SoftmaxAttrs,
  SumAttrs,
  TensorInfo,
  TopKAttrs,
} from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import type { Trace } from '../trace.ts';
import { axisOf, type KernelTable, kernel, type Unary } from './kernel.ts';

type Axes = number | number[];

function reduce(
  trace: Trace,
  operator: string,
  x: TensorInfo,
  axis: Axes,
  keepDims: boolean,
  dtype: string,
): TensorInfo {
  const axes = tf.util.parseAxisParam(axis, x.shape);
  const folded = (at: number) => axes.includes(at);
  const shape = keepDims
    ? x.shape.map((dimension, at) => (folded(at) ? 1 : dimension))
    : x.shape.filter((_, at) => !folded(at));
  const accumulator = dtype === 'float32' ? 'float32' : 'int32';
  const input = x.dtype === accumulator ? trace.whole(x) : trace.cast(trace.whole(x), accumulator);
  const output =
    axes.length === 0
      ? input
      : trace.graph.node(operator, [input, trace.graph.int64(axes)], { keepdims: keepDims ? 1 : 0 });
  return trace.tensor(dtype === 'bool' ? trace.cast(output, 'bool') : output, shape, dtype);
}

/** A reduction whose attributes call the axes `axis`; `dtype` is the result's type where it is not the operand's. */
function reduction(operator: string, dtype?: string) {
  return kernel<Unary, SumAttrs>((trace, { x }, { axis, keepDims }) =>
    reduce(trace, operator, x, axis, keepDims, dtype ?? x.dtype),
  );
}

function search(operator: string) {
  return kernel<Unary, ArgMaxAttrs>((trace, { x }, { axis }) => {
    const at = axisOf(axis, x.shape.length);
    const name = trace.graph.node(operator, [trace.whole(x)], { axis: at, keepdims: 0 });
    return trace.tensor(trace.cast(name, 'int32'), x.shape.toSpliced(at, 1), 'int32');
  });
}

/**
 * Running products along an axis by doubling: after each round an element is the product of twice as many, so that
 * the rounds are as many as the length has bits.
 */
function runningProduct(trace: Trace, x: TensorInfo, at: number, exclusive: boolean, backwards: boolean): string {
  const { graph } = trace;
  const length = x.shape[at] as number;
  const dtype = x.dtype === 'float32' ? 'float32' : 'int32';
  const shifted = (name: string, by: number) => {
    const ones = trace.whole(trace.filled(1, x.shape.with(at, by), dtype));
    const [from, to] = backwards ? [by, length] : [0, length - by];
    const kept = graph.node('Slice', [name, ...[[from], [to], [at]].map((values) => graph.int64(values))]);
    return graph.node('Concat', backwards ? [kept, ones] : [ones, kept], { axis: at });
  };
  let product = x.dtype === dtype ? trace.whole(x) : trace.cast(trace.whole(x), dtype);
  if (exclusive) product = shifted(product, 1);
  for (let by = 1; by < length; by *= 2) product = graph.node('Mul', [product, shifted(product, by)]);
  return product;
}

export const reductionKernels: KernelTable = {
  Sum: reduction('ReduceSum'),
  Mean: reduction('ReduceMean', 'float32'),
  Prod: reduction('ReduceProd'),
  Min: reduction('ReduceMin'),
  Max: kernel<Unary, MaxAttrs>((trace, { x }, { reductionIndices, keepDims }) =>
    reduce(trace, 'ReduceMax', x, reductionIndices, keepDims, x.dtype),
  ),
  All: reduction('ReduceMin', 'bool'),
  Any: reduction('ReduceMax', 'bool'),
  ArgMax: search('ArgMax'),
  ArgMin: search('ArgMin'),
  Cumsum: kernel<Unary, CumsumAttrs>((trace, { x }, { axis, exclusive, reverse }) => {
    const at = trace.graph.scalar(axisOf(axis, x.shape.length), 'int32');
    const flags = { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 };
    return trace.tensor(trace.graph.node('CumSum', [trace.whole(x), at], flags), x.shape, x.dtype);
  }),
  Cumprod: kernel<Unary, CumprodAttrs>((trace, { x }, { axis, exclusive, reverse }) => {
    const at = axisOf(axis, x.shape.length);
    const name = runningProduct(trace, x, at, exclusive, reverse);
    return trace.tensor(name, x.shape, x.dtype === 'bool' ? 'int32' : x.dtype);
  }),
  TopK: kernel<Unary, TopKAttrs>((trace, { x }, { k, sorted }) => {
    const shape = x.shape.with(-1, k);
    const inputs = [trace.whole(x), trace.graph.int64([k])];
    const [values = '', indices = ''] = trace.graph.nodeWith(2, 'TopK', inputs, { sorted: sorted ? 1 : 0 });
    return [trace.tensor(values, shape, x.dtype), trace.tensor(trace.cast(indices, 'int32'), shape, 'int32')];
  }),
  Softmax: kernel<{ logits: TensorInfo }, SoftmaxAttrs>((trace, { logits }, { dim }) =>
    trace.apply('Softmax', [logits], logits.shape, logits.dtype, { axis: axisOf(dim, logits.shape.length) }),
  ),
};
