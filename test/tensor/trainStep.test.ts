import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { batchNorm, runningStatistic } from '../../models/nn/batchNorm.ts';
import { conv2d, conv2dSpecs } from '../../models/nn/conv2d.ts';
import { dense, denseSpecs } from '../../models/nn/dense.ts';
import { groupNorm, groupNormSpecs } from '../../models/nn/groupNorm.ts';
import { silu } from '../../models/nn/silu.ts';
import { defaultAdamWConfig } from '../../models/tensor/adamW.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import type { OptimiserConfig } from '../../models/tensor/optimiser.ts';
import { initialise, type ParameterSpecs } from '../../models/tensor/parameters.ts';
import { float32, type HostTensors, type Signature, type Tensors } from '../../models/tensor/program.ts';
import { compileTrainStep, type LossFunction } from '../../models/tensor/trainStep.ts';
import { Random } from '../../shared/random.ts';
import { randomFeeds, relativeError } from './randomFeeds.ts';

tf.enableProdMode();
const engine = createCpuEngine({ threads: 1 });
afterAll(() => engine.dispose());

/** The same recipe, one tensor operation at a time, written apart from the code under test. */
function eagerRun(
  loss: LossFunction,
  start: HostTensors,
  batches: readonly HostTensors[],
  rate: number,
  config: OptimiserConfig,
): HostTensors {
  const names = Object.keys(start);
  const asTensors = (tree: HostTensors): Tensors =>
    Object.fromEntries(Object.entries(tree).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]));
  const state = new Map(
    names.map((name) => {
      const values = Float64Array.from(start[name]?.data ?? []);
      return [name, { values, first: new Float64Array(values.length), second: new Float64Array(values.length) }];
    }),
  );
  const current = (): HostTensors =>
    Object.fromEntries(
      [...state].map(([name, { values }]) => [name, float32(Float32Array.from(values), start[name]?.shape ?? [])]),
    );
  batches.forEach((batch, i) => {
    tf.tidy(() => {
      const parameters = asTensors(current());
      const { grads } = tf.valueAndGrads((...values: tf.Tensor[]) => {
        const named = Object.fromEntries(names.map((name, at) => [name, values[at] as tf.Tensor]));
        return loss(named, asTensors(batch), {}).loss;
      })(names.map((name) => parameters[name] as tf.Tensor));
      const gradients = grads.map((gradient) => gradient.dataSync());
      const norm = Math.sqrt(gradients.flatMap((gradient) => [...gradient]).reduce((sum, g) => sum + g * g, 0));
      const scale = Math.min(1, config.clipNorm / norm);
      names.forEach((name, at) => {
        const entry = state.get(name);
        if (!entry) return;
        const decay = (start[name]?.shape.length ?? 0) >= 2 ? config.weightDecay : 0;
        entry.values.forEach((value, j) => {
          const g = (gradients[at]?.[j] ?? 0) * scale;
          entry.first[j] = config.beta1 * (entry.first[j] ?? 0) + (1 - config.beta1) * g;
          entry.second[j] = config.beta2 * (entry.second[j] ?? 0) + (1 - config.beta2) * g * g;
          const m = entry.first[j] / (1 - config.beta1 ** (i + 1));
          const v = entry.second[j] / (1 - config.beta2 ** (i + 1));
          entry.values[j] = value - rate * (m / (Math.sqrt(v) + config.epsilon) + decay * value);
        });
      });
    });
  });
  return current();
}

const mlp: ParameterSpecs = { ...denseSpecs('in', 6, 16), ...denseSpecs('out', 16, 3) };
const mlpLoss: LossFunction = (parameters, { x, y }) => {
  const output = dense(parameters, 'out', silu(dense(parameters, 'in', x as tf.Tensor)));
  const loss = tf.mean(tf.squaredDifference(output, y as tf.Tensor)) as tf.Scalar;
  return { loss, terms: { largest: tf.max(tf.abs(output)) } };
};

const convNet: ParameterSpecs = {
  ...conv2dSpecs('stem', 3, 8),
  ...groupNormSpecs('norm', 8),
  ...conv2dSpecs('down', 8, 8),
  ...conv2dSpecs('mix', 8, 4, { size: 1 }),
};
const convLoss: LossFunction = (parameters, { x, y }) => {
  const stem = silu(groupNorm(parameters, 'norm', conv2d(parameters, 'stem', x as tf.Tensor)));
  const output = conv2d(parameters, 'mix', silu(conv2d(parameters, 'down', stem, 2)));
  return { loss: tf.mean(tf.squaredDifference(output, y as tf.Tensor)) as tf.Scalar, terms: {} };
};

const cases: [string, ParameterSpecs, LossFunction, Signature][] = [
  ['an MLP', mlp, mlpLoss, { x: { shape: [8, 6] }, y: { shape: [8, 3] } }],
  ['a convolutional net', convNet, convLoss, { x: { shape: [2, 8, 8, 3] }, y: { shape: [2, 4, 4, 4] } }],
];

