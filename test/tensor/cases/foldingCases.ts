/** Cases of kernels that fold axes, and of those that gather, scatter, search and count. */
import * as tf from '@tensorflow/tfjs';
import { fixed, type KernelCase, mapValues, onAxis, shapeOfRank } from './kernelCase.ts';

export const folding: KernelCase[] = [
  onAxis('Sum', 3, (x, axis) => tf.sum(tf.tanh(x), axis)),
  onAxis('Sum', 3, (x, axis) => tf.sum(x, axis, true), { dtype: 'int32' }),
  onAxis('Sum', 3, (x) => tf.sum(x, [0, 2]), { name: 'Sum over two axes' }),
  onAxis('Mean', 3, (x, axis) => tf.mean(tf.square(x), axis, true)),
  onAxis('Mean', 2, (x, axis) => tf.mean(x, axis), { dtype: 'int32' }),
  onAxis('Prod', 3, (x, axis) => tf.prod(x, axis), { gradient: false }),
  onAxis(['Prod', 'Cumprod'], 3, (x) => tf.prod(x, 1), { name: 'Prod with gradient' }),
  onAxis(['Prod', 'Cumprod'], 2, (x) => tf.prod(x), { name: 'Prod of all with gradient' }),
  onAxis('Max', 3, (x, axis) => tf.max(x, axis)),
  onAxis('Max', 2, (x, axis) => tf.max(x, axis, true), { dtype: 'int32' }),
  onAxis('Min', 3, (x, axis) => tf.min(x, axis, true)),
  onAxis('All', 3, (x, axis) => tf.all(x, axis), { dtype: 'bool' }),
  onAxis('Any', 3, (x, axis) => tf.any(x, axis, true), { dtype: 'bool' }),
  onAxis('ArgMax', 3, (x, axis) => tf.argMax(x, axis), { gradient: false }),
  onAxis('ArgMin', 3, (x, axis) => tf.argMin(x, axis), { gradient: false }),
  onAxis('Cumsum', 3, (x, axis, random) => tf.cumsum(x, (axis + 3) % 3, random.chance(0.5), random.chance(0.5))),
  onAxis('Cumprod', 3, (x, axis, random) => tf.cumprod(x, (axis + 3) % 3, random.chance(0.5), random.chance(0.5)), {
    gradient: false,
  }),
  onAxis('Cumprod', 2, (x, axis) => tf.cumprod(x, (axis + 2) % 2), { dtype: 'int32' }),
  onAxis('TopK', 2, (x) => Object.values(tf.topk(x, 2))),
  onAxis('Softmax', 3, (x) => tf.softmax(x)),
  onAxis('Max', 3, (x) => tf.logSoftmax(x), { name: 'log-softmax' }),
  onAxis('Max', 3, (x, axis) => tf.logSumExp(x, axis), { name: 'log-sum-exp' }),
];

export const gathering: KernelCase[] = [
  fixed(
    'OneHot',
    { i: { shape: [3, 2], dtype: 'int32' } },
    (i) => tf.oneHot(tf.add(i, tf.scalar(4, 'int32')) as never, 9, 2, -1),
    {
      gradient: false,
    },
  ),
  onAxis(['GatherV2', 'UnsortedSegmentSum'], 3, (x, axis) =>
    tf.gather(tf.tanh(x), tf.tensor1d([1, 0, 1], 'int32'), axis),
  ),
  fixed('GatherV2', { x: { shape: [4, 3] }, i: { shape: [2, 2], dtype: 'int32' } }, (x, i) => tf.gather(x, tf.abs(i)), {
    prepare: (feeds) => ({ ...feeds, i: { shape: [2, 2], dtype: 'int32', data: Int32Array.of(3, 0, 3, 1) } }),
    name: 'GatherV2 by fed indices',
  }),
  {
    name: 'GatherV2 with batches',
    covers: ['GatherV2'],
    prepare: (feeds) => mapValues(feeds, (value) => (Number.isInteger(value) ? Math.abs(value) % 3 : value)),
    draw: (random) => {
      const batchDims = 1 + random.integer(2);
      const axis = batchDims + random.integer(2);
      const shape = shapeOfRank(random, axis + 1 + random.integer(2), 2).with(axis, 3);
      const indices = [...shape.slice(0, batchDims), ...shapeOfRank(random, random.integer(3))];
      return {
        fn: ({ x, i }) => ({ y: tf.gather(tf.tanh(x as tf.Tensor), i as tf.Tensor1D, axis, batchDims) }),
        signature: { x: { shape }, i: { shape: indices, dtype: 'int32' } },
      };
    },
  },
  fixed(['GatherNd', 'ScatterNd'], { x: { shape: [3, 4, 2] } }, (x) =>
    tf.gatherND(tf.tanh(x), places(2, [0, 1, 2, 3, 0, 1])),
  ),
  fixed(['ScatterNd', 'GatherNd'], { x: { shape: [3, 2] } }, (x) =>
    tf.scatterND(places(1, [4, 1, 4]), tf.tanh(x), [6, 2]),
  ),
  fixed(
    'TensorScatterUpdate',
    { x: { shape: [5, 2] }, u: { shape: [2, 2] } },
    (x, u) => tf.tensorScatterUpdate(x, places(1, [4, 1]), u),
    { gradient: false },
  ),
  fixed(
    'SparseToDense',
    { v: { shape: [3] } },
    (v) => [
      tf.sparseToDense(places(2, [0, 1, 2, 2, 1, 0]), v, [3, 4], tf.scalar(2)),
      tf.sparseToDense(tf.tensor1d([4, 0, 2], 'int32'), v, [5]),
    ],
    { gradient: false },
  ),
  fixed('UnsortedSegmentSum', { x: { shape: [4, 2, 3] } }, (x) =>
    tf.unsortedSegmentSum(tf.tanh(x), tf.tensor1d([2, 0, 2, 4], 'int32'), 5),
  ),
  fixed(
    'Bincount',
    { i: { shape: [7], dtype: 'int32' }, w: { shape: [7] } },
    (i, w) => {
      const values = tf.abs(i) as tf.Tensor1D;
      return [tf.bincount(values, w as tf.Tensor1D, 3), tf.bincount(values, tf.tensor1d([]), 6)];
    },
    { gradient: false },
  ),
  fixed(
    'DenseBincount',
    { i: { shape: [3, 4], dtype: 'int32' }, w: { shape: [3, 4] } },
    (i, w) => {
      const values = tf.abs(i) as tf.Tensor2D;
      const row = tf.reshape(tf.slice(values, [0, 0], [1, 4]), [4]) as tf.Tensor1D;
      return [
        tf.denseBincount(values, w as tf.Tensor2D, 3),
        tf.denseBincount(values, tf.tensor2d([], [0, 0]), 6, true),
        tf.denseBincount(row, tf.tensor1d([]), 4),
      ];
    },
    { gradient: false },
  ),
  onAxis(
    'SearchSorted',
    2,
    (x) => {
      const sorted = tf.cumsum(tf.abs(x), 1);
      return [tf.searchSorted(sorted, tf.abs(x), 'left'), tf.searchSorted(sorted, sorted, 'right')];
    },
    { gradient: false },
  ),
];

/** Rows of indices, `depth` numbers each. */
function places(depth: number, indices: number[]): tf.Tensor2D {
  return tf.tensor2d(indices, [indices.length / depth, depth], 'int32');
}
