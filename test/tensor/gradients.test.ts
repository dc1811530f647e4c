/**
 * The gradients that tensorflow.js lacks or has wrong, against differences of the function itself. Differences are
 * exact but for rounding where the function is at most quadratic along a line.
 */
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { createEagerEngine } from '../../models/tensor/eagerEngine.ts';
import { ownGradients } from '../../models/tensor/kernels/gradients.ts';
import type { Engine, HostTensors, Signature, TensorFunction } from '../../models/tensor/program.ts';
import { Random } from '../../shared/random.ts';
import { randomFeeds } from './randomFeeds.ts';

const engine = createCpuEngine({ threads: 1 });
const reference = createEagerEngine('reference', 'cpu');
afterAll(() => engine.dispose());

type Op = (...inputs: tf.Tensor[]) => tf.Tensor;

/** A function's value: a weighted sum of what it returns. */
const weighed = (op: Op) => (inputs: tf.Tensor[]) => {
  const output = op(...inputs);
  const weights = Array.from({ length: output.size }, (_, i) => Math.cos(1 + 3 * i));
  return tf.sum(tf.mul(output, tf.tensor(weights, output.shape))) as tf.Scalar;
};

/** The slope of the value at x along v, by the gradient and by a central difference of width 2h. */
function slopes(op: Op, width: number): TensorFunction {
  const value = weighed(op);
  return (inputs) => {
    const names = Object.keys(inputs).filter((name) => name.startsWith('x'));
    const at = names.map((name) => inputs[name] as tf.Tensor);
    const along = names.map((name) => inputs[`v${name.slice(1)}`] as tf.Tensor);
    const moved = (by: number) => value(at.map((x, i) => tf.add(x, tf.mul(along[i] as tf.Tensor, by))));
    const grads = tf.grads((...xs: tf.Tensor[]) => value(xs))(at);
    return {
      gradient: tf.addN(grads.map((slope, i) => tf.sum(tf.mul(slope, along[i] as tf.Tensor)))),
      difference: tf.div(tf.sub(moved(width), moved(-width)), 2 * width),
    };
  };
}

function signatureOf(shapes: readonly number[][]): Signature {
  return Object.fromEntries(shapes.flatMap((shape, i) => [`x${i}`, `v${i}`].map((name) => [name, { shape }])));
}

async function answer(subject: Engine, fn: TensorFunction, signature: Signature, feeds: HostTensors) {
  const program = await subject.compile(fn, signature);
  const outputs = await program.run(feeds);
  await program.dispose();
  return outputs;
}

/** Distinct numbers, a quarter apart, in random order: no maximum changes hands within a small step. */
function apart(feeds: HostTensors, random: Random): HostTensors {
  const size = Object.values(feeds).reduce((sum, { data }) => sum + data.length, 0);
  const places = Array.from({ length: size }, (_, i) => ({ value: (i - size / 2) / 4, rank: random.uniform() }));
  const order = places.sort((a, b) => a.rank - b.rank).map(({ value }) => value);
  return Object.fromEntries(
    Object.entries(feeds).map(([name, tensor]) => [
      name,
      name.startsWith('x') ? { ...tensor, data: tensor.data.map(() => order.pop() as number) } : tensor,
    ]),
  );
}

interface GradientCase {
  readonly kernels: readonly string[];
  readonly shapes: number[][];
  readonly op: Op;
  /** The function has kinks; its inputs are kept away from them. */
  readonly kinks?: boolean;
}

const indices = (values: number[], shape: number[]) => tf.tensor(values, shape, 'int32');
/** A kernel of two operands that tensorflow.js calls only inside gradients. */
const inner =
  (kernel: string, names: [string, string], attributes: tf.NamedAttrMap): Op =>
  (...operands) =>
    tf.engine().runKernel(kernel, Object.fromEntries(operands.map((operand, i) => [names[i] as string, operand])), {
      pad: 'same',
      dilations: 1,
      dataFormat: 'NHWC',
      ...attributes,
    }) as tf.Tensor;
const where =
  (test: Op): Op =>
  (a, b) =>
    tf.where(test(a as tf.Tensor, b as tf.Tensor), tf.mul(a as tf.Tensor, 2), tf.mul(b as tf.Tensor, 3));

