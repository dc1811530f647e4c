/**
 * Convolution of images and clips and its two gradients. tensorflow.js keeps channels last and ONNX first, so that
 * each is wrapped in transposes, most of which the runtime moves together and removes. The forms were chosen by
 * measurement: a 1×1 convolution and its gradients are plain matrix products; the input's gradient at stride 1 is a
 * convolution with the turned filter, half again as fast as a transposed one; the filter's gradient is one product
 * for each of its taps, two to four times as fast as gathering patches or as a convolution over swapped axes.
 */
import type { TensorInfo } from '@tensorflow/tfjs';
import { EngineError } from '../../../shared/errors.ts';
import { sizeOf } from '../program.ts';
import type { Trace } from '../trace.ts';
import { blockedConvolution, blockedFilterGradient, fitsBlocks } from './blockedConvolution.ts';
import { type KernelTable, kernel } from './kernel.ts';
import { product } from './matMul.ts';
import {
  after,
  convolutionWindows,
  overhang,
  reach,
  spatialAxes,
  taps,
  toChannelsFirst,
  toChannelsLast,
  type WindowAttributes,
  type Windows,
} from './windows.ts';

function geometry(input: readonly number[], filter: readonly number[], attributes: WindowAttributes): Windows {
  refuseChannelsFirst(attributes);
  return convolutionWindows(input, filter, attributes);
}

/** @throws EngineError for data with its channels first */
export function refuseChannelsFirst({ dataFormat }: WindowAttributes): void {
  if (dataFormat === 'NCHW' || dataFormat === 'NCDHW')
    throw new EngineError(
      `convolutions of ${dataFormat} data cannot be compiled; keep the channels last, which costs nothing`,
    );
}

/** Whether the convolution mixes channels alone. */
function isPointwise(windows: Windows): boolean {
  const padding = [...windows.before, ...after(windows)];
  return sizeOf(windows.filter) * sizeOf(windows.strides) === 1 && padding.every((amount) => amount === 0);
}

/** The elements of an image as a matrix [pixels, channels]. */
function asPixels(trace: Trace, image: TensorInfo): string {
  const channels = image.shape.at(-1) as number;
  return trace.reshaped(trace.whole(image), [sizeOf(image.shape) / channels, channels]);
}

function asMatrix(trace: Trace, filter: TensorInfo): string {
  return trace.reshaped(trace.whole(filter), filter.shape.slice(-2));
}

/** Permutation of a filter [...extents, in, out] to [out, in, ...extents]. */
function outputsFirst(rank: number): number[] {
  return [rank + 1, rank, ...spatialAxes(rank).map((axis) => axis - 1)];
}

const forward = kernel<{ x: TensorInfo; filter: TensorInfo }, WindowAttributes>((trace, { x, filter }, attributes) => {
  const windows = geometry(x.shape, filter.shape, attributes);
  const { outShape, before, strides, dilations, input } = windows;
  const { graph } = trace;
  if (isPointwise(windows)) {
    const pixels = product(trace, asPixels(trace, x), asMatrix(trace, filter), false, false);
    return trace.tensor(trace.reshaped(pixels, outShape), outShape, x.dtype);
  }
  const [inputs, outputs] = filter.shape.slice(-2) as [number, number];
  if (fitsBlocks(trace, windows, outputs)) {
    const pads = [...before, ...after(windows)];
    const layout = { inputs, outputs, extents: windows.filter, exchanged: false, pads, strides, dilations };
    const output = blockedConvolution(trace, trace.whole(x), trace.whole(filter), layout);
    return trace.tensor(output, outShape, x.dtype);
  }
  const rank = input.length;
  const whole = graph.transpose(trace.whole(x), toChannelsFirst(rank));
  const weights = graph.transpose(trace.whole(filter), outputsFirst(rank));
  const skipped = before.map((amount) => Math.min(0, amount)); // strides wider than the filter may begin inside a clip
  const image = skipped.some((amount) => amount < 0)
    ? graph.node('Pad', [whole, graph.int64([0, 0, ...skipped, 0, 0, ...skipped.map(() => 0)])])
    : whole;
  const pads = [...before.map((amount) => Math.max(0, amount)), ...after(windows)];
  const output = fitted(trace, graph.node('Conv', [image, weights], { pads, strides, dilations }), windows);
  return trace.tensor(graph.transpose(output, toChannelsLast(rank)), outShape, x.dtype);
});

