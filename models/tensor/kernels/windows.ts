/**
 * How the windows of a convolution or a pooling lie over an image or a clip. tensorflow.js accounts for two and for
 * three dimensions in different words; here both are lists with one number a spatial axis, so that each kernel is
 * written once. Data has the shape [batch, ...extents, channels], filters [...extents, in, out].
 */
import * as tf from '@tensorflow/tfjs';

type Rounding = 'floor' | 'round' | 'ceil';
type Side = number | readonly number[];

/** The attributes that tensorflow.js gives to kernels with windows. */
export interface WindowAttributes {
  readonly strides: Side;
  readonly pad: unknown;
  readonly dataFormat?: string;
  readonly dilations?: Side;
  readonly dimRoundingMode?: Rounding;
}

export interface Windows {
  readonly batch: number;
  readonly channels: number;
  /** Extents of the data, of the result and of one window, one a spatial axis. */
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly filter: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Padding before the first element of each axis. */
  readonly before: readonly number[];
  /** Shape of the result, channels last. */
  readonly outShape: readonly number[];
}

/** Windows of a convolution; `input` has its channels last, and the filter [...extents, in, out] tells the rank. */
export function convolutionWindows(
  input: readonly number[],
  filter: readonly number[],
  { strides, dilations = 1, pad, dimRoundingMode }: WindowAttributes,
  depthwise = false,
): Windows {
  if (filter.length === 5)
    return solid(
      tf.backend_util.computeConv3DInfo(
        tuple<Five>(input),
        tuple<Five>(filter),
        tuple<Three>(strides),
        tuple<Three>(dilations),
        pad as 'same',
      ),
    );
  return flat(
    tf.backend_util.computeConv2DInfo(
      tuple<Four>(input),
      tuple<Four>(filter),
      tuple<Two>(strides),
      tuple<Two>(dilations),
      pad as 'same',
      dimRoundingMode,
      depthwise,
    ),
  );
}

export interface PoolAttributes extends WindowAttributes {
  readonly filterSize: Side;
}

/** Windows of a pooling over data with its channels last. */
export function poolWindows(input: readonly number[], attributes: PoolAttributes): Windows {
  const { filterSize, strides, pad, dimRoundingMode } = attributes;
  if (input.length === 5)
    return solid(
      tf.backend_util.computePool3DInfo(
        tuple<Five>(input),
        tuple<Three>(filterSize),
        tuple<Three>(strides),
        1,
        pad as 'same',
        dimRoundingMode,
      ),
    );
  const [size, steps] = [tuple<Two>(filterSize), tuple<Two>(strides)];
  return flat(tf.backend_util.computePool2DInfo(tuple<Four>(input), size, steps, 1, pad as 'same', dimRoundingMode));
}

type Two = [number, number];
type Three = [number, number, number];
type Four = [number, number, number, number];
type Five = [number, number, number, number, number];

/** Shapes and sides as the mutable tuples that tensorflow.js asks for; it checks their lengths itself. */
function tuple<T extends number[]>(values: Side): T {
  return (typeof values === 'number' ? values : [...values]) as T;
}

function flat(info: tf.backend_util.Conv2DInfo): Windows {
  return {
    batch: info.batchSize,
    channels: info.inChannels,
    input: [info.inHeight, info.inWidth],
    output: [info.outHeight, info.outWidth],
    filter: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    before: [info.padInfo.top, info.padInfo.left],
    outShape: info.outShape,
  };
}

function solid(info: tf.backend_util.Conv3DInfo): Windows {
  return {
    batch: info.batchSize,
    channels: info.inChannels,
    input: [info.inDepth, info.inHeight, info.inWidth],
    output: [info.outDepth, info.outHeight, info.outWidth],
    filter: [info.filterDepth, info.filterHeight, info.filterWidth],
    strides: [info.strideDepth, info.strideHeight, info.strideWidth],
    dilations: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
    before: [info.padInfo.front, info.padInfo.top, info.padInfo.left],
    outShape: info.outShape,
  };
}

/** Elements of the padded data that one window spans, an axis. */
export function reach({ filter, dilations }: Windows): number[] {
  return filter.map((size, axis) => (size - 1) * at(dilations, axis) + 1);
}

/** Padding after the last element that the last window reaches into; negative where it stops short of the end. */
export function overhang(windows: Windows): number[] {
  const { input, output, strides, before } = windows;
  return reach(windows).map(
    (span, axis) => (at(output, axis) - 1) * at(strides, axis) + span - at(before, axis) - at(input, axis),
  );
}

/** Padding after the last element, never negative. */
export function after(windows: Windows): number[] {
  return overhang(windows).map((margin) => Math.max(0, margin));
}

/** From [batch, ...extents, channels] to [batch, channels, ...extents]. */
export function toChannelsFirst(spatialRank: number): number[] {
  return [0, spatialRank + 1, ...spatialAxes(spatialRank)];
}

/** From [batch, channels, ...extents] to [batch, ...extents, channels]. */
export function toChannelsLast(spatialRank: number): number[] {
  return [0, ...spatialAxes(spatialRank).map((axis) => axis + 1), 1];
}

/** 1 up to the number of spatial axes: where they lie in data with its channels last. */
export function spatialAxes(spatialRank: number): number[] {
  return Array.from({ length: spatialRank }, (_, axis) => axis + 1);
}

/** The places of a window's elements, one list of offsets along the axes for each, the last axis fastest. */
export function taps({ filter, dilations }: Windows): number[][] {
  return filter.reduce<number[][]>(
    (places, size, axis) =>
      places.flatMap((place) => Array.from({ length: size }, (_, i) => [...place, i * at(dilations, axis)])),
    [[]],
  );
}

function at(values: readonly number[], axis: number): number {
  return values[axis] as number;
}
