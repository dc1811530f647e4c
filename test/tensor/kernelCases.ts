/** One case a kernel or family: a function of random shapes, and which kernels of the table it is there to exercise. */
import * as tf from '@tensorflow/tfjs';
import type { HostTensors, Signature, TensorFunction } from '../../models/tensor/program.ts';
import type { Random } from '../../shared/random.ts';

export interface KernelCase {
  readonly name: string;
  readonly covers: readonly string[];
  /** Whether the function's gradient is compared too; true unless told. */
  readonly gradient?: boolean;
  /** Moves random inputs into the function's domain. */
  readonly prepare?: (feeds: HostTensors) => HostTensors;
  draw(random: Random): { fn: TensorFunction; signature: Signature };
}

type Op1 = (x: tf.Tensor) => tf.Tensor;
type Op2 = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const some = (random: Random, least = 1, most = 5) => least + random.integer(most - least + 1);

const shapeOfRank = (random: Random, rank: number, least = 1) =>
  Array.from({ length: rank }, () => some(random, least, 5));

function mapValues(feeds: HostTensors, change: (value: number) => number): HostTensors {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, tensor]) => [
      name,
      tensor.dtype === 'bool' ? tensor : { ...tensor, data: tensor.data.map(change) },
    ]),
  );
}

const positive = (feeds: HostTensors) => mapValues(feeds, (value) => Math.abs(value) + 0.2);
const withinUnit = (feeds: HostTensors) => mapValues(feeds, (value) => 0.9 * Math.tanh(value));
const aboveOne = (feeds: HostTensors) => mapValues(feeds, (value) => 1.2 + Math.abs(value));
const nonZero = (feeds: HostTensors) => mapValues(feeds, (value) => value || 3);
const withHoles = (feeds: HostTensors) =>
  mapValues(feeds, (value) => (value > 1 ? Number.NaN : value < -1 ? Number.NEGATIVE_INFINITY : value));

/** A kernel of one operand, on a shape of any rank. */
function unary(kernel: string, op: Op1, options: Partial<KernelCase> = {}): KernelCase {
  return {
    name: kernel,
    covers: [kernel],
    draw: (random) => ({
      fn: ({ x }) => ({ y: op(x as tf.Tensor) }),
      signature: { x: { shape: shapeOfRank(random, random.integer(4)) } },
    }),
    ...options,
  };
}

/** A kernel of two operands, on shapes that broadcast. */
function binary(kernel: string, op: Op2, options: Partial<KernelCase> & { dtype?: 'int32' | 'bool' } = {}): KernelCase {
  const { dtype, ...rest } = options;
  return {
    name: dtype ? `${kernel} of ${dtype}` : kernel,
    covers: [kernel],
    gradient: dtype === undefined,
    draw: (random) => {
      const whole = shapeOfRank(random, 3, 2);
      const partial = whole.slice(random.integer(4)).map((size) => (random.chance(0.3) ? 1 : size));
      const [a, b] = random.chance(0.5) ? [whole, partial] : [partial, whole];
      const spec = (shape: number[]) => ({ shape, ...(dtype && { dtype }) });
      return {
        fn: (inputs) => ({ y: op(inputs.a as tf.Tensor, inputs.b as tf.Tensor) }),
        signature: { a: spec(a), b: spec(b) },
      };
    },
    ...rest,
  };
}

/** A function of a tensor of known rank that may choose an axis. */
function onAxis(
  covers: string | string[],
  rank: number,
  op: (x: tf.Tensor, axis: number, random: Random) => tf.Tensor | tf.Tensor[],
  options: Partial<KernelCase> & { dtype?: 'int32' | 'bool' } = {},
): KernelCase {
  const { dtype, ...rest } = options;
  const kernels = [covers].flat();
  return {
    name: dtype ? `${kernels[0]} of ${dtype}` : `${kernels[0]}`,
    covers: kernels,
    gradient: dtype === undefined,
    draw: (random) => {
      const axis = random.integer(2 * rank) - rank;
      const choices = random.fork('choices');
      const seeded = () => choices.fork(0);
      return {
        fn: ({ x }) => {
          const outputs = [op(x as tf.Tensor, axis, seeded())].flat();
          return Object.fromEntries(outputs.map((output, i) => [`y${i}`, output]));
        },
        signature: { x: { shape: shapeOfRank(random, rank, 2), ...(dtype && { dtype }) } },
      };
    },
    ...rest,
  };
}