/**
 * A result [batch, channels, ...extents] without what lies beyond the extents that tensorflow.js counts: with padding
 * in numbers, it measures every axis by the first side of the window, and may stop short.
 */
export function fitted({ graph }: Trace, output: string, windows: Windows): string {
  const { strides, output: extents } = windows;
  const beyond = overhang(windows).some((margin, axis) => margin <= -(strides[axis] as number));
  if (!beyond) return output;
  const axes = extents.map((_, axis) => axis + 2);
  return graph.node('Slice', [output, ...[extents.map(() => 0), extents, axes].map((values) => graph.int64(values))]);
}

interface InputGradientAttributes extends WindowAttributes {
  readonly inputShape: number[];
}

const inputGradient = kernel<{ dy: TensorInfo; filter: TensorInfo }, InputGradientAttributes>(
  (trace, { dy, filter }, attributes) => {
    const { inputShape } = attributes;
    const windows = geometry(inputShape, filter.shape, attributes);
    if (isPointwise(windows)) {
      const pixels = product(trace, asPixels(trace, dy), asMatrix(trace, filter), false, true);
      return trace.tensor(trace.reshaped(pixels, inputShape), inputShape, dy.dtype);
    }
    const rank = windows.input.length;
    const pads = paddingOfTurned(windows);
    const outputs = filter.shape.at(-1) as number;
    if (pads && fitsBlocks(trace, windows, outputs)) {
      const { channels, filter: extents, dilations } = windows;
      const layout = { inputs: outputs, outputs: channels, extents, exchanged: true, pads, strides: [1, 1], dilations };
      const output = blockedConvolution(trace, trace.whole(dy), turned(trace, trace.whole(filter), rank), layout);
      return trace.tensor(output, inputShape, dy.dtype);
    }
    const image = trace.graph.transpose(trace.whole(dy), toChannelsFirst(rank));
    const output = pads
      ? turnedConvolution(trace, image, trace.whole(filter), pads, windows)
      : transposedConvolution(trace, image, trace.graph.transpose(trace.whole(filter), outputsFirst(rank)), windows);
    return trace.tensor(trace.graph.transpose(output, toChannelsLast(rank)), inputShape, dy.dtype);
  },
);

/**
 * Padding that makes the input's gradient an ordinary convolution of the upstream gradient with the filter turned by
 * half a turn; none where strides, or padding wider than the filter, forbid it.
 */
export function paddingOfTurned(windows: Windows): readonly number[] | undefined {
  const { strides, before, input, output } = windows;
  const spans = reach(windows);
  const pads = [
    ...spans.map((span, axis) => span - 1 - (before[axis] as number)),
    ...input.map((extent, axis) => extent + (before[axis] as number) - (output[axis] as number)),
  ];
  return sizeOf(strides) === 1 && pads.every((margin) => margin >= 0) ? pads : undefined;
}

/** The filter turned by half a turn. */
export function turned({ graph }: Trace, filter: string, rank: number): string {
  const backwards = graph.int64(Array<number>(rank).fill(-1));
  const beforeFirst = graph.int64(Array<number>(rank).fill(-(2 ** 31)));
  const axes = graph.int64(spatialAxes(rank).map((axis) => axis - 1));
  return graph.node('Slice', [filter, backwards, beforeFirst, axes, backwards]);
}

/** A convolution with the turned filter, its channels exchanged. */
function turnedConvolution(
  trace: Trace,
  image: string,
  filter: string,
  pads: readonly number[],
  { dilations }: Windows,
): string {
  const rank = dilations.length;
  const order = [rank, rank + 1, ...spatialAxes(rank).map((axis) => axis - 1)]; // [in, out, ...extents]
  const weights = trace.graph.transpose(turned(trace, filter, rank), order);
  return trace.graph.node('Conv', [image, weights], { pads, dilations });
}

