/**
 * Normalisation by given statistics, and across neighbouring channels. The second, of AlexNet (Krizhevsky, Sutskever
 * and Hinton, 2012, section 3.3), divides by a power of the sum of squares in a window of channels; the sum is a
 * product with a band matrix, which is its own transpose and so serves the gradient too.
 */
import type { FusedBatchNormAttrs, LRNAttrs, TensorInfo } from '@tensorflow/tfjs';
import type { Trace } from '../trace.ts';
import { broadcast } from './broadcast.ts';
import { type KernelTable, kernel, type Unary } from './kernel.ts';

interface BatchNormOperands extends Unary {
  readonly mean: TensorInfo;
  readonly variance: TensorInfo;
  readonly scale?: TensorInfo;
  readonly offset?: TensorInfo;
}

const batchNorm = kernel<BatchNormOperands, FusedBatchNormAttrs>((trace, operands, { varianceEpsilon }) => {
  const { graph } = trace;
  const { x, mean, variance, scale, offset } = operands;
  const inverse = broadcast(
    trace,
    scale ? [variance, scale] : [variance],
    (name = '', factor) => {
      const spread = graph.node('Sqrt', [graph.node('Add', [name, graph.scalar(varianceEpsilon)])]);
      return graph.node('Div', [factor ?? graph.scalar(1), spread]);
    },
    x.dtype,
  );
  return broadcast(
    trace,
    offset ? [x, mean, inverse, offset] : [x, mean, inverse],
    (value = '', centre = '', factor = '', shift) => {
      const scaled = graph.node('Mul', [graph.node('Sub', [value, centre]), factor]);
      return shift ? graph.node('Add', [scaled, shift]) : scaled;
    },
    x.dtype,
  );
});

/** Sums over channels no more than `radius` apart. */
function neighbourSum(trace: Trace, name: string, channels: number, radius: number): string {
  const band = Array.from({ length: channels * channels }, (_, i) =>
    Number(Math.abs(Math.floor(i / channels) - (i % channels)) <= radius),
  );
  const matrix = trace.whole(trace.constant(band, [channels, channels], 'float32'));
  return trace.graph.node('MatMul', [name, matrix]);
}

/** bias + alpha × the sum of squares of neighbours. */
function denominator(trace: Trace, x: TensorInfo, { depthRadius, alpha, bias }: LRNAttrs): string {
  const { graph } = trace;
  const value = trace.whole(x);
  const sum = neighbourSum(trace, graph.node('Mul', [value, value]), x.shape.at(-1) as number, depthRadius);
  return graph.node('Add', [graph.node('Mul', [sum, graph.scalar(alpha)]), graph.scalar(bias)]);
}

const acrossChannels = kernel<Unary, LRNAttrs>((trace, { x }, attributes) => {
  const { graph } = trace;
  const factor = graph.node('Pow', [denominator(trace, x, attributes), graph.scalar(-attributes.beta)]);
  return trace.tensor(graph.node('Mul', [trace.whole(x), factor]), x.shape, x.dtype);
});

/** dy · d^−β − 2αβ x · neighbours(dy · y / d), with d the denominator. */
const acrossChannelsGradient = kernel<{ x: TensorInfo; y: TensorInfo; dy: TensorInfo }, LRNAttrs>(
  (trace, { x, y, dy }, attributes) => {
    const { graph } = trace;
    const { depthRadius, alpha, beta } = attributes;
    const divisor = denominator(trace, x, attributes);
    const upstream = trace.whole(dy);
    const direct = graph.node('Mul', [upstream, graph.node('Pow', [divisor, graph.scalar(-beta)])]);
    const shares = graph.node('Div', [graph.node('Mul', [upstream, trace.whole(y)]), divisor]);
    const gathered = neighbourSum(trace, shares, x.shape.at(-1) as number, depthRadius);
    const factor = graph.node('Mul', [trace.whole(x), graph.scalar(2 * alpha * beta)]);
    return trace.tensor(graph.node('Sub', [direct, graph.node('Mul', [factor, gathered])]), x.shape, x.dtype);
  },
);

export const normalisationKernels: KernelTable = {
  FusedBatchNorm: batchNorm,
  LRN: acrossChannels,
  LRNGrad: acrossChannelsGradient,
};