const cases: GradientCase[] = [
  {
    kernels: ['Maximum'],
    shapes: [
      [3, 1, 4],
      [2, 1],
    ],
    op: (a, b) => tf.maximum(a as tf.Tensor, b as tf.Tensor),
    kinks: true,
  },
  {
    kernels: ['Minimum'],
    shapes: [[4], [2, 3, 4]],
    op: (a, b) => tf.minimum(a as tf.Tensor, b as tf.Tensor),
    kinks: true,
  },
  {
    kernels: ['SquaredDifference'],
    shapes: [
      [3, 4],
      [3, 1],
    ],
    op: (a, b) => tf.squaredDifference(a as tf.Tensor, b as tf.Tensor),
  },
  { kernels: ['Less'], shapes: [[3, 4], [4]], op: where(tf.less), kinks: true },
  { kernels: ['LessEqual'], shapes: [[3, 4], [4]], op: where(tf.lessEqual), kinks: true },
  {
    kernels: ['Greater', 'LogicalNot'],
    shapes: [[3, 4], [4]],
    op: where((a, b) => tf.logicalNot(tf.greater(a as tf.Tensor, b as tf.Tensor))),
    kinks: true,
  },
  {
    kernels: ['GreaterEqual', 'LogicalAnd'],
    shapes: [[4], [4]],
    op: where((a, b) => tf.logicalAnd(tf.greaterEqual(a as tf.Tensor, b as tf.Tensor), tf.less(a as tf.Tensor, 1))),
    kinks: true,
  },
  {
    kernels: ['Equal', 'NotEqual', 'LogicalOr'],
    shapes: [[4], [4]],
    op: where((a, b) => tf.logicalOr(tf.equal(a as tf.Tensor, b as tf.Tensor), tf.notEqual(a as tf.Tensor, 0.1))),
    kinks: true,
  },
  ...[0, 1, 2].map(
    (axis): GradientCase => ({
      kernels: ['Cumsum'],
      shapes: [[2, 3, 4]],
      op: (x) => tf.cumsum(x as tf.Tensor, axis, axis === 1, axis === 2),
    }),
  ),
  { kernels: ['Tile'], shapes: [[2, 1, 3]], op: (x) => tf.tile(x as tf.Tensor, [2, 3, 2]) },
  { kernels: ['Tile'], shapes: [[2, 1, 1, 2, 1, 2]], op: (x) => tf.tile(x as tf.Tensor, [1, 2, 1, 3, 1, 2]) },
  {
    kernels: ['Einsum'],
    shapes: [
      [2, 3, 4],
      [4, 3],
    ],
    op: (a, b) => tf.einsum('bij,ji->b', a as tf.Tensor, b as tf.Tensor),
  },
  {
    kernels: ['GatherV2'],
    shapes: [[2, 3, 2, 4]],
    op: (x) => tf.gather(x as tf.Tensor, indices([2, 0, 2, 1], [2, 2]) as tf.Tensor1D, 1, 1),
  },
  { kernels: ['GatherNd'], shapes: [[3, 4]], op: (x) => tf.gatherND(x as tf.Tensor, indices([2, 0, 2], [3, 1])) },
  {
    kernels: ['ScatterNd'],
    shapes: [[3, 4]],
    op: (x) => tf.scatterND(indices([2, 0, 2], [3, 1]), x as tf.Tensor, [5, 4]),
  },
  { kernels: ['TopK'], shapes: [[3, 5]], op: (x) => tf.topk(x as tf.Tensor, 3).values, kinks: true },
  { kernels: ['StridedSlice'], shapes: [[5, 6]], op: (x) => tf.stridedSlice(x as tf.Tensor, [4, 1], [0, 6], [-2, 3]) },
  {
    kernels: ['Conv2D'],
    shapes: [
      [1, 6, 7, 2],
      [3, 2, 2, 3],
    ],
    op: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same', 'NHWC', [2, 3]),
  },
  {
    kernels: ['DepthwiseConv2dNative'],
    shapes: [
      [1, 6, 7, 2],
      [3, 2, 2, 2],
    ],
    op: (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'valid', 'NHWC', 2),
  },
  {
    kernels: ['Conv3D'],
    shapes: [
      [1, 4, 5, 4, 2],
      [2, 2, 3, 2, 2],
    ],
    op: (x, w) => tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, 1, 'same', 'NDHWC', [2, 1, 1]),
  },
  {
    kernels: ['Conv2DBackpropInput'],
    shapes: [
      [1, 3, 2, 3],
      [3, 2, 2, 3],
    ],
    op: inner('Conv2DBackpropInput', ['dy', 'filter'], { strides: 2, inputShape: [1, 5, 4, 2] }),
  },
  {
    kernels: ['Conv2DBackpropFilter'],
    shapes: [
      [1, 5, 4, 2],
      [1, 3, 2, 3],
    ],
    op: inner('Conv2DBackpropFilter', ['x', 'dy'], { strides: 2, filterShape: [3, 2, 2, 3] }),
  },
  {
    kernels: ['DepthwiseConv2dNativeBackpropInput'],
    shapes: [
      [1, 5, 4, 4],
      [3, 2, 2, 2],
    ],
    op: inner('DepthwiseConv2dNativeBackpropInput', ['dy', 'filter'], { strides: 1, inputShape: [1, 5, 4, 2] }),
  },
  {
    kernels: ['DepthwiseConv2dNativeBackpropFilter'],
    shapes: [
      [1, 5, 4, 2],
      [1, 5, 4, 4],
    ],
    op: inner('DepthwiseConv2dNativeBackpropFilter', ['x', 'dy'], { strides: 1, filterShape: [3, 2, 2, 2] }),
  },
  {
    kernels: ['Conv3DBackpropInputV2'],
    shapes: [
      [1, 2, 4, 3, 2],
      [2, 2, 2, 2, 2],
    ],
    op: inner('Conv3DBackpropInputV2', ['dy', 'filter'], { strides: [2, 1, 1], inputShape: [1, 3, 4, 3, 2] }),
  },
  {
    kernels: ['Conv3DBackpropFilterV2'],
    shapes: [
      [1, 3, 4, 3, 2],
      [1, 2, 4, 3, 2],
    ],
    op: inner('Conv3DBackpropFilterV2', ['x', 'dy'], { strides: [2, 1, 1], filterShape: [2, 2, 2, 2, 2] }),
  },
  ...(
    [
      ['Exp', tf.exp],
      ['Tanh', tf.tanh],
      ['Sigmoid', tf.sigmoid],
      ['Softmax', tf.softmax],
    ] as const
  ).map(
    ([kernel, op]): GradientCase => ({
      kernels: [kernel],
      shapes: [[2, 3]],
      op: (x) => op(x as tf.Tensor),
      kinks: true,
    }),
  ),
];

describe('gradients that tensorflow.js lacks', () => {
  it.each(cases.map((test) => [test.kernels.join(', '), test] as const))(
    'agree with differences: %s',
    async (_, test) => {
      const signature = signatureOf(test.shapes);
      const fn = slopes(test.op, test.kinks ? 0.02 : 0.1);
      const property = fc.asyncProperty(fc.nat(), async (seed) => {
        const random = new Random(seed);
        const drawn = randomFeeds(signature, random);
        const feeds = test.kinks ? apart(drawn, random) : drawn;
        for (const subject of [engine, reference]) {
          const { gradient, difference } = await answer(subject, fn, signature, feeds);
          const [slope, expected] = [gradient?.data[0] as number, difference?.data[0] as number];
          expect(Math.abs(slope - expected), `${subject.name}: ${slope} for ${expected}`).toBeLessThan(
            2e-3 * (1 + Math.abs(expected)),
          );
        }
      });
      await fc.assert(property, { numRuns: 3, seed: 5, includeErrorInReport: true });
    },
  );

  it('are all among these', () => {
    const tested = new Set(cases.flatMap(({ kernels }) => kernels));
    expect(ownGradients.map(({ kernelName }) => kernelName).filter((name) => !tested.has(name))).toEqual([]);
  });
});
