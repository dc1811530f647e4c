/** Cases of kernels that make tensors from nothing or move elements without computing. */
import * as tf from '@tensorflow/tfjs';
import { fixed, type KernelCase, onAxis, some, unary } from './kernelCase.ts';

export const filling: KernelCase[] = [
  unary('ZerosLike', (x) => tf.add(tf.tanh(x), tf.zerosLike(x))),
  unary('OnesLike', (x) => tf.div(tf.onesLike(x), tf.add(tf.square(x), tf.onesLike(x)))),
  unary('Fill', (x) => tf.mul(x, tf.fill(x.shape, 2.5))),
  fixed('Range', { x: { shape: [4] } }, (x) => tf.mul(x, tf.range(1, 3, 0.5))),
  fixed('LinSpace', { x: { shape: [7] } }, (x) => tf.mul(x, tf.linspace(-3, 4, 7))),
  fixed('Fill', { x: { shape: [2] } }, () => [tf.fill([2, 3], 4, 'int32'), tf.zeros([2, 2]), tf.tensor([5, 6, 7])], {
    gradient: false,
    name: 'constants as outputs',
  }),
];

export const moving: KernelCase[] = [
  onAxis('Reshape', 3, (x) => tf.reshape(tf.tanh(x), [-1, x.shape[2] as number])),
  onAxis('ExpandDims', 3, (x, axis) => tf.expandDims(tf.tanh(x), axis)),
  onAxis('Transpose', 4, (x) => tf.transpose(tf.tanh(tf.transpose(x, [2, 0, 3, 1])), [0, 3, 1, 2])),
  onAxis('Transpose', 3, (x) => tf.transpose(tf.transpose(x, [2, 0, 1]), [1, 2, 0]), { name: 'Transpose and back' }),
  onAxis('Concat', 3, (x, axis) => tf.concat([x, tf.tanh(x), tf.mul(x, 2)], axis)),
  onAxis('Pack', 2, (x, axis) => tf.stack([x, tf.tanh(x)], axis)),
  onAxis('Unpack', 3, (x, axis) => tf.unstack(tf.tanh(x), axis)),
  onAxis('SplitV', 3, (x, axis) => {
    const length = x.shape.at(axis) as number;
    return tf.split(tf.tanh(x), [1, length - 1], axis);
  }),
  onAxis('SplitV', 3, (x, axis) => tf.split(tf.tanh(x), 1, axis), { name: 'SplitV into one', gradient: false }),
  onAxis('Slice', 3, (x, _, random) => {
    const begin = x.shape.map((size) => random.integer(size));
    return tf.slice(
      tf.tanh(x),
      begin,
      x.shape.map((size, i) => 1 + random.integer(size - (begin[i] as number))),
    );
  }),
  onAxis('StridedSlice', 3, (x) => tf.stridedSlice(x, [0, 4, 1], [5, -9, 2], [2, -1, 1])),
  onAxis('StridedSlice', 2, (x) => tf.stridedSlice(x, [-1, 0, 1], [0, 0, 2], [1, 1, 1], 2, 2, 0, 2, 1), {
    name: 'StridedSlice with an axis gained and one lost',
  }),
  onAxis('PadV2', 3, (x, _, random) =>
    tf.pad(
      x,
      x.shape.map(() => [random.integer(3), random.integer(3)]),
      1.5,
    ),
  ),
  onAxis('Tile', 3, (x, _, random) =>
    tf.tile(
      x,
      x.shape.map(() => some(random, 1, 3)),
    ),
  ),
  fixed('Tile', { x: { shape: [2, 1, 3] } }, (x) => tf.tanh(tf.tile(x, [1, 4, 1])), { name: 'Tile of a single row' }),
  fixed('Tile', { x: { shape: [1, 3] } }, (x) => tf.reshape(tf.transpose(tf.tile(x, [4, 1])), [2, 6]), {
    name: 'Tile, then moved',
  }),
  onAxis('Reverse', 3, (x, axis) => tf.reverse(tf.tanh(x), axis)),
  fixed('Tile', { x: { shape: [2, 1, 2, 1, 2] } }, (x) => tf.tanh(tf.tile(x, [2, 3, 1, 1, 2])), {
    name: 'Tile of rank five',
  }),
  onAxis(
    ['PadV2', 'Slice'],
    5,
    (x) =>
      tf.pad(
        x,
        x.shape.map((_, axis) => [axis % 2, axis % 3]),
      ),
    { name: 'PadV2 of rank five' },
  ),
  onAxis(
    'MirrorPad',
    3,
    (x, _, random) => {
      const mode = random.choice(['reflect', 'symmetric'] as const);
      const most = (size: number) => random.integer(mode === 'reflect' ? size : size + 1);
      return tf.mirrorPad(
        x,
        x.shape.map((size) => [most(size), most(size)]),
        mode,
      );
    },
    { gradient: false },
  ),
  fixed(
    'MirrorPad',
    { x: { shape: [4, 3] } },
    (x) =>
      tf.mirrorPad(
        tf.tanh(x),
        [
          [1, 2],
          [2, 0],
        ],
        'reflect',
      ),
    {
      name: 'MirrorPad with gradient',
    },
  ),
  fixed(['SpaceToBatchND', 'BatchToSpaceND'], { x: { shape: [2, 4, 5, 3] } }, (x) =>
    tf.spaceToBatchND(
      tf.tanh(x),
      [2, 3],
      [
        [1, 1],
        [0, 1],
      ],
    ),
  ),
  fixed(['BatchToSpaceND', 'SpaceToBatchND'], { x: { shape: [8, 3, 2, 3] } }, (x) =>
    tf.batchToSpaceND(
      tf.tanh(x),
      [2, 2],
      [
        [1, 0],
        [0, 1],
      ],
    ),
  ),
  fixed('DepthToSpace', { x: { shape: [2, 3, 2, 12] } }, (x) => tf.depthToSpace(x as tf.Tensor4D, 2), {
    gradient: false,
  }),
  fixed('FlipLeftRight', { x: { shape: [2, 3, 4, 2] } }, (x) => tf.image.flipLeftRight(x as tf.Tensor4D), {
    gradient: false,
  }),
  fixed('Diag', { x: { shape: [2, 3] }, i: { shape: [4], dtype: 'int32' } }, (x, i) => [tf.diag(x), tf.diag(i)], {
    gradient: false,
  }),
];
