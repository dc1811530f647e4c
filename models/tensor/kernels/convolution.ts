/**
 * Two-dimensional convolution and its two gradients. tensorflow.js keeps channels last and ONNX first, so that each
 * is wrapped in transposes, most of which the runtime moves together and removes. The forms were chosen by
 * measurement: a 1×1 convolution and its gradients are plain matrix products; the input's gradient at stride 1 is a
 * convolution with the turned filter, half again as fast as a transposed one; the filter's gradient is one product
 * for each of its taps, two to four times as fast as gathering patches or as a convolution over swapped axes.
 */
import type { Conv2DAttrs, Conv2DBackpropFilterAttrs, Conv2DBackpropInputAttrs, TensorInfo } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { EngineError } from '../../../shared/errors.ts';
import { sizeOf } from '../program.ts';
import type { Trace } from '../trace.ts';
import { type KernelTable, kernel } from './kernel.ts';
import { product } from './matMul.ts';

/** [batch, height, width, channels]. */
export type Shape4 = [number, number, number, number];
/** tensorflow.js's account of how windows lie over an image. */
export type Info = tf.backend_util.Conv2DInfo;

/** Permutations between [batch, height, width, channels] and [batch, channels, height, width]. */
export const toChannelsFirst = [0, 3, 1, 2];
export const toChannelsLast = [0, 2, 3, 1];

