/**
 * Gradients of kernels that choose elements: each puts the upstream gradient back where the elements came from.
 * tensorflow.js has none for most of them, and for batched gathering one that takes the batch apart.
 */
import type { GatherV2Attrs, GradConfig, StridedSliceAttrs, Tensor } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { sizeOf } from '../program.ts';
import { axisOf } from './kernel.ts';
import { spread } from './spread.ts';

/** Leading batches and the places within them become one list of rows, into which the gradient is summed. */
function gatherGradient(dy: Tensor, x: Tensor, indices: Tensor, axis: number, batch: number): Tensor {
  const length = x.shape[axis] as number;
  const rows = sizeOf(x.shape.slice(0, batch));
  const places = indices.rank - batch;
  const between = axis - batch;
  const axes = dy.shape.map((_, at) => at);
  const order = [
    ...axes.slice(0, batch),
    ...axes.slice(axis, axis + places),
    ...axes.slice(batch, axis),
    ...axes.slice(axis + places),
  ];
  const inner = [...x.shape.slice(batch, axis), ...x.shape.slice(axis + 1)];
  const upstream = tf.reshape(tf.transpose(dy, order), [indices.size, sizeOf(inner)]);
  const starts = tf.mul(tf.range(0, rows, 1, 'int32'), tf.scalar(length, 'int32'));
  const flat = tf.add(tf.reshape(indices, [rows, -1]), tf.reshape(starts, [rows, 1]));
  const sums = tf.unsortedSegmentSum(upstream, tf.reshape(tf.cast(flat, 'int32'), [indices.size]), rows * length);
  const moved = tf.reshape(sums, [...x.shape.slice(0, batch), length, ...inner]);
  const own = x.shape.map((_, at) => at);
  return tf.transpose(moved, own.toSpliced(batch, 1).toSpliced(batch + between, 0, batch));
}

const gather: GradConfig = {
  kernelName: 'GatherV2',
  inputsToSave: ['x', 'indices'],
  gradFunc: (dy, saved, attributes) => {
    const [x, indices] = saved as [Tensor, Tensor];
    const { axis, batchDims = 0 } = attributes as unknown as GatherV2Attrs;
    const at = axisOf(axis, x.rank);
    return {
      x: () => gatherGradient(dy as Tensor, x, indices, at, axisOf(batchDims, indices.rank)),
      indices: () => tf.zeros(indices.shape),
    };
  },
};

const gatherNd: GradConfig = {
  kernelName: 'GatherNd',
  inputsToSave: ['params', 'indices'],
  gradFunc: (dy, saved) => {
    const [params, indices] = saved as [Tensor, Tensor];
    return {
      params: () => tf.scatterND(indices, dy as Tensor, params.shape as never),
      indices: () => tf.zeros(indices.shape),
    };
  },
};

const scatterNd: GradConfig = {
  kernelName: 'ScatterNd',
  inputsToSave: ['indices'],
  gradFunc: (dy, saved) => {
    const [indices] = saved as [Tensor];
    return {
      updates: () => tf.gatherND(dy as Tensor, indices),
      indices: () => tf.zeros(indices.shape),
    };
  },
};

/** The gradients of the values go where the indices say. */
const topK: GradConfig = {
  kernelName: 'TopK',
  inputsToSave: ['x'],
  outputsToSave: [false, true],
  gradFunc: (dy, saved) => {
    const [x, indices] = saved as [Tensor, Tensor];
    const [values] = dy as unknown as [Tensor];
    const chosen = () => tf.cast(tf.oneHot(indices as never, x.shape.at(-1) as number), 'float32');
    return { x: () => tf.sum(tf.mul(tf.expandDims(values, -1), chosen()), -2) };
  },
};

/** Zeros between what was picked, and around it; backwards steps are turned first. */
const stridedSlice: GradConfig = {
  kernelName: 'StridedSlice',
  inputsToSave: ['x'],
  gradFunc: (dy, saved, attributes) => {
    const { shape } = saved[0] as Tensor;
    const { begin, end, strides, ...masks } = attributes as unknown as StridedSliceAttrs;
    const { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = masks;
    const marks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const;
    const plan = tf.slice_util.sliceInfo(shape, begin, end, strides, ...marks);
    const sizes = tf.slice_util.computeOutShape(plan.begin, plan.end, plan.strides);
    return {
      x: () => {
        const turned = plan.strides.flatMap((step, axis) => (step < 0 ? [axis] : []));
        const picked = tf.reshape(dy as Tensor, sizes);
        const spaced = spread(turned.length > 0 ? tf.reverse(picked, turned) : picked, plan.strides.map(Math.abs));
        const paddings = shape.map((length, axis): [number, number] => {
          const step = plan.strides[axis] as number;
          const last = step < 0 ? ((sizes[axis] as number) - 1) * step : 0;
          const first = (plan.begin[axis] as number) + last;
          return [first, length - first - (spaced.shape[axis] as number)];
        });
        return tf.pad(spaced, paddings);
      },
    };
  },
};

export const indexGradients: readonly GradConfig[] = [gather, gatherNd, scatterNd, topK, stridedSlice];
