/**
 * Morphological dilation of images: each output is the maximum, over a window, of the data plus the filter. Its
 * gradients go to the element that won, the first of equals, which is found by stacking what each tap of the filter
 * offers. Nothing outside the image can win.
 */
import type { Dilation2DAttrs, TensorInfo } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { sizeOf } from '../program.ts';
import type { Trace } from '../trace.ts';
import { slicesOfTaps } from './convolution.ts';
import { type KernelTable, kernel } from './kernel.ts';
import { after, convolutionWindows, taps, type Windows } from './windows.ts';

/** Less than any number that an image holds, and finite. */
const OUTSIDE = -3e38;

interface Operands {
  readonly x: TensorInfo;
  readonly filter: TensorInfo;
}

interface Upstream extends Operands {
  readonly dy: TensorInfo;
}

function geometry({ x, filter }: Operands, { strides, pad, dilations }: Dilation2DAttrs): Windows {
  const channels = filter.shape.at(-1) as number;
  return convolutionWindows(x.shape, [...filter.shape, channels], { strides, pad, dilations });
}

/** What each tap offers to every output: tensors [batch, height, width, channels]. */
function offers(trace: Trace, { x, filter }: Operands, windows: Windows): string[] {
  const { graph } = trace;
  const channels = filter.shape.at(-1) as number;
  const weights = trace.reshaped(trace.whole(filter), [sizeOf(windows.filter), channels]);
  return slicesOfTaps(trace, trace.whole(x), windows, graph.scalar(OUTSIDE)).map((seen, tap) =>
    graph.node('Add', [seen, graph.node('Gather', [weights, graph.scalar(tap, 'int32')])]),
  );
}

/** Number of the tap that won, int64 [batch, height, width, channels]. */
function winners(trace: Trace, operands: Operands, windows: Windows): string {
  const { graph } = trace;
  const stacked = offers(trace, operands, windows).map((offer) => trace.reshaped(offer, [1, ...windows.outShape]));
  return graph.node('ArgMax', [graph.node('Concat', stacked, { axis: 0 })], { axis: 0, keepdims: 0 });
}

const dilation = kernel<Operands, Dilation2DAttrs>((trace, operands, attributes) => {
  const windows = geometry(operands, attributes);
  const name = trace.graph.node('Max', offers(trace, operands, windows));
  return trace.tensor(name, windows.outShape, operands.x.dtype);
});

const filterGradient = kernel<Upstream, Dilation2DAttrs>((trace, { dy, ...operands }, attributes) => {
  const { graph } = trace;
  const windows = geometry(operands, attributes);
  const winner = winners(trace, operands, windows);
  const upstream = trace.whole(dy);
  const sums = taps(windows).map((_, tap) => {
    const won = graph.node('Equal', [winner, graph.int64([tap])]);
    const share = graph.node('Where', [won, upstream, graph.scalar(0)]);
    return graph.node('ReduceSum', [share, graph.int64([0, 1, 2])], { keepdims: 0 });
  });
  const { shape } = operands.filter;
  return trace.tensor(trace.reshaped(graph.node('Concat', sums, { axis: 0 }), shape), shape, dy.dtype);
});

/** The place, in flat padded data, of what the winner saw: the window's corner plus the winner's offset. */
const inputGradient = kernel<Upstream, Dilation2DAttrs>((trace, { dy, ...operands }, attributes) => {
  const { graph } = trace;
  const windows = geometry(operands, attributes);
  const { batch, channels, input, output, strides, before } = windows;
  const margins = after(windows);
  const padded = input.map((extent, axis) => extent + (before[axis] as number) + (margins[axis] as number));
  const steps = tf.util.computeStrides([batch, ...padded, channels]);
  const along = (axis: number, length: number, stride: number) => {
    const places = Array.from({ length }, (_, i) => i * stride * (steps[axis] ?? 1));
    return trace.reshaped(graph.int64(places), [1, 1, 1, 1].with(axis, length));
  };
  const corners = [
    along(0, batch, 1),
    along(1, output[0] as number, strides[0] as number),
    along(2, output[1] as number, strides[1] as number),
    along(3, channels, 1),
  ].reduce((sum, places) => graph.node('Add', [sum, places]));
  const offsets = taps(windows).map((place) =>
    place.reduce((sum, offset, axis) => sum + offset * (steps[axis + 1] as number), 0),
  );
  const offset = graph.node('Gather', [graph.int64(offsets), winners(trace, operands, windows)]);
  const flat = (name: string) => trace.reshaped(name, [sizeOf(dy.shape)]);
  const zeros = trace.whole(trace.filled(0, [batch * sizeOf(padded) * channels], dy.dtype));
  const scattered = graph.node(
    'ScatterElements',
    [zeros, flat(graph.node('Add', [corners, offset])), flat(trace.whole(dy))],
    { axis: 0, reduction: 'add' },
  );
  const ends = input.map((extent, axis) => extent + (before[axis] as number));
  const name = graph.node('Slice', [
    trace.reshaped(scattered, [batch, ...padded, channels]),
    ...[before, ends, [1, 2]].map((values) => graph.int64(values)),
  ]);
  return trace.tensor(name, operands.x.shape, dy.dtype);
});

export const morphologyKernels: KernelTable = {
  Dilation2D: dilation,
  Dilation2DBackpropFilter: filterGradient,
  Dilation2DBackpropInput: inputGradient,
};