/** A function of inputs with fixed shapes. */
function fixed(
  covers: string | string[],
  signature: Signature,
  fn: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[],
  options: Partial<KernelCase> = {},
): KernelCase {
  const kernels = [covers].flat();
  return {
    name: `${kernels[0]}`,
    covers: kernels,
    draw: () => ({
      fn: (inputs) => {
        const outputs = [fn(...Object.values(inputs))].flat();
        return Object.fromEntries(outputs.map((output, i) => [`y${i}`, output]));
      },
      signature,
    }),
    ...options,
  };
}

const elementary: KernelCase[] = [
  unary('Neg', tf.neg),
  unary('Exp', tf.exp),
  unary('Expm1', tf.expm1),
  unary('Log', tf.log, { prepare: positive }),
  unary('Log1p', tf.log1p, { prepare: positive }),
  unary('Sqrt', tf.sqrt, { prepare: positive }),
  unary('Rsqrt', tf.rsqrt, { prepare: positive }),
  unary('Reciprocal', tf.reciprocal, { prepare: positive }),
  unary('Square', tf.square),
  unary('Abs', tf.abs),
  unary('Sign', tf.sign),
  unary('Floor', tf.floor),
  unary('Ceil', tf.ceil),
  unary('Round', tf.round),
  unary('Sin', tf.sin),
  unary('Cos', tf.cos),
  unary('Tan', tf.tan, { prepare: withinUnit }),
  unary('Asin', tf.asin, { prepare: withinUnit }),
  unary('Acos', tf.acos, { prepare: withinUnit }),
  unary('Atan', tf.atan),
  unary('Sinh', tf.sinh),
  unary('Cosh', tf.cosh),
  unary('Tanh', tf.tanh),
  unary('Asinh', tf.asinh),
  unary('Acosh', tf.acosh, { prepare: aboveOne }),
  unary('Atanh', tf.atanh, { prepare: withinUnit }),
  unary('Erf', tf.erf),
  unary('Relu', tf.relu),
  unary('Relu6', (x) => tf.relu6(tf.mul(x, 5))),
  unary('LeakyRelu', (x) => tf.leakyRelu(x, 0.1)),
  unary('Elu', tf.elu, { covers: ['Elu', 'EluGrad'] }),
  unary('Selu', tf.selu),
  unary('Sigmoid', tf.sigmoid),
  unary('Softplus', tf.softplus),
  unary('Step', (x) => tf.step(x, 0.25)),
  unary('Identity', (x) => tf.clone(x)),
  unary('ClipByValue', (x) => tf.clipByValue(x, -0.5, 0.7)),
  unary('IsNan', tf.isNaN, { gradient: false, prepare: withHoles }),
  unary('IsInf', tf.isInf, { gradient: false, prepare: withHoles }),
  unary('IsFinite', tf.isFinite, { gradient: false, prepare: withHoles }),
  unary('Cast', (x) => tf.cast(tf.cast(tf.mul(x, 3), 'int32'), 'float32'), { gradient: false }),
  unary('Cast', (x) => tf.cast(tf.cast(tf.round(x), 'bool'), 'int32'), { gradient: false, name: 'Cast through bool' }),
  fixed('Prelu', { x: { shape: [4, 3] }, alpha: { shape: [3] } }, (x, alpha) => tf.prelu(x as never, alpha as never)),
  fixed('LogicalNot', { x: { shape: [4], dtype: 'bool' } }, (x) => tf.logicalNot(x as never), { gradient: false }),
];

