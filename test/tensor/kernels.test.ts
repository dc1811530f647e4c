/**
 * Every covered kernel and its gradient, on random shapes, against the plain tensorflow.js CPU backend. The engine is
 * the CPU's, or the one that NUMERICS_ENGINE names.
 */
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createEagerEngine } from '../../models/tensor/eagerEngine.ts';
import { createEngine } from '../../models/tensor/engines.ts';
import type { Engine, HostTensors, Signature, TensorFunction } from '../../models/tensor/program.ts';
import { Random } from '../../shared/random.ts';
import { drawsOf, type KernelCase } from './cases/kernelCase.ts';
import { kernelCases } from './kernelCases.ts';
import { randomFeeds, relativeError } from './randomFeeds.ts';
import { toleranceOf } from './tolerances.ts';
import { spaced, withGradients } from './withGradients.ts';

/** More runs, from another seed, search longer: NUMERICS_RUNS=200 NUMERICS_SEED=3. */
const RUNS = Number(process.env.NUMERICS_RUNS ?? 3);
const SEED = Number(process.env.NUMERICS_SEED ?? 11);

const engine = await createEngine(process.env.NUMERICS_ENGINE ?? 'cpu', { threads: 1 });
const reference = createEagerEngine('reference', 'cpu');
afterAll(() => engine.dispose());

async function answer(subject: Engine, fn: TensorFunction, signature: Signature, feeds: HostTensors) {
  const program = await subject.compile(fn, signature);
  const outputs = await program.run(feeds);
  await program.dispose();
  return outputs;
}

async function compare(fn: TensorFunction, signature: Signature, seed: number, prepare: KernelCase['prepare']) {
  const drawn = randomFeeds(signature, new Random(seed));
  const feeds = prepare ? prepare(drawn) : drawn;
  const tolerance = toleranceOf(engine.name, fn, signature);
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
    if (output) expect(relativeError(output, value), name).toBeLessThan(tolerance);
  }
}

describe('compiled kernels', () => {
  it.each(kernelCases.map((testCase) => [testCase.name, testCase] as const))('%s', async (_, testCase) => {
    const { draw, gradient = true, prepare } = testCase;
    const run = fc.asyncProperty(fc.gen(), fc.nat(), async (generate, seed) => {
      const { fn, signature } = draw(drawsOf(generate));
      await compare(gradient ? withGradients(fn) : fn, signature, seed, prepare);
    });
    await fc.assert(run, { numRuns: RUNS, seed: SEED, includeErrorInReport: true });
  });

  // tensorflow.js's own kernels leave the centres of pixels out of these gradients.
  const eager = ['tensorflow', 'wasm'].includes(engine.name);
  it.each(
    (['resizeBilinear', 'resizeNearestNeighbor'] as const).flatMap((method) => [
      { method, corners: false, centres: false },
      { method, corners: true, centres: false },
      ...(eager ? [] : [{ method, corners: false, centres: true }]),
    ]),
  )('have gradients that are true where the reference is not: $method $corners $centres', async (options) => {
    const { method, corners, centres } = options;
    const resized: TensorFunction = ({ x }) => ({ y: tf.image[method](x as tf.Tensor4D, [7, 3], corners, centres) });
    const signature = { x: { shape: [2, 4, 5, 2] } };
    const feeds = randomFeeds(signature, new Random(3));
    const outputs = await answer(engine, withGradients(resized), signature, feeds);
    const of = (name: string) => [...(outputs[name]?.data ?? [])];
    const weights = spaced(of('y').length);
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from(a).reduce((sum, value, i) => sum + value * (b[i] as number), 0);
    expect(dot(of('d/dx'), feeds.x?.data ?? [])).toBeCloseTo(dot(of('y'), weights), 3); // a linear map and its adjoint
  });
});
