/**
 * Pooling of images and its gradients. The mean of a window spreads its gradient evenly, a depthwise transposed
 * convolution; the maximum sends it to the pixel that won, whose place the runtime reports.
 */
import type { AvgPoolAttrs, TensorInfo } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { sizeOf } from '../program.ts';
import { farPadding, type Info, type Shape4, toChannelsFirst, toChannelsLast } from './convolution.ts';
import { type KernelTable, kernel, type Unary } from './kernel.ts';

function geometry(shape: readonly number[], { filterSize, strides, pad, dimRoundingMode }: AvgPoolAttrs): Info {
  return tf.backend_util.computePool2DInfo([...shape] as Shape4, filterSize, strides, 1, pad, dimRoundingMode);
}

function windows(info: Info) {
  const { below, beside } = farPadding(info);
  return {
    kernel_shape: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    pads: [info.padInfo.top, info.padInfo.left, below, beside],
  };
}

function pool(operator: string) {
  return kernel<Unary, AvgPoolAttrs>((trace, { x }, attributes) => {
    const info = geometry(x.shape, attributes);
    const image = trace.graph.transpose(trace.whole(x), toChannelsFirst);
    const pooled = trace.graph.node(operator, [image], windows(info));
    return trace.tensor(trace.graph.transpose(pooled, toChannelsLast), info.outShape, x.dtype);
  });
}

const meanGradient = kernel<{ dy: TensorInfo; input: TensorInfo }, AvgPoolAttrs>((trace, { dy, input }, attributes) => {
  const { graph } = trace;
  const info = geometry(input.shape, attributes);
  const { filterHeight, filterWidth, inChannels, padInfo } = info;
  const share = trace.filled(1 / (filterHeight * filterWidth), [inChannels, 1, filterHeight, filterWidth], 'float32');
  const bottom = (info.outHeight - 1) * info.strideHeight + filterHeight - padInfo.top - info.inHeight;
  const right = (info.outWidth - 1) * info.strideWidth + filterWidth - padInfo.left - info.inWidth;
  const image = graph.transpose(trace.whole(dy), toChannelsFirst);
  const spread = graph.node('ConvTranspose', [image, trace.whole(share)], {
    group: inChannels,
    strides: [info.strideHeight, info.strideWidth],
    pads: [padInfo.top, padInfo.left, Math.max(0, bottom), Math.max(0, right)],
    output_padding: [Math.max(0, -bottom), Math.max(0, -right)],
  });
  return trace.tensor(graph.transpose(spread, toChannelsLast), input.shape, dy.dtype);
});

const maximumGradient = kernel<{ dy: TensorInfo; input: TensorInfo }, AvgPoolAttrs>(
  (trace, { dy, input }, attributes) => {
    const { graph } = trace;
    const info = geometry(input.shape, attributes);
    const [batch, height, width, channels] = input.shape as Shape4;
    const image = graph.transpose(trace.whole(input), toChannelsFirst);
    const [, winners = ''] = graph.nodeWith(2, 'MaxPool', [image], windows(info)); // places in the whole image, flat
    const flat = (name: string) => trace.reshaped(name, [sizeOf(dy.shape)]);
    const upstream = flat(graph.transpose(trace.whole(dy), toChannelsFirst));
    const zeros = trace.whole(trace.filled(0, [sizeOf(input.shape)], dy.dtype));
    const scattered = graph.node('ScatterElements', [zeros, flat(winners), upstream], { axis: 0, reduction: 'add' });
    const gradient = trace.reshaped(scattered, [batch, channels, height, width]);
    return trace.tensor(graph.transpose(gradient, toChannelsLast), input.shape, dy.dtype);
  },
);

export const poolingKernels: KernelTable = {
  AvgPool: pool('AveragePool'),
  MaxPool: pool('MaxPool'),
  AvgPoolGrad: meanGradient,
  MaxPoolGrad: maximumGradient,
};