interface Geometry {
  readonly strides: [number, number] | number;
  readonly pad: Conv2DAttrs['pad'];
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dilations?: [number, number] | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function geometry(input: readonly number[], filter: readonly number[], attributes: Geometry): Info {
  const { strides, pad, dataFormat, dilations = 1, dimRoundingMode } = attributes;
  if (dataFormat === 'NCHW') throw new EngineError('convolutions with NCHW data cannot be compiled; use NHWC');
  return tf.backend_util.computeConv2DInfo(
    [...input] as Shape4,
    [...filter] as Shape4,
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
}

/** Whether the convolution mixes channels alone. */
function isPointwise(info: Info): boolean {
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
  const padded = padInfo.top + padInfo.bottom + padInfo.left + padInfo.right > 0;
  return filterHeight * filterWidth * strideHeight * strideWidth === 1 && !padded;
}

/** Padding below and to the right that the last output pixel reaches into. */
export function farPadding(info: Info): { below: number; beside: number } {
  const { outHeight, outWidth, strideHeight, strideWidth, effectiveFilterHeight, effectiveFilterWidth, padInfo } = info;
  return {
    below: Math.max(0, (outHeight - 1) * strideHeight + effectiveFilterHeight - padInfo.top - info.inHeight),
    beside: Math.max(0, (outWidth - 1) * strideWidth + effectiveFilterWidth - padInfo.left - info.inWidth),
  };
}

/** The elements of an image as a matrix [pixels, channels]. */
function asPixels(trace: Trace, image: TensorInfo): string {
  const channels = image.shape.at(-1) as number;
  return trace.reshaped(trace.whole(image), [sizeOf(image.shape) / channels, channels]);
}

function asMatrix(trace: Trace, filter: TensorInfo): string {
  return trace.reshaped(trace.whole(filter), filter.shape.slice(-2));
}

const forward = kernel<{ x: TensorInfo; filter: TensorInfo }, Conv2DAttrs>((trace, { x, filter }, attributes) => {
  const info = geometry(x.shape, filter.shape, attributes);
  const { graph } = trace;
  if (isPointwise(info)) {
    const pixels = product(trace, asPixels(trace, x), asMatrix(trace, filter), false, false);
    return trace.tensor(trace.reshaped(pixels, info.outShape), info.outShape, x.dtype);
  }
  const { top, left } = info.padInfo;
  const { below, beside } = farPadding(info);
  const image = graph.transpose(trace.whole(x), toChannelsFirst);
  const weights = graph.transpose(trace.whole(filter), [3, 2, 0, 1]); // [out, in, height, width]
  const output = graph.node('Conv', [image, weights], {
    pads: [top, left, below, beside],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
  });
  return trace.tensor(graph.transpose(output, toChannelsLast), info.outShape, x.dtype);
});

const inputGradient = kernel<{ dy: TensorInfo; filter: TensorInfo }, Conv2DBackpropInputAttrs>(
  (trace, { dy, filter }, attributes) => {
    const { inputShape } = attributes;
    const info = geometry(inputShape, filter.shape, attributes);
    if (isPointwise(info)) {
      const pixels = product(trace, asPixels(trace, dy), asMatrix(trace, filter), false, true);
      return trace.tensor(trace.reshaped(pixels, inputShape), inputShape, dy.dtype);
    }
    const { top, left } = info.padInfo;
    const [before, after] = [
      [info.filterHeight - 1 - top, info.filterWidth - 1 - left],
      [info.inHeight + top - info.outHeight, info.inWidth + left - info.outWidth],
    ] as const;
    const single = info.strideHeight * info.strideWidth === 1 && [...before, ...after].every((margin) => margin >= 0);
    const image = trace.graph.transpose(trace.whole(dy), toChannelsFirst);
    const output = single
      ? turnedConvolution(trace, image, trace.whole(filter), [...before, ...after])
      : transposedConvolution(trace, image, trace.whole(filter), info);
    return trace.tensor(trace.graph.transpose(output, toChannelsLast), inputShape, dy.dtype);
  },
);

/** A convolution with the filter turned by half a turn, and its channels exchanged. */
function turnedConvolution({ graph }: Trace, image: string, filter: string, pads: readonly number[]): string {
  const last = graph.int64([-1, -1]);
  const beforeFirst = graph.int64([-(2 ** 31), -(2 ** 31)]);
  const turned = graph.node('Slice', [filter, last, beforeFirst, graph.int64([0, 1]), last]);
  return graph.node('Conv', [image, graph.transpose(turned, [2, 3, 0, 1])], { pads });
}

/** Spreads each pixel over the filter's extent, then cuts or extends the far edges to the input's size. */
function transposedConvolution({ graph }: Trace, image: string, filter: string, info: Info): string {
  const { top, left } = info.padInfo;
  const bottom = (info.outHeight - 1) * info.strideHeight + info.filterHeight - top - info.inHeight;
  const right = (info.outWidth - 1) * info.strideWidth + info.filterWidth - left - info.inWidth;
  const weights = graph.transpose(filter, [3, 2, 0, 1]); // [out, in, height, width]
  return graph.node('ConvTranspose', [image, weights], {
    pads: [top, left, Math.max(0, bottom), Math.max(0, right)],
    strides: [info.strideHeight, info.strideWidth],
    output_padding: [Math.max(0, -bottom), Math.max(0, -right)],
  });
}

const filterGradient = kernel<{ x: TensorInfo; dy: TensorInfo }, Conv2DBackpropFilterAttrs>(
  (trace, { x, dy }, attributes) => {
    const { filterShape } = attributes;
    const info = geometry(x.shape, filterShape, attributes);
    const upstream = asPixels(trace, dy); // [pixels, out]
    const taps = isPointwise(info) ? [asPixels(trace, x)] : seenByTaps(trace, x, info); // [pixels, in] each
    const gradients = taps.map((seen) => product(trace, seen, upstream, true, false)); // [in, out] each
    const joined = gradients.length > 1 ? trace.graph.node('Concat', gradients, { axis: 0 }) : (gradients[0] as string);
    return trace.tensor(trace.reshaped(joined, filterShape), filterShape, x.dtype);
  },
);

/** For each tap of the filter, row by row, what it sees at every output pixel: [output pixels, channels]. */
function seenByTaps(trace: Trace, x: TensorInfo, info: Info): string[] {
  const { graph } = trace;
  const { strideHeight, strideWidth, filterHeight, filterWidth, outHeight, outWidth, inChannels } = info;
  const { top, left } = info.padInfo;
  const { below, beside } = farPadding(info);
  const padded = graph.node('Pad', [trace.whole(x), graph.int64([0, top, left, 0, 0, below, beside, 0])]);
  return Array.from({ length: filterHeight * filterWidth }, (_, tap) => {
    const [row, column] = [Math.floor(tap / filterWidth), tap % filterWidth];
    const ends = [row + (outHeight - 1) * strideHeight + 1, column + (outWidth - 1) * strideWidth + 1];
    const bounds = [[row, column], ends, [1, 2], [strideHeight, strideWidth]];
    const seen = graph.node('Slice', [padded, ...bounds.map((values) => graph.int64(values))]);
    return trace.reshaped(seen, [info.batchSize * outHeight * outWidth, inChannels]);
  });
}

export const convolutionKernels: KernelTable = {
  Conv2D: forward,
  Conv2DBackpropInput: inputGradient,
  Conv2DBackpropFilter: filterGradient,
};
