/**
 * Pooling of images and clips and its gradients. The mean of a window spreads its gradient evenly, a depthwise
 * transposed convolution; the maximum sends it to the pixel that won, whose place the runtime reports.
 */
import type { MaxPoolWithArgmaxAttrs, TensorInfo } from '@tensorflow/tfjs';
import { sizeOf } from '../program.ts';
import { fitted, transposedConvolution } from './convolution.ts';
import { type KernelTable, kernel, type Unary } from './kernel.ts';
import { after, type PoolAttributes, poolWindows, toChannelsFirst, toChannelsLast, type Windows } from './windows.ts';

interface Upstream {
  readonly dy: TensorInfo;
  readonly input: TensorInfo;
}

function attributesOf(windows: Windows) {
  const { filter, strides, before } = windows;
  return { kernel_shape: filter, strides, pads: [...before, ...after(windows)] };
}

function pool(operator: string) {
  return kernel<Unary, PoolAttributes>((trace, { x }, attributes) => {
    const windows = poolWindows(x.shape, attributes);
    const rank = windows.input.length;
    const image = trace.graph.transpose(trace.whole(x), toChannelsFirst(rank));
    const pooled = fitted(trace, trace.graph.node(operator, [image], attributesOf(windows)), windows);
    return trace.tensor(trace.graph.transpose(pooled, toChannelsLast(rank)), windows.outShape, x.dtype);
  });
}

const meanGradient = kernel<Upstream, PoolAttributes>((trace, { dy, input }, attributes) => {
  const windows = poolWindows(input.shape, attributes);
  const { channels, filter } = windows;
  const rank = filter.length;
  const share = trace.whole(trace.filled(1 / sizeOf(filter), [channels, 1, ...filter], 'float32'));
  const image = trace.graph.transpose(trace.whole(dy), toChannelsFirst(rank));
  const spread = transposedConvolution(trace, image, share, windows, channels);
  return trace.tensor(trace.graph.transpose(spread, toChannelsLast(rank)), input.shape, dy.dtype);
});

const maximumGradient = kernel<Upstream, PoolAttributes>((trace, { dy, input }, attributes) => {
  const { graph } = trace;
  const windows = poolWindows(input.shape, attributes);
  const { batch, channels, input: extents } = windows;
  const rank = extents.length;
  const image = graph.transpose(trace.whole(input), toChannelsFirst(rank));
  const [, winners = ''] = graph.nodeWith(2, 'MaxPool', [image], attributesOf(windows)); // places in all data, flat
  const flat = (name: string) => trace.reshaped(name, [sizeOf(dy.shape)]);
  const upstream = flat(graph.transpose(trace.whole(dy), toChannelsFirst(rank)));
  const zeros = trace.whole(trace.filled(0, [sizeOf(input.shape)], dy.dtype));
  const scattered = graph.node('ScatterElements', [zeros, flat(fitted(trace, winners, windows)), upstream], {
    axis: 0,
    reduction: 'add',
  });
  const gradient = trace.reshaped(scattered, [batch, channels, ...extents]);
  return trace.tensor(graph.transpose(gradient, toChannelsLast(rank)), input.shape, dy.dtype);
});

/** The maximum and its place, counted with the channels last and, if asked, through the whole batch. */
const maximumAndPlace = kernel<Unary, MaxPoolWithArgmaxAttrs>(
  (trace, { x }, { includeBatchInIndex, ...attributes }) => {
    const { graph } = trace;
    const windows = poolWindows(x.shape, attributes);
    const { batch, channels, outShape, input } = windows;
    const pixels = sizeOf(input);
    const image = graph.transpose(trace.whole(x), toChannelsFirst(2));
    const [pooled = '', winners = ''] = graph.nodeWith(2, 'MaxPool', [image], attributesOf(windows));
    const pixel = graph.node('Mod', [fitted(trace, winners, windows), graph.int64([pixels])]);
    const offsets = Array.from({ length: batch * channels }, (_, plane) => {
      const image = Math.floor(plane / channels);
      return (plane % channels) + (includeBatchInIndex ? image * pixels * channels : 0);
    });
    const offset = trace.reshaped(graph.int64(offsets), [batch, channels, 1, 1]);
    const place = graph.node('Add', [graph.node('Mul', [pixel, graph.int64([channels])]), offset]);
    const last = (name: string) => graph.transpose(name, toChannelsLast(2));
    return [
      trace.tensor(last(fitted(trace, pooled, windows)), outShape, x.dtype),
      trace.tensor(last(trace.cast(place, 'int32')), outShape, 'int32'),
    ];
  },
);

export const poolingKernels: KernelTable = {
  AvgPool: pool('AveragePool'),
  MaxPool: pool('MaxPool'),
  AvgPoolGrad: meanGradient,
  MaxPoolGrad: maximumGradient,
  AvgPool3D: pool('AveragePool'),
  MaxPool3D: pool('MaxPool'),
  AvgPool3DGrad: meanGradient,
  MaxPool3DGrad: maximumGradient,
  MaxPoolWithArgmax: maximumAndPlace,
};
