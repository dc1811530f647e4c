import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { dense, denseSpecs } from '../../models/nn/dense.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { describeNonFinite, findFirstNonFinite } from '../../models/tensor/findFirstNonFinite.ts';
import { float32, type HostTensors, type TensorFunction } from '../../models/tensor/program.ts';
import { compileTrainStep } from '../../models/tensor/trainStep.ts';
import { EngineError } from '../../shared/errors.ts';

tf.enableProdMode();
const engine = createCpuEngine({ threads: 1 });
afterAll(() => engine.dispose());

const vector = { x: { shape: [4] } };

/** What is found for a function of four numbers, in words. */
async function found(fn: TensorFunction, x: readonly number[]): Promise<string | undefined> {
  const result = await findFirstNonFinite(fn, vector, { x: float32(x, [4]) });
  return result && describeNonFinite(result);
}

describe('the first value that is not finite', () => {
  it('is nowhere when all outputs are finite', async () => {
    expect(await found(({ x }) => ({ y: tf.log(x as tf.Tensor) }), [1, 2, 3, 4])).toBeUndefined();
  });

  it('is traced to the operation that made it, however many follow', async () => {
    const fn: TensorFunction = ({ x }) => {
      const roots = tf.sqrt(tf.sub(x as tf.Tensor, 2));
      return { y: tf.sum(tf.square(tf.exp(tf.neg(roots)))) };
    };
    const result = await findFirstNonFinite(fn, vector, { x: float32([1, 2, 3, 0], [4]) });
    expect(result).toMatchObject({
      kind: 'operation',
      kernel: 'Sqrt',
      result: { shape: [4], nan: 2, infinite: 0 },
      inputs: [{ name: 'the result of Sub', low: -2, high: 1 }],
    });
    expect(await found(fn, [1, 2, 3, 0])).toMatch(
      /^Sqrt, operation 2 of \d+, made 2 NaN of 4 values \[4\] from the result of Sub \[4\] from -2 to 1$/,
    );
  });

  it('is the earlier of two', async () => {
    const fn: TensorFunction = ({ x }) => {
      const early = tf.log(x as tf.Tensor);
      return { late: tf.sqrt(tf.neg(tf.abs(x as tf.Tensor))), early };
    };
    expect(await found(fn, [1, -1, 1, 1])).toMatch(/^Log, .* from the input "x" \[4\] from -1 to 1$/);
  });

  it('names an input that holds it already, and no operation', async () => {
    const fn: TensorFunction = ({ x }) => ({ y: tf.log(x as tf.Tensor) });
    expect(await found(fn, [1, Number.NaN, Number.POSITIVE_INFINITY, -1])).toBe(
      'the input "x" holds 1 NaN and 1 infinite of 4 values [4]',
    );
  });

  it('is not blamed on what is masked away', async () => {
    const masked: TensorFunction = ({ x }) => {
      const logarithm = tf.where(tf.greater(x as tf.Tensor, 0), tf.log(x as tf.Tensor), tf.zerosLike(x as tf.Tensor));
      return { y: tf.div(1, logarithm) };
    };
    expect(await found(masked, [0, 2, 3, 4])).toMatch(/^RealDiv .*made 1 infinite/);
    expect(await found(({ x }) => ({ y: tf.log1p(x as tf.Tensor) }), [0, 1e-12, 1, 2])).toBeUndefined();
  });

  it('is found in gradients', async () => {
    const root: TensorFunction = ({ x }) => ({ y: tf.grad((value) => tf.sum(tf.sqrt(value)))(x as tf.Tensor) });
    const result = await findFirstNonFinite(root, vector, { x: float32([0, 1, 2, 3], [4]) });
    expect(result).toMatchObject({ kind: 'operation', result: { infinite: 1, nan: 0 } });
  });

  it('refuses wrong feeds, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const fn: TensorFunction = ({ x }) => ({ y: tf.log(x as tf.Tensor) });
    await expect(findFirstNonFinite(fn, vector, {})).rejects.toThrow(EngineError);
    await found(fn, [-1, 0, 1, 2]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a training step that diverges', () => {
  async function failure(batch: HostTensors): Promise<unknown> {
    const step = await compileTrainStep(engine, {
      parameters: denseSpecs('layer', 2, 1),
      batch: { x: { shape: [3, 2] } },
      loss: (parameters, { x }) => {
        const likelihood = tf.mean(tf.log(dense(parameters, 'layer', x as tf.Tensor))) as tf.Scalar;
        return { loss: likelihood, terms: { likelihood } };
      },
    });
    const start = step.start({ 'layer/kernel': float32([-1, 0], [2, 1]), 'layer/bias': float32(0, [1]) });
    return step.run(start, batch, 1e-3).then(
      () => undefined,
      (error: Error) => error.message,
    );
  }

  it('names the term, the step and the operation', async () => {
    expect(await failure({ x: float32([-1, 1, 2, 0, -3, 0], [3, 2]) })).toMatch(
      /step 1 \(likelihood NaN, .*\): Log, operation \d+ of \d+, made 1 NaN of 3 values .* from -2 to 3; lower/,
    );
  });

  it('names the part of the batch that was not finite', async () => {
    expect(await failure({ x: float32([-1, Number.NaN, -2, 0, -3, 0], [3, 2]) })).toMatch(
      /: the input "batch:x" holds 1 NaN of 6 values \[3, 2\]; lower/,
    );
  });
});
