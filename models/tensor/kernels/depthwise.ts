/**
 * Depthwise convolution of images: each channel has filters of its own, [height, width, channels, multiplier]. It is
 * a grouped convolution in ONNX, with one group a channel, and so is the gradient of its input. The gradient of the
 * filter is a grouped convolution too, of the data with the upstream gradient as the filter: the batch takes the
 * place of the channels, and strides and dilations change places.
 */
import type { TensorInfo } from '@tensorflow/tfjs';
import { sizeOf } from '../program.ts';
import { fitted, paddingOfTurned, refuseChannelsFirst, transposedConvolution, turned } from './convolution.ts';
import { type KernelTable, kernel } from './kernel.ts';
import {
  after,
  convolutionWindows,
  toChannelsFirst,
  toChannelsLast,
  type WindowAttributes,
  type Windows,
} from './windows.ts';

const [CHANNELS_FIRST, CHANNELS_LAST] = [toChannelsFirst(2), toChannelsLast(2)];

/** Permutation of a filter to [channels, multiplier, height, width]. */
const BY_CHANNEL = [2, 3, 0, 1];

function geometry(input: readonly number[], filter: readonly number[], attributes: WindowAttributes): Windows {
  refuseChannelsFirst(attributes);
  return convolutionWindows(input, filter, attributes, true);
}

const forward = kernel<{ x: TensorInfo; filter: TensorInfo }, WindowAttributes>((trace, { x, filter }, attributes) => {
  const windows = geometry(x.shape, filter.shape, attributes);
  const { before, strides, dilations, outShape, channels } = windows;
  const { graph } = trace;
  const image = graph.transpose(trace.whole(x), CHANNELS_FIRST);
  const byChannel = graph.transpose(trace.whole(filter), BY_CHANNEL);
  const weights = trace.reshaped(byChannel, [outShape[3] as number, 1, ...windows.filter]);
  const pads = [...before, ...after(windows)];
  const whole = graph.node('Conv', [image, weights], { group: channels, pads, strides, dilations });
  const output = fitted(trace, whole, windows);
  return trace.tensor(graph.transpose(output, CHANNELS_LAST), outShape, x.dtype);
});

interface InputGradientAttributes extends WindowAttributes {
  readonly inputShape: number[];
}

const inputGradient = kernel<{ dy: TensorInfo; filter: TensorInfo }, InputGradientAttributes>(
  (trace, { dy, filter }, attributes) => {
    const { graph } = trace;
    const { inputShape } = attributes;
    const windows = geometry(inputShape, filter.shape, attributes);
    const { channels, dilations } = windows;
    const image = graph.transpose(trace.whole(dy), CHANNELS_FIRST);
    const pads = paddingOfTurned(windows);
    if (pads) {
      const weights = graph.transpose(turned(trace, trace.whole(filter), 2), BY_CHANNEL);
      const output = graph.node('Conv', [image, weights], { group: channels, pads, dilations });
      return trace.tensor(graph.transpose(output, CHANNELS_LAST), inputShape, dy.dtype);
    }
    const byChannel = graph.transpose(trace.whole(filter), BY_CHANNEL);
    const weights = trace.reshaped(byChannel, [windows.outShape[3] as number, 1, ...windows.filter]);
    const output = transposedConvolution(trace, image, weights, windows, channels);
    return trace.tensor(graph.transpose(output, CHANNELS_LAST), inputShape, dy.dtype);
  },
);

interface FilterGradientAttributes extends WindowAttributes {
  readonly filterShape: number[];
}

const filterGradient = kernel<{ x: TensorInfo; dy: TensorInfo }, FilterGradientAttributes>(
  (trace, { x, dy }, attributes) => {
    const { graph } = trace;
    const { filterShape } = attributes;
    const windows = geometry(x.shape, filterShape, attributes);
    const { batch, channels, input, output, before, strides, dilations, filter } = windows;
    const multiplier = sizeOf(filterShape) / (channels * sizeOf(filter));
    const image = trace.reshaped(graph.transpose(trace.whole(x), [3, 0, 1, 2]), [1, channels * batch, ...input]);
    const upstream = graph.transpose(trace.whole(dy), [3, 0, 1, 2]); // [channels × multiplier, batch, ...output]
    const correlation = graph.node('Conv', [image, upstream], {
      group: channels,
      pads: [...before, ...after(windows)],
      strides: dilations,
      dilations: strides,
    });
    const [zeros, ends, axes] = [[0, 0], filter, [2, 3]].map((values) => graph.int64(values)) as [
      string,
      string,
      string,
    ];
    const exact = input.every(
      (extent, axis) =>
        extent + (before[axis] as number) + (after(windows)[axis] as number) <
        ((output[axis] as number) - 1) * (strides[axis] as number) +
          1 +
          (filter[axis] as number) * (dilations[axis] as number),
    );
    const cut = exact ? correlation : graph.node('Slice', [correlation, zeros, ends, axes]);
    const gradient = graph.transpose(trace.reshaped(cut, [channels, multiplier, ...filter]), [2, 3, 0, 1]);
    return trace.tensor(gradient, filterShape, x.dtype);
  },
);

export const depthwiseKernels: KernelTable = {
  DepthwiseConv2dNative: forward,
  DepthwiseConv2dNativeBackpropInput: inputGradient,
  DepthwiseConv2dNativeBackpropFilter: filterGradient,
};
