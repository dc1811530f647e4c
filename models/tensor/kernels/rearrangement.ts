/**
 * Kernels that move blocks: between space, depth and batch; mirrored borders; images turned left to right; a vector
 * laid on a diagonal. They are composed of the simpler movements.
 */
import type {
  BatchToSpaceNDAttrs,
  DepthToSpaceAttrs,
  MirrorPadAttrs,
  SpaceToBatchNDAttrs,
  TensorInfo,
} from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { EngineError } from '../../../shared/errors.ts';
import { sizeOf } from '../program.ts';
import { asDType, type Trace } from '../trace.ts';
import { type KernelTable, kernel, type Unary } from './kernel.ts';
import { pad, reshape, reverse, slice, transpose } from './shape.ts';

const batchToSpace = kernel<Unary, BatchToSpaceNDAttrs>((trace, { x }, { blockShape, crops }) => {
  const { getReshaped, getPermuted, getReshapedPermuted, getSliceBeginCoords, getSliceSize } = tf.backend_util;
  const blocks = sizeOf(blockShape);
  const split = getReshaped(x.shape, blockShape, blocks);
  const moved = transpose(trace, reshape(trace, x, split), getPermuted(split.length, blockShape.length));
  const joined = reshape(trace, moved, getReshapedPermuted(x.shape, blockShape, blocks));
  const begin = getSliceBeginCoords(crops, blockShape.length);
  const sizes = getSliceSize(joined.shape, crops, blockShape.length);
  const rest = joined.shape.slice(begin.length);
  return slice(trace, joined, [...begin, ...rest.map(() => 0)], [...sizes, ...rest]);
});

const spaceToBatch = kernel<Unary, SpaceToBatchNDAttrs>((trace, { x }, { blockShape, paddings }) => {
  const { getReshaped, getPermuted, getReshapedPermuted } = tf.backend_util;
  const blocks = sizeOf(blockShape);
  const all = x.shape.map((_, axis): [number, number] => {
    const [before = 0, after = 0] = paddings[axis - 1] ?? [];
    return [before, after];
  });
  const padded = pad(trace, x, all, 0);
  const split = getReshaped(padded.shape, blockShape, blocks, false);
  const moved = transpose(trace, reshape(trace, padded, split), getPermuted(split.length, blockShape.length, false));
  return reshape(trace, moved, getReshapedPermuted(padded.shape, blockShape, blocks, false));
});

const depthToSpace = kernel<Unary, DepthToSpaceAttrs>((trace, { x }, { blockSize, dataFormat }) => {
  if (dataFormat === 'NCHW') throw new EngineError('depthToSpace of NCHW data cannot be compiled; use NHWC');
  const [batch, height, width, depth] = x.shape as [number, number, number, number];
  const channels = depth / blockSize ** 2;
  const split = reshape(trace, x, [batch, height, width, blockSize, blockSize, channels]);
  const shape = [batch, height * blockSize, width * blockSize, channels];
  return reshape(trace, transpose(trace, split, [0, 1, 3, 2, 4, 5]), shape);
});

/** Each padded axis is gathered once, at places that run back from its borders. */
const mirrorPad = kernel<Unary, MirrorPadAttrs>((trace, { x }, { paddings, mode }) => {
  const offset = mode === 'reflect' ? 0 : 1;
  return paddings.reduce<TensorInfo>((padded, [before, after], axis) => {
    if (before + after === 0) return padded;
    const length = padded.shape[axis] as number;
    const places = Array.from({ length: before + length + after }, (_, i) => {
      const at = i - before;
      if (at < 0) return -at - offset;
      return at < length ? at : 2 * (length - 1) - at + offset;
    });
    const indices = trace.constant(places, [places.length], 'int32');
    return trace.apply('Gather', [padded, indices], padded.shape.with(axis, places.length), x.dtype, { axis });
  }, x);
});

/** A vector of any shape on the diagonal of a square of that shape. */
function diagonal(trace: Trace, x: TensorInfo): TensorInfo {
  const { graph } = trace;
  const size = sizeOf(x.shape);
  const places = trace.constant(
    Array.from({ length: size }, (_, i) => i),
    [size],
    'int32',
  );
  const same = graph.node('Equal', [trace.whole(places), trace.reshaped(trace.whole(places), [size, 1])]);
  const dtype = asDType(x.dtype);
  const type = dtype === 'bool' ? 'int32' : dtype;
  const values = trace.reshaped(trace.whole(x), [size]);
  const row = dtype === 'bool' ? trace.cast(values, 'int32') : values;
  const square = graph.node('Where', [same, row, graph.scalar(0, type)]);
  const name = dtype === 'bool' ? trace.cast(square, 'bool') : square;
  return reshape(trace, trace.tensor(name, [size, size], dtype), [...x.shape, ...x.shape]);
}

export const rearrangementKernels: KernelTable = {
  BatchToSpaceND: batchToSpace,
  SpaceToBatchND: spaceToBatch,
  DepthToSpace: depthToSpace,
  MirrorPad: mirrorPad,
  FlipLeftRight: kernel<{ image: TensorInfo }>((trace, { image }) => reverse(trace, image, [2])),
  Diag: kernel<Unary>((trace, { x }) => diagonal(trace, x)),
};