/** tensorflow.js knows these gradients for equal shapes alone. */
const alike: Signature = { a: { shape: [3, 4] }, b: { shape: [3, 4] } };

const operands: KernelCase[] = [
  binary('Add', tf.add),
  binary('Sub', tf.sub),
  binary('Multiply', tf.mul),
  binary('RealDiv', tf.div, { prepare: aboveOne }),
  binary('Pow', tf.pow, { prepare: positive }),
  binary('Maximum', tf.maximum, { gradient: false }),
  binary('Minimum', tf.minimum, { gradient: false }),
  binary('SquaredDifference', tf.squaredDifference, { gradient: false }),
  binary('Mod', tf.mod),
  binary('Mod', tf.mod, { dtype: 'int32', prepare: nonZero }),
  binary('FloorDiv', tf.floorDiv, { gradient: false }),
  binary('FloorDiv', tf.floorDiv, { dtype: 'int32', prepare: nonZero }),
  binary('Atan2', tf.atan2),
  binary('Add', tf.add, { dtype: 'int32' }),
  binary('Multiply', tf.mul, { dtype: 'int32' }),
  binary('Equal', tf.equal, { dtype: 'int32' }),
  binary('NotEqual', tf.notEqual, { dtype: 'int32' }),
  binary('Greater', tf.greater, { gradient: false }),
  binary('GreaterEqual', tf.greaterEqual, { dtype: 'int32' }),
  binary('Less', tf.less, { gradient: false }),
  binary('LessEqual', tf.lessEqual, { dtype: 'int32' }),
  binary('LogicalAnd', tf.logicalAnd, { dtype: 'bool' }),
  binary('LogicalOr', tf.logicalOr, { dtype: 'bool' }),
  binary('LogicalXor', tf.logicalXor, { dtype: 'bool' }),
  binary('AddN', (a, b) => tf.addN([tf.add(a, b), tf.mul(a, b), tf.sub(a, b)])),
  fixed('Maximum', alike, (a, b) => tf.maximum(a, b), { name: 'Maximum with gradients' }),
  fixed('Minimum', alike, (a, b) => tf.minimum(a, b), { name: 'Minimum with gradients' }),
  fixed('SquaredDifference', alike, tf.squaredDifference, { name: 'SquaredDifference with gradients' }),
  fixed('Select', { c: { shape: [2, 1], dtype: 'bool' }, a: { shape: [2, 3] }, b: { shape: [3] } }, (c, a, b) =>
    tf.where(c, tf.mul(a, 2), tf.sin(b)),
  ),
  binary('Select', (a, b) => tf.where(tf.logicalNot(a), a, b), { dtype: 'bool' }),
];

const filling: KernelCase[] = [
  unary('ZerosLike', (x) => tf.add(tf.sin(x), tf.zerosLike(x))),
  unary('OnesLike', (x) => tf.div(tf.onesLike(x), tf.add(tf.square(x), tf.onesLike(x)))),
  unary('Fill', (x) => tf.mul(x, tf.fill(x.shape, 2.5))),
  fixed('Range', { x: { shape: [4] } }, (x) => tf.mul(x, tf.range(1, 3, 0.5))),
  fixed('LinSpace', { x: { shape: [7] } }, (x) => tf.mul(x, tf.linspace(-3, 4, 7))),
  fixed('Fill', { x: { shape: [2] } }, () => [tf.fill([2, 3], 4, 'int32'), tf.zeros([2, 2]), tf.tensor([5, 6, 7])], {
    gradient: false,
    name: 'constants as outputs',
  }),
];