describe('a compiled training step', () => {
  it.each(cases)('trains %s as eager tensorflow.js and a plain AdamW do', async (_, specs, loss, batch) => {
    const random = new Random(5);
    const start = initialise(specs, random);
    const batches = Array.from({ length: 20 }, (_value, i) => randomFeeds(batch, random.fork(i)));
    const config: OptimiserConfig = { ...defaultAdamWConfig, weightDecay: 0.1, epsilon: 1e-4 };
    const step = await compileTrainStep(engine, { parameters: specs, batch, loss, optimiser: config });
    let state = step.start(start);
    for (const examples of batches) ({ state } = await step.run(state, examples, 3e-3));
    const expected = eagerRun(loss, start, batches, 3e-3, config);
    expect(state.step).toBe(20);
    for (const [name, values] of Object.entries(expected))
      expect(relativeError(state.parameters[name] as never, values), name).toBeLessThan(1e-4);
  });

  it('moves by the learning rate against the sign of the first gradient, and decays kernels alone', async () => {
    const specs: ParameterSpecs = {
      kernel: { shape: [1, 2], init: 'ones' },
      bias: { shape: [2], init: 'ones' },
    };
    const loss: LossFunction = ({ kernel, bias }) => ({
      loss: tf.sum(tf.add(tf.mul(kernel as tf.Tensor, [[2, -3]]), bias as tf.Tensor)) as tf.Scalar,
      terms: {},
    });
    const optimiser = { ...defaultAdamWConfig, weightDecay: 0.5, clipNorm: 1e9, epsilon: 0 };
    const step = await compileTrainStep(engine, { parameters: specs, batch: {}, loss, optimiser });
    const { state, terms } = await step.run(step.start(initialise(specs, new Random(1))), {}, 0.1);
    expect([...(state.parameters.kernel?.data ?? [])]).toEqual([
      expect.closeTo(1 - 0.1 * (1 + 0.5), 6),
      expect.closeTo(1 - 0.1 * (-1 + 0.5), 6),
    ]);
    expect([...(state.parameters.bias?.data ?? [])]).toEqual([expect.closeTo(0.9, 6), expect.closeTo(0.9, 6)]);
    expect(terms.gradientNorm).toBeCloseTo(Math.sqrt(4 + 9 + 1 + 1), 5);
  });

  it('scales a long gradient down to the clip norm', async () => {
    const specs: ParameterSpecs = { w: { shape: [2], init: 'zeros' } };
    const loss: LossFunction = ({ w }) => ({ loss: tf.sum(tf.mul(w as tf.Tensor, [30, 40])) as tf.Scalar, terms: {} });
    const optimiser = { ...defaultAdamWConfig, clipNorm: 5, beta1: 0 };
    const step = await compileTrainStep(engine, { parameters: specs, batch: {}, loss, optimiser });
    const { state } = await step.run(step.start(initialise(specs, new Random(1))), {}, 0.1);
    expect([...(state.firstMoments.w?.data ?? [])]).toEqual([expect.closeTo(3, 5), expect.closeTo(4, 5)]);
  });

  it('carries buffers and reports terms that the loss only observed', async () => {
    const specs = denseSpecs('layer', 4, 2);
    const loss: LossFunction = (parameters, { x }, { mean }) => {
      const normal = batchNorm(dense(parameters, 'layer', x as tf.Tensor));
      return {
        loss: tf.mean(tf.pow(normal.output, 4)) as tf.Scalar,
        terms: { first: tf.gather(normal.mean, 0) },
        buffers: { mean: runningStatistic(mean as tf.Tensor, normal.mean, 0.5) },
      };
    };
    const step = await compileTrainStep(engine, {
      parameters: specs,
      buffers: { mean: { shape: [2], value: 8 }, untouched: { shape: [1], value: 3 } },
      batch: { x: { shape: [16, 4] } },
      loss,
    });
    const batch = randomFeeds({ x: { shape: [16, 4] } }, new Random(2));
    const { state, terms } = await step.run(step.start(initialise(specs, new Random(1))), batch, 1e-3);
    expect(state.buffers.mean?.data[0]).toBeCloseTo(4 + 0.5 * (terms.first as number), 5);
    expect([...(state.buffers.untouched?.data ?? [])]).toEqual([3]);
  });

  it('names the step and the terms when the loss is not finite', async () => {
    const specs = denseSpecs('layer', 1, 1);
    const loss: LossFunction = (parameters, { x }) => {
      const value = tf.sum(tf.log(dense(parameters, 'layer', x as tf.Tensor))) as tf.Scalar;
      return { loss: value, terms: { margin: tf.mul(value, 0) } };
    };
    const step = await compileTrainStep(engine, { parameters: specs, batch: { x: { shape: [1, 1] } }, loss });
    const start = { ...step.start({ 'layer/kernel': float32(-1, [1, 1]), 'layer/bias': float32(0, [1]) }), step: 6 };
    await expect(step.run(start, { x: float32(1, [1, 1]) }, 1e-3)).rejects.toThrow(/step 7 .*margin NaN.*loss NaN/);
  });

  it('names a parameter that the loss does not use', async () => {
    const specs = { ...denseSpecs('used', 2, 2), ...denseSpecs('idle', 2, 2) };
    const loss: LossFunction = (parameters, { x }) => ({
      loss: tf.sum(dense(parameters, 'used', x as tf.Tensor)) as tf.Scalar,
      terms: {},
    });
    await expect(
      compileTrainStep(engine, { parameters: specs, batch: { x: { shape: [1, 2] } }, loss }),
    ).rejects.toThrow('"idle/kernel"');
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const step = await compileTrainStep(engine, {
      parameters: mlp,
      batch: { x: { shape: [8, 6] }, y: { shape: [8, 3] } },
      loss: mlpLoss,
    });
    await step.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
