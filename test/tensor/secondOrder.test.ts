/**
 * Gradients of gradients, through the functions that networks are made of, against the plain tensorflow.js CPU backend.
 */
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { createEagerEngine } from '../../models/tensor/eagerEngine.ts';
import type { Engine, HostTensors, Signature, TensorFunction } from '../../models/tensor/program.ts';
import { EngineError } from '../../shared/errors.ts';
import { Random } from '../../shared/random.ts';
import { randomFeeds, relativeError } from './randomFeeds.ts';

const engine = createCpuEngine({ threads: 1 });
const reference = createEagerEngine('reference', 'cpu');
afterAll(() => engine.dispose());

/** A weighted sum of what the function returns. */
function weighed(op: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): tf.Scalar {
  const output = op(x);
  const weights = Array.from({ length: output.size }, (_, i) => Math.cos(1 + 3 * i));
  return tf.sum(tf.mul(output, tf.tensor(weights, output.shape)));
}

async function answer(subject: Engine, fn: TensorFunction, signature: Signature, feeds: HostTensors) {
  const program = await subject.compile(fn, signature);
  const outputs = await program.run(feeds);
  await program.dispose();
  return outputs;
}

const scalarFunctions: [string, (x: tf.Tensor) => tf.Tensor][] = [
  ['exp', tf.exp],
  ['tanh', tf.tanh],
  ['sigmoid', tf.sigmoid],
  ['softplus', tf.softplus],
  ['sin', tf.sin],
  ['square root', (x) => tf.sqrt(tf.add(tf.square(x), 1))],
  ['logarithm', (x) => tf.log(tf.add(tf.square(x), 1))],
  ['power', (x) => tf.pow(tf.add(tf.square(x), 1), 1.5)],
  ['quotient', (x) => tf.div(x, tf.add(tf.square(x), 1))],
  ['softmax', (x) => tf.softmax(x)],
  [
    'standardisation',
    (x) => {
      const { mean, variance } = tf.moments(x, -1, true);
      return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-3)));
    },
  ],
  ['attention', (x) => tf.matMul(tf.softmax(tf.matMul(x, x, false, true)), x)],
  ['relu of a product', (x) => tf.relu(tf.matMul(x, tf.sin(x), true))],
  [
    'convolution, activated',
    (x) => tf.tanh(tf.conv2d(tf.expandDims(x, -1) as tf.Tensor3D, tf.ones([2, 2, 1, 2]), 1, 'same')),
  ],
  ['running sum, reversed', (x) => tf.square(tf.cumsum(tf.reverse(x, 0), 0))],
];

describe('gradients of gradients', () => {
  it.each(scalarFunctions)('are those of the reference: %s', async (_, op) => {
    const slope = tf.grad((x: tf.Tensor) => weighed(op, x));
    const curvature = tf.grad((x: tf.Tensor) => tf.sum(tf.square(slope(x))));
    const fn: TensorFunction = ({ x }) => ({ first: slope(x as tf.Tensor), second: curvature(x as tf.Tensor) });
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 2, max: 5 }),
      fc.nat(),
      async (rows, columns, seed) => {
        const signature = { x: { shape: [rows, columns] } };
        const feeds = randomFeeds(signature, new Random(seed));
        const [actual, expected] = [
          await answer(engine, fn, signature, feeds),
          await answer(reference, fn, signature, feeds),
        ];
        for (const name of ['first', 'second'] as const) {
          const [a, b] = [actual[name], expected[name]];
          if (!a || !b) throw new Error(`no ${name} gradient`);
          expect(b.data.some((value) => value !== 0)).toBe(true);
          expect(relativeError(a, b), name).toBeLessThan(1e-5);
        }
      },
    );
    await fc.assert(property, { numRuns: 3, seed: 7, includeErrorInReport: true });
  });

  it('name a kernel that has none', async () => {
    const fn: TensorFunction = function steep({ x }) {
      return { y: tf.grad((value) => tf.maxPool(value as tf.Tensor4D, 2, 2, 'valid'))(x as tf.Tensor) };
    };
    const twiceSteep: TensorFunction = function bent({ x }) {
      return { y: tf.grad((value) => tf.sum(fn({ x: value }).y as tf.Tensor))(x as tf.Tensor) };
    };
    const compiling = engine.compile(twiceSteep, { x: { shape: [1, 4, 4, 1] } });
    await expect(compiling).rejects.toThrow(EngineError);
    await expect(compiling).rejects.toThrow('kernel MaxPoolGrad has no gradient (function bent)');
  });
});
