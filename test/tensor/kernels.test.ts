/** Every covered kernel and its gradient, on random shapes, against the plain tensorflow.js CPU backend. */
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { createEagerEngine } from '../../models/tensor/eagerEngine.ts';
import { kernels } from '../../models/tensor/kernels/index.ts';
import type { Engine, HostTensors, Signature, TensorFunction, Tensors } from '../../models/tensor/program.ts';
import { Random } from '../../shared/random.ts';
import { type KernelCase, kernelCases } from './kernelCases.ts';
import { randomFeeds, relativeError } from './randomFeeds.ts';

const engine = createCpuEngine({ threads: 1 });
const reference = createEagerEngine('reference', 'cpu');
afterAll(() => engine.dispose());

/** The function with the gradient of a weighted sum of its first output added, for each float input. */
function withGradients(fn: TensorFunction): TensorFunction {
  return (inputs: Tensors) => {
    const names = Object.keys(inputs).filter((name) => inputs[name]?.dtype === 'float32');
    const grads = tf.grads((...values: tf.Tensor[]) => {
      const all = { ...inputs, ...Object.fromEntries(names.map((name, i) => [name, values[i] as tf.Tensor])) };
      const output = Object.values(fn(all))[0] as tf.Tensor;
      const weights = tf.reshape(tf.linspace(-1, 2, output.size), output.shape);
      return tf.sum(tf.mul(output, weights));
    })(names.map((name) => inputs[name] as tf.Tensor));
    return { ...fn(inputs), ...Object.fromEntries(names.map((name, i) => [`d/d${name}`, grads[i] as tf.Tensor])) };
  };
}

async function answer(subject: Engine, fn: TensorFunction, signature: Signature, feeds: HostTensors) {
  const program = await subject.compile(fn, signature);
  const outputs = await program.run(feeds);
  await program.dispose();
  return outputs;
}

async function compare(fn: TensorFunction, signature: Signature, seed: number, prepare: KernelCase['prepare']) {
  const drawn = randomFeeds(signature, new Random(seed));
  const feeds = prepare ? prepare(drawn) : drawn;
  const [actual, expected] = await Promise.all([
    answer(engine, fn, signature, feeds),
    answer(reference, fn, signature, feeds),
  ]);
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, value] of Object.entries(expected)) {
    const output = actual[name];
    expect({ name, shape: output?.shape, dtype: output?.dtype }).toEqual({
      name,
      shape: value.shape,
      dtype: value.dtype,
    });
    if (output) expect(relativeError(output, value), name).toBeLessThan(1e-5);
  }
}

describe('compiled kernels', () => {
  const random = new Random(11);
  for (const testCase of kernelCases) {
    const { name, draw, gradient = true, prepare } = testCase;
    for (let trial = 0; trial < 2; trial++) {
      const { fn, signature } = draw(random.fork(name).fork(trial));
      const shapes = Object.values(signature).map(({ shape }) => `[${shape}]`);
      it(`${name} ${shapes.join(' ')}`, () => compare(gradient ? withGradients(fn) : fn, signature, trial, prepare));
    }
  }

  it.each(
    (['resizeBilinear', 'resizeNearestNeighbor'] as const).flatMap((method) => [
      { method, corners: false, centres: false },
      { method, corners: true, centres: false },
      { method, corners: false, centres: true },
    ]),
  )('have gradients that are true where the reference is not: $method $corners $centres', async (options) => {
    const { method, corners, centres } = options;
    const resized: TensorFunction = ({ x }) => ({ y: tf.image[method](x as tf.Tensor4D, [7, 3], corners, centres) });
    const signature = { x: { shape: [2, 4, 5, 2] } };
    const feeds = randomFeeds(signature, new Random(3));
    const outputs = await answer(engine, withGradients(resized), signature, feeds);
    const of = (name: string) => [...(outputs[name]?.data ?? [])];
    const weights = of('y').map((_, i) => -1 + (3 * i) / (of('y').length - 1));
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from(a).reduce((sum, value, i) => sum + value * (b[i] as number), 0);
    expect(dot(of('d/dx'), feeds.x?.data ?? [])).toBeCloseTo(dot(of('y'), weights), 3); // a linear map and its adjoint
  });

  it('are all exercised above', () => {
    const covered = new Set(kernelCases.flatMap(({ covers }) => covers));
    expect(Object.keys(kernels).filter((name) => !covered.has(name))).toEqual([]);
  });
});
