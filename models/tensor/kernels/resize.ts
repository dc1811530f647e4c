/**
 * Resizing of images. Each output row is a weighted sum of input rows, and each column of columns, so that a resize
 * is two products with small constant matrices, and its gradient is the products with their transposes. tensorflow.js
 * ignores half-pixel centres in its own gradients; these do not.
 */
import type { ResizeBilinearAttrs, TensorInfo } from '@tensorflow/tfjs';
import type { Trace } from '../trace.ts';
import { type KernelTable, kernel } from './kernel.ts';

/** [batch, height, width, channels]. */
type Shape4 = [number, number, number, number];

type Options = Pick<ResizeBilinearAttrs, 'alignCorners' | 'halfPixelCenters'>;

/** Weights of input positions for one output position. */
type Weights = (at: number, inputs: number, outputs: number, options: Options) => [index: number, weight: number][];

const bilinear: Weights = (at, inputs, outputs, { alignCorners, halfPixelCenters }) => {
  const ratio = ratioOf(inputs, outputs, alignCorners);
  const place = halfPixelCenters ? ratio * (at + 0.5) - 0.5 : ratio * at;
  const before = Math.max(0, Math.floor(place));
  const after = Math.min(inputs - 1, Math.ceil(place));
  return [
    [before, 1 - (place - before)],
    [after, place - before],
  ];
};

const nearest: Weights = (at, inputs, outputs, { alignCorners, halfPixelCenters }) => {
  const place = ratioOf(inputs, outputs, alignCorners) * (halfPixelCenters ? at + 0.5 : at);
  const index = Math.min(inputs - 1, alignCorners ? Math.round(place) : Math.floor(place));
  return [[Math.max(0, index), 1]];
};

function ratioOf(inputs: number, outputs: number, alignCorners: boolean): number {
  return alignCorners && outputs > 1 ? (inputs - 1) / (outputs - 1) : inputs / outputs;
}

/** The matrix [outputs, inputs] of one side, or its transpose. */
function sideMatrix(
  trace: Trace,
  weights: Weights,
  inputs: number,
  outputs: number,
  options: Options,
  transposed: boolean,
): string {
  const matrix = new Float32Array(outputs * inputs);
  for (let at = 0; at < outputs; at++)
    for (const [index, weight] of weights(at, inputs, outputs, options)) {
      const place = transposed ? index * outputs + at : at * inputs + index;
      matrix[place] = (matrix[place] as number) + weight;
    }
  return trace.whole(trace.constant(matrix, transposed ? [inputs, outputs] : [outputs, inputs], 'float32'));
}

/** Applies one matrix to the rows and one to the columns of an image: [batch, height, width, channels] → `shape`. */
function onBothSides(trace: Trace, image: TensorInfo, rows: string, columns: string, shape: Shape4): TensorInfo {
  const [batch, , width, channels] = image.shape as Shape4;
  const [, height] = shape;
  const lines = trace.reshaped(trace.whole(image), [batch, image.shape[1] as number, width * channels]);
  const tall = trace.reshaped(trace.graph.node('MatMul', [rows, lines]), [batch * height, width, channels]);
  return trace.tensor(trace.reshaped(trace.graph.node('MatMul', [columns, tall]), shape), shape, 'float32');
}

function resize(weights: Weights) {
  return kernel<{ images: TensorInfo }, ResizeBilinearAttrs>((trace, { images }, { size, ...options }) => {
    const [batch, height, width, channels] = images.shape as Shape4;
    const rows = sideMatrix(trace, weights, height, size[0], options, false);
    const columns = sideMatrix(trace, weights, width, size[1], options, false);
    return onBothSides(trace, images, rows, columns, [batch, ...size, channels]);
  });
}

function resizeGradient(weights: Weights) {
  return kernel<{ images: TensorInfo; dy: TensorInfo }, ResizeBilinearAttrs>((trace, { images, dy }, options) => {
    const [, height, width] = images.shape as Shape4;
    const [, tall, wide] = dy.shape as Shape4;
    const rows = sideMatrix(trace, weights, height, tall, options, true);
    const columns = sideMatrix(trace, weights, width, wide, options, true);
    return onBothSides(trace, dy, rows, columns, images.shape as Shape4);
  });
}

export const resizeKernels: KernelTable = {
  ResizeBilinear: resize(bilinear),
  ResizeBilinearGrad: resizeGradient(bilinear),
  ResizeNearestNeighbor: resize(nearest),
  ResizeNearestNeighborGrad: resizeGradient(nearest),
};