const moving: KernelCase[] = [
  onAxis('Reshape', 3, (x) => tf.reshape(tf.sin(x), [-1, x.shape[2] as number])),
  onAxis('ExpandDims', 3, (x, axis) => tf.expandDims(tf.sin(x), axis)),
  onAxis('Transpose', 4, (x) => tf.transpose(tf.sin(tf.transpose(x, [2, 0, 3, 1])), [0, 3, 1, 2])),
  onAxis('Transpose', 3, (x) => tf.transpose(tf.transpose(x, [2, 0, 1]), [1, 2, 0]), { name: 'Transpose and back' }),
  onAxis('Concat', 3, (x, axis) => tf.concat([x, tf.sin(x), tf.mul(x, 2)], axis)),
  onAxis('Pack', 2, (x, axis) => tf.stack([x, tf.sin(x)], axis)),
  onAxis('Unpack', 3, (x, axis) => tf.unstack(tf.sin(x), axis)),
  onAxis('SplitV', 3, (x, axis) => {
    const length = x.shape.at(axis) as number;
    return tf.split(tf.sin(x), [1, length - 1], axis);
  }),
  onAxis('SplitV', 3, (x, axis) => tf.split(tf.sin(x), 1, axis), { name: 'SplitV into one', gradient: false }),
  onAxis('Slice', 3, (x, _, random) => {
    const begin = x.shape.map((size) => random.integer(size));
    return tf.slice(
      tf.sin(x),
      begin,
      x.shape.map((size, i) => 1 + random.integer(size - (begin[i] as number))),
    );
  }),
  onAxis('StridedSlice', 3, (x) => tf.stridedSlice(x, [0, 4, 1], [5, -9, 2], [2, -1, 1]), {
    gradient: false,
  }),
  onAxis('StridedSlice', 2, (x) => tf.stridedSlice(x, [-1, 0, 1], [0, 0, 2], [1, 1, 1], 2, 2, 0, 2, 1), {
    gradient: false,
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
  fixed('Tile', { x: { shape: [2, 1, 3] } }, (x) => tf.sin(tf.tile(x, [1, 4, 1])), { name: 'Tile of a single row' }),
  fixed('Tile', { x: { shape: [1, 3] } }, (x) => tf.reshape(tf.transpose(tf.tile(x, [4, 1])), [2, 6]), {
    name: 'Tile, then moved',
  }),
  onAxis('Reverse', 3, (x, axis) => tf.reverse(tf.sin(x), axis)),
];

const folding: KernelCase[] = [
  onAxis('Sum', 3, (x, axis) => tf.sum(tf.sin(x), axis)),
  onAxis('Sum', 3, (x, axis) => tf.sum(x, axis, true), { dtype: 'int32' }),
  onAxis('Sum', 3, (x) => tf.sum(x, [0, 2]), { name: 'Sum over two axes' }),
  onAxis('Mean', 3, (x, axis) => tf.mean(tf.square(x), axis, true)),
  onAxis('Mean', 2, (x, axis) => tf.mean(x, axis), { dtype: 'int32' }),
  onAxis('Prod', 3, (x, axis) => tf.prod(x, axis), { gradient: false }),
  onAxis('Max', 3, (x, axis) => tf.max(x, axis)),
  onAxis('Max', 2, (x, axis) => tf.max(x, axis, true), { dtype: 'int32' }),
  onAxis('Min', 3, (x, axis) => tf.min(x, axis, true)),
  onAxis('All', 3, (x, axis) => tf.all(x, axis), { dtype: 'bool' }),
  onAxis('Any', 3, (x, axis) => tf.any(x, axis, true), { dtype: 'bool' }),
  onAxis('ArgMax', 3, (x, axis) => tf.argMax(x, axis), { gradient: false }),
  onAxis('ArgMin', 3, (x, axis) => tf.argMin(x, axis), { gradient: false }),
  onAxis('Cumsum', 3, (x, axis, random) => tf.cumsum(x, axis, random.chance(0.5), random.chance(0.5)), {
    gradient: false,
  }),
  onAxis('Cumsum', 3, (x) => tf.cumsum(x, 2), { name: 'Cumsum with gradient' }),
  onAxis('TopK', 2, (x) => Object.values(tf.topk(x, 2)), { gradient: false }),
  onAxis('Softmax', 3, (x) => tf.softmax(x)),
  onAxis('LogSoftmax', 3, (x) => tf.logSoftmax(x)),
  onAxis('Max', 3, (x, axis) => tf.logSumExp(x, axis), { name: 'log-sum-exp' }),
];

const gathering: KernelCase[] = [
  fixed(
    'OneHot',
    { i: { shape: [3, 2], dtype: 'int32' } },
    (i) => tf.oneHot(tf.add(i, tf.scalar(4, 'int32')) as never, 9, 2, -1),
    {
      gradient: false,
    },
  ),
  onAxis(['GatherV2', 'UnsortedSegmentSum'], 3, (x, axis) =>
    tf.gather(tf.sin(x), tf.tensor1d([1, 0, 1], 'int32'), axis),
  ),
  fixed('GatherV2', { x: { shape: [4, 3] }, i: { shape: [2, 2], dtype: 'int32' } }, (x, i) => tf.gather(x, tf.abs(i)), {
    prepare: (feeds) => ({ ...feeds, i: { shape: [2, 2], dtype: 'int32', data: Int32Array.of(3, 0, 3, 1) } }),
    name: 'GatherV2 by fed indices',
  }),
  fixed(
    'GatherNd',
    { x: { shape: [3, 4, 2] } },
    (x) =>
      tf.gatherND(
        x,
        tf.tensor2d(
          [
            [0, 1],
            [2, 3],
          ],
          [2, 2],
          'int32',
        ),
      ),
    {
      gradient: false,
    },
  ),
  fixed(
    'ScatterNd',
    { x: { shape: [3, 2] } },
    (x) => tf.scatterND(tf.tensor2d([[4], [1], [3]], [3, 1], 'int32'), x, [6, 2]),
    { gradient: false },
  ),
];

const products: KernelCase[] = [
  {
    name: 'BatchMatMul',
    covers: ['BatchMatMul'],
    draw: (random) => {
      const [rows, inner, columns] = [some(random), some(random), some(random)] as const;
      const batch = shapeOfRank(random, random.integer(3));
      const [transposeA, transposeB] = [random.chance(0.5), random.chance(0.5)];
      return {
        fn: ({ a, b }) => ({ y: tf.matMul(a as tf.Tensor, b as tf.Tensor, transposeA, transposeB) }),
        signature: {
          a: { shape: [...batch, ...(transposeA ? [inner, rows] : [rows, inner])] },
          b: { shape: [...batch, ...(transposeB ? [columns, inner] : [inner, columns])] },
        },
      };
    },
  },
  fixed('BatchMatMul', { a: { shape: [3, 2, 4] }, b: { shape: [1, 4, 5] } }, (a, b) => tf.matMul(a, b), {
    gradient: false,
    name: 'BatchMatMul broadcast over the batch',
  }),
  ...[0, 1, 2, 3].map((flags) =>
    fixed(
      'BatchMatMul',
      { a: { shape: [4, 4] }, b: { shape: [4, 4] } },
      (a, b) => tf.matMul(a, b, flags % 2 === 1, flags > 1),
      { name: `BatchMatMul of matrices, transposes ${flags}` },
    ),
  ),
  ...[1, 2, 3].map((flags) =>
    fixed(
      'BatchMatMul',
      { a: { shape: [2, 3, 3] }, b: { shape: [2, 3, 3] } },
      (a, b) => tf.matMul(a, b, flags % 2 === 1, flags > 1),
      { name: `BatchMatMul of batches, transposes ${flags}` },
    ),
  ),
  fixed('Einsum', { a: { shape: [2, 3, 4] }, b: { shape: [4, 5] } }, (a, b) => tf.einsum('bij,jk->bik', a, b), {
    gradient: false,
  }),
];

/** A convolution of random size, stride and padding. */
function convolution(name: string, strides: readonly number[], dilations: readonly number[]): KernelCase {
  return {
    name,
    covers: ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'],
    gradient: dilations.every((dilation) => dilation === 1),
    draw: (random) => {
      const [batch, channels, outputs] = [some(random, 1, 3), some(random, 1, 4), some(random, 1, 4)] as const;
      const [height, width] = [some(random, 5, 9), some(random, 5, 9)] as const;
      const size = [some(random, 1, 3), some(random, 1, 3)] as const;
      const pad = random.choice(['same', 'valid', 1] as const);
      const stride = random.choice(strides);
      const dilation = random.choice(dilations);
      return {
        fn: ({ x, w }) => ({
          y: tf.conv2d(
            x as tf.Tensor4D,
            w as tf.Tensor4D,
            stride,
            pad,
            'NHWC',
            dilation,
            pad === 1 ? 'floor' : undefined,
          ),
        }),
        signature: { x: { shape: [batch, height, width, channels] }, w: { shape: [...size, channels, outputs] } },
      };
    },
  };
}

const convolutions: KernelCase[] = [
  convolution('Conv2D', [1], [1]),
  convolution('Conv2D again', [1], [1]),
  convolution('Conv2D with strides', [2, 3], [1]),
  convolution('Conv2D with strides again', [2, 3], [1]),
  convolution('Conv2D dilated', [1], [2]),
  fixed('Conv2D', { x: { shape: [2, 4, 6, 3] }, w: { shape: [1, 1, 3, 5] } }, (x, w) =>
    tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'),
  ),
  fixed('Conv2D', { x: { shape: [2, 8, 8, 3] }, w: { shape: [3, 3, 3, 5] } }, (x, w) =>
    tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'),
  ),
  fixed('Conv2D', { x: { shape: [2, 8, 8, 3] }, w: { shape: [4, 4, 3, 5] } }, (x, w) =>
    tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 4, 'valid'),
  ),
];

/** A pooling of random size, stride and padding. */
function pooling(name: string, pool: typeof tf.avgPool): KernelCase {
  return {
    name,
    covers: [name, `${name}Grad`],
    draw: (random) => {
      const size = some(random, 2, 3);
      const stride = some(random, 1, 3);
      const pad = random.choice(['same', 'valid'] as const);
      return {
        fn: ({ x }) => ({ y: pool(x as tf.Tensor4D, size, stride, pad) }),
        signature: { x: { shape: [2, some(random, 4, 8), some(random, 4, 8), 3] } },
      };
    },
  };
}

const images: KernelCase[] = [
  pooling('AvgPool', tf.avgPool),
  pooling('MaxPool', tf.maxPool),
  ...(['resizeBilinear', 'resizeNearestNeighbor'] as const).flatMap((method) =>
    [
      [false, false],
      [true, false],
      [false, true],
    ].map(([alignCorners, halfPixelCenters]): KernelCase => {
      const kernel = method === 'resizeBilinear' ? 'ResizeBilinear' : 'ResizeNearestNeighbor';
      return {
        name: `${kernel}${alignCorners ? ' with aligned corners' : ''}${halfPixelCenters ? ' with half pixels' : ''}`,
        covers: [kernel, `${kernel}Grad`],
        gradient: kernel === 'ResizeBilinear' && !halfPixelCenters,
        draw: (random) => {
          const size: [number, number] = [some(random, 1, 9), some(random, 1, 9)];
          const height = some(random, 2, 6);
          const width = halfPixelCenters ? some(random, 2, 6) : height; // the CPU's gradients know square images alone
          return {
            fn: ({ x }) => ({ y: tf.image[method](x as tf.Tensor4D, size, alignCorners, halfPixelCenters) }),
            signature: { x: { shape: [2, height, width, 2] } },
          };
        },
      };
    }),
  ),
];

export const kernelCases: readonly KernelCase[] = [
  ...elementary,
  ...operands,
  ...filling,
  ...moving,
  ...folding,
  ...gathering,
  ...products,
  ...convolutions,
  ...images,
];
