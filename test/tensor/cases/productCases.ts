/** Cases of matrix products, of general products of labelled axes, and of normalisation. */
import * as tf from '@tensorflow/tfjs';
import { fixed, type KernelCase, shapeOfRank, some } from './kernelCase.ts';

export const products: KernelCase[] = [
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
  ...(
    [
      ['bij,jk->bik', [2, 3, 4], [4, 5]],
      ['bhqd,bhkd->bhqk', [2, 2, 3, 4], [2, 2, 5, 4]],
      ['ij,ij->', [3, 4], [3, 4]],
      ['abc, ab -> c', [2, 3, 4], [2, 3]],
      ['ab,cb->ac', [2, 3], [4, 3]],
    ] as const
  ).map(([equation, a, b]) =>
    fixed('Einsum', { a: { shape: a }, b: { shape: b } }, (left, right) => tf.einsum(equation, tf.tanh(left), right), {
      name: `Einsum ${equation}`,
    }),
  ),
  ...['abc->cab', 'abc->b', 'abc->'].map((equation) =>
    fixed('Einsum', { a: { shape: [2, 3, 4] } }, (x) => tf.einsum(equation, tf.tanh(x)), {
      name: `Einsum ${equation}`,
    }),
  ),
  fixed(
    'BatchMatMul',
    { a: { shape: [3, 2], dtype: 'int32' }, b: { shape: [4, 3], dtype: 'int32' } },
    (a, b) => tf.matMul(a, b, true, true),
    { name: 'BatchMatMul of integers', gradient: false },
  ),
  fixed(
    'FusedBatchNorm',
    { x: { shape: [2, 3, 3, 4] }, m: { shape: [4] }, v: { shape: [4] }, o: { shape: [4] }, s: { shape: [4] } },
    (x, m, v, o, s) =>
      tf.batchNorm(x, m as tf.Tensor1D, tf.add(tf.abs(v), 0.5) as tf.Tensor1D, o as tf.Tensor1D, s as tf.Tensor1D),
  ),
  fixed(
    'FusedBatchNorm',
    { x: { shape: [4, 3] }, m: { shape: [3] }, v: { shape: [3] } },
    (x, m, v) => tf.batchNorm(x, m as tf.Tensor1D, tf.add(tf.abs(v), 0.5) as tf.Tensor1D),
    { name: 'FusedBatchNorm without scale and offset', gradient: false },
  ),
  {
    name: 'LRN',
    covers: ['LRN', 'LRNGrad'],
    draw: (random) => {
      const [radius, beta] = [random.integer(4), random.choice([0.5, 0.75, 1])];
      return {
        fn: ({ x }) => ({ y: tf.localResponseNormalization(x as tf.Tensor4D, radius, 1.5, 0.3, beta) }),
        signature: { x: { shape: [2, 2, 3, some(random, 1, 7)] } },
      };
    },
  },
];

type Activation = 'linear' | 'relu' | 'relu6' | 'elu' | 'sigmoid' | 'leakyrelu' | 'prelu';

/** Each activation forward, since tensorflow.js fuses only the linear one while it differentiates. */
export const fused: KernelCase[] = (['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const)
  .flatMap((activation: Activation) => [
    fixed(
      '_FusedMatMul',
      { a: { shape: [3, 4] }, b: { shape: [4, 5] }, bias: { shape: [5] }, slope: { shape: [5] } },
      (a, b, bias, slope) =>
        tf.fused.matMul({
          a: a as tf.Tensor,
          b: b as tf.Tensor,
          bias,
          activation,
          leakyreluAlpha: 0.3,
          ...(activation === 'prelu' && { preluActivationWeights: slope }),
        }),
      { name: `_FusedMatMul, ${activation}`, gradient: false },
    ),
    fixed(
      'FusedConv2D',
      { x: { shape: [2, 5, 4, 3] }, w: { shape: [3, 2, 3, 4] }, bias: { shape: [4] }, slope: { shape: [4] } },
      (x, filter, bias, slope) =>
        tf.fused.conv2d({
          x: x as tf.Tensor4D,
          filter: filter as tf.Tensor4D,
          strides: 1,
          pad: 'same',
          bias,
          activation,
          leakyreluAlpha: 0.3,
          ...(activation === 'prelu' && { preluActivationWeights: slope }),
        }),
      { name: `FusedConv2D, ${activation}`, gradient: false },
    ),
    fixed(
      'FusedDepthwiseConv2D',
      { x: { shape: [2, 5, 4, 2] }, w: { shape: [3, 2, 2, 2] }, bias: { shape: [4] }, slope: { shape: [4] } },
      (x, filter, bias, slope) =>
        tf.fused.depthwiseConv2d({
          x: x as tf.Tensor4D,
          filter: filter as tf.Tensor4D,
          strides: [2, 2],
          pad: 'valid',
          bias,
          activation,
          leakyreluAlpha: 0.3,
          ...(activation === 'prelu' && { preluActivationWeights: slope }),
        }),
      { name: `FusedDepthwiseConv2D, ${activation}`, gradient: false },
    ),
  ])
  .concat(
    fixed(
      '_FusedMatMul',
      { a: { shape: [3, 4] }, b: { shape: [4, 5] }, bias: { shape: [5] } },
      (a, b, bias) => tf.fused.matMul({ a: a as tf.Tensor, b: b as tf.Tensor, bias, activation: 'linear' }),
      { name: '_FusedMatMul with gradient' },
    ),
    fixed(
      'FusedConv2D',
      { x: { shape: [2, 5, 4, 3] }, w: { shape: [3, 2, 3, 4] }, bias: { shape: [4] } },
      (x, filter, bias) =>
        tf.fused.conv2d({
          x: x as tf.Tensor4D,
          filter: filter as tf.Tensor4D,
          strides: 1,
          pad: 'same',
          bias,
          activation: 'linear',
        }),
      { name: 'FusedConv2D with gradient' },
    ),
  );