/**
 * Spreads each pixel over the filter's extent, then cuts or extends the far edges to the input's size.
 * @param weights filter of the shape [channels of the image, channels of the result in a group, ...extents]
 */
export function transposedConvolution(
  { graph }: Trace,
  image: string,
  weights: string,
  windows: Windows,
  group = 1,
): string {
  const { before, strides, dilations } = windows;
  const margins = overhang(windows);
  const extension = margins.map((margin) => Math.max(0, -margin));
  const regular = before.every((amount, axis) => {
    const limit = Math.max(strides[axis] as number, dilations[axis] as number);
    return amount >= 0 && (extension[axis] as number) < limit;
  });
  const attributes = { group, strides, dilations };
  if (regular) {
    const pads = [...before, ...after(windows)];
    return graph.node('ConvTranspose', [image, weights], { ...attributes, pads, output_padding: extension });
  }
  const all = graph.node('ConvTranspose', [image, weights], attributes); // cut and extended afterwards
  const amounts = [0, 0, ...before.map((amount) => -amount), 0, 0, ...margins.map((margin) => -margin)];
  return graph.node('Pad', [all, graph.int64(amounts)]);
}

interface FilterGradientAttributes extends WindowAttributes {
  readonly filterShape: number[];
}

const filterGradient = kernel<{ x: TensorInfo; dy: TensorInfo }, FilterGradientAttributes>(
  (trace, { x, dy }, attributes) => {
    const { filterShape } = attributes;
    const windows = geometry(x.shape, filterShape, attributes);
    const inBlocks = isPointwise(windows) ? undefined : blockedFilterGradient(trace, x, dy, windows);
    if (inBlocks) return trace.tensor(inBlocks, filterShape, x.dtype);
    const upstream = asPixels(trace, dy); // [pixels, out]
    const seen = isPointwise(windows) ? [asPixels(trace, x)] : seenByTaps(trace, x, windows); // [pixels, in] each
    const gradients = seen.map((pixels) => product(trace, pixels, upstream, true, false)); // [in, out] each
    const joined = gradients.length > 1 ? trace.graph.node('Concat', gradients, { axis: 0 }) : (gradients[0] as string);
    return trace.tensor(trace.reshaped(joined, filterShape), filterShape, x.dtype);
  },
);

/** For each tap of the filter, what it sees at every output pixel: [output pixels, channels]. */
function seenByTaps(trace: Trace, x: TensorInfo, windows: Windows): string[] {
  const { channels, batch, output } = windows;
  return slicesOfTaps(trace, trace.whole(x), windows).map((seen) =>
    trace.reshaped(seen, [batch * sizeOf(output), channels]),
  );
}

/**
 * For each tap of the filter, what it sees: [batch, ...output extents, channels].
 * @param padding name of the number that stands outside the data; 0 unless told
 */
export function slicesOfTaps({ graph }: Trace, x: string, windows: Windows, padding?: string): string[] {
  const { before, output, strides, input } = windows;
  const margins = graph.int64([0, ...before, 0, 0, ...after(windows), 0]);
  const padded = graph.node('Pad', padding ? [x, margins, padding] : [x, margins]);
  const axes = spatialAxes(input.length);
  return taps(windows).map((place) => {
    const ends = place.map((start, axis) => start + ((output[axis] as number) - 1) * (strides[axis] as number) + 1);
    return graph.node('Slice', [padded, ...[place, ends, axes, strides].map((values) => graph.int64(values))]);
  });
}

export const convolutionKernels: KernelTable = {
  Conv2D: forward,
  Conv2DBackpropInput: inputGradient,
  Conv2DBackpropFilter: filterGradient,
  Conv3D: forward,
  Conv3DBackpropInputV2: inputGradient,
  Conv3DBackpropFilterV2: filterGradient,
};
