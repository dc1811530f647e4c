/**
 * Multistep consistency distillation end to end on numbers instead of pictures: a mixture of two narrow modes, whose
 * denoiser is known in closed form, teaches a small perceptron to sample in 1, 2, 4 and 8 steps (arXiv 2403.06807,
 * figure 1). What few steps must say is a jump from one mode to the other, which DDIM with the very denoiser misses by
 * far. That more steps are always better doesn't hold on a line: the whole flow there is one rising function, which a
 * perceptron fits as well as the halves of it; most steps are the best, though.
 */
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { velocityWeight } from '../../models/diffusion/cosine/cosineSchedule.ts';
import { type Coefficients, combineTensors, noising } from '../../models/diffusion/cosine/ddim.ts';
import { ddimSampler } from '../../models/diffusion/cosine/ddimSampler.ts';
import { evenTime } from '../../models/diffusion/cosine/stepTimes.ts';
import {
  consistencyTarget,
  drawSegmentPair,
  targetCoefficients,
} from '../../models/diffusion/training/consistencyTarget.ts';
import { withoutGradient } from '../../models/diffusion/training/trainingMethod.ts';
import { dense, denseSpecs } from '../../models/nn/dense.ts';
import { silu } from '../../models/nn/silu.ts';
import { defaultAdamWConfig } from '../../models/tensor/adamW.ts';
import { constants } from '../../models/tensor/constants.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { initialise } from '../../models/tensor/parameters.ts';
import { float32, type HostTensors, type Tensors } from '../../models/tensor/program.ts';
import { compileTrainStep } from '../../models/tensor/trainStep.ts';
import { Random } from '../../shared/random.ts';

const MODES = [-0.7, 0.7] as const;
const DEVIATION = 0.1;

const STEPS = [1, 2, 4, 8];
const GRID = 16;
const BATCH = 256;
const WIDTH = 48;
const TRAINING_STEPS = 4000;

const engine = createCpuEngine({ threads: 1 });
afterAll(() => engine.dispose());

/** E[x | z_t] of the mixture: the modes' own means, weighed by which mode z is likely of. All [batch, 1]. */
function mixtureMean(noisy: tf.Tensor, alpha: tf.Tensor, sigma: tf.Tensor): tf.Tensor {
  const variance = tf.add(tf.square(tf.mul(alpha, DEVIATION)), tf.square(sigma));
  const gain = tf.div(tf.mul(alpha, DEVIATION ** 2), variance);
  const [low, high] = MODES.map((mode) => {
    const off = tf.sub(noisy, tf.mul(alpha, mode));
    return { mean: tf.add(tf.mul(gain, off), mode), logit: tf.div(tf.square(off), tf.mul(variance, -2)) };
  }) as [{ mean: tf.Tensor; logit: tf.Tensor }, { mean: tf.Tensor; logit: tf.Tensor }];
  const share = tf.sigmoid(tf.sub(high.logit, low.logit));
  return tf.add(tf.mul(low.mean, tf.sub(1, share)), tf.mul(high.mean, share));
}

const specs = {
  ...denseSpecs('in', 4 + STEPS.length, WIDTH),
  ...denseSpecs('middle', WIDTH, WIDTH),
  ...denseSpecs('last', WIDTH, WIDTH),
  ...denseSpecs('out', WIDTH, 1, { init: 'lecun' }),
};

/** x̂ from z, t and the one-hot step count, [batch, ·] each. */
function student(params: Tensors, noisy: tf.Tensor, times: tf.Tensor, steps: tf.Tensor): tf.Tensor {
  const angles = tf.mul(times, Math.PI / 2);
  const seen = [noisy, tf.sin(angles), tf.cos(angles), tf.sin(tf.mul(angles, 4)), steps];
  const first = silu(dense(params, 'in', tf.concat(seen, 1)));
  return dense(params, 'out', silu(dense(params, 'last', silu(dense(params, 'middle', first)))));
}

const column = { shape: [BATCH, 1] };
const pairNames = ['noising', 'teacherStep', 'toBottom', 'target'] as const;
const oneHot = (count: number): number[] => STEPS.map((each) => Number(each === count));

function loss(params: Tensors, inputs: Tensors): tf.Scalar {
  const take = (name: string) => inputs[name] as tf.Tensor;
  const pair = (name: string) => [take(`${name}/0`), take(`${name}/1`)] as const;
  const noisy = combineTensors(pair('noising'), take('clean'), take('noise'));
  const target = withoutGradient(() => {
    const stepped = combineTensors(pair('teacherStep'), mixtureMean(noisy, ...pair('noising')), noisy);
    const down = { toBottom: pair('toBottom'), target: pair('target') };
    return consistencyTarget(
      noisy,
      stepped,
      down,
      (z) => student(params, z, take('next'), take('steps')),
      combineTensors,
    );
  }, noisy);
  const errors = tf.squaredDifference(student(params, noisy, take('times'), take('steps')), target);
  return tf.mean(tf.mul(errors, take('weight')));
}

const scalars = ([alpha, sigma]: Coefficients) => [tf.scalar(alpha), tf.scalar(sigma)] as const;

const drawData = (random: Random): number => random.choice(MODES) + random.normal(0, DEVIATION);

function drawBatch(random: Random): HostTensors {
  const counts = Array.from({ length: BATCH }, () => random.choice(STEPS));
  const pairs = counts.map((count) => drawSegmentPair(random, count, GRID, evenTime));
  const targets = pairs.map((pair) => ({ noising: noising(pair.time), ...targetCoefficients(pair) }));
  const asColumn = (values: readonly number[]) => float32(values, column.shape);
  return {
    clean: asColumn(counts.map(() => drawData(random))),
    noise: asColumn(counts.map(() => random.normal())),
    times: asColumn(pairs.map(({ time }) => time)),
    next: asColumn(pairs.map(({ next }) => next)),
    weight: asColumn(pairs.map(({ time }) => velocityWeight(time))),
    steps: float32(counts.flatMap(oneHot), [BATCH, STEPS.length]),
    ...Object.fromEntries(
      pairNames.flatMap((name) =>
        [0, 1].map((i) => [`${name}/${i}`, asColumn(targets.map((target) => target[name][i] as number))]),
      ),
    ),
  };
}

async function train(): Promise<HostTensors> {
  const random = new Random(1);
  const step = await compileTrainStep(engine, {
    parameters: specs,
    batch: {
      ...Object.fromEntries(['clean', 'noise', 'times', 'next', 'weight'].map((name) => [name, column])),
      steps: { shape: [BATCH, STEPS.length] },
      ...Object.fromEntries(pairNames.flatMap((name) => [0, 1].map((i) => [`${name}/${i}`, column]))),
    },
    loss: (params, batch) => ({ loss: loss(params, batch), terms: {} }),
    optimiser: { ...defaultAdamWConfig, weightDecay: 0 },
  });
  let state = step.start(initialise(specs, random.fork('parameters')));
  for (let i = 0; i < TRAINING_STEPS; i++)
    ({ state } = await step.run(state, drawBatch(random), 3e-3 * (1 - i / TRAINING_STEPS)));
  await step.dispose();
  return state.parameters;
}

/** Wasserstein distance of two samples of one size on a line. */
function wasserstein(a: readonly number[], b: readonly number[]): number {
  const ascending = (values: readonly number[]) => [...values].sort((x, y) => x - y);
  const other = ascending(b);
  return ascending(a).reduce((sum, value, i) => sum + Math.abs(value - (other[i] as number)), 0) / a.length;
}

const SAMPLES = 2048;

/** Samples of so many steps, from all of the noise's quantiles, so that chance adds no error. */
function sampled(steps: number, answer: (noisy: tf.Tensor, time: number) => tf.Tensor): number[] {
  return tf.tidy(() => {
    const noise = tf.tensor2d(normalQuantiles(SAMPLES), [SAMPLES, 1]);
    return Array.from(ddimSampler<tf.Tensor>(answer, noise, steps, combineTensors, evenTime).dataSync());
  });
}

/** The standard normal's quantiles in the middle of `count` equal shares, as a large sample has them. */
function normalQuantiles(count: number): number[] {
  const sorted = new Random(5).normals(count * 64).sort();
  return Array.from({ length: count }, (_, i) => sorted[i * 64 + 32] as number);
}

describe('multistep consistency distillation of two modes', () => {
  const within = normalQuantiles(SAMPLES / 2).map((value) => value * DEVIATION);
  const data = MODES.flatMap((mode) => within.map((value) => mode + value));
  let distances: number[];
  beforeAll(async () => {
    const trained = await train();
    distances = STEPS.map((steps) => {
      const samples = sampled(steps, (noisy, time) => {
        const told = tf.tile(tf.tensor2d([oneHot(steps)]), [SAMPLES, 1]);
        return student(constants(trained), noisy, tf.fill([SAMPLES, 1], time), told);
      });
      return wasserstein(samples, data);
    });
  });

  it.each([
    { steps: 1, times: 8 },
    { steps: 2, times: 4 },
    { steps: 4, times: 1.5 },
  ])('comes $times times as near in $steps steps as DDIM with the exact denoiser', ({ steps, times }) => {
    const byDdim = sampled(steps, (noisy, time) => mixtureMean(noisy, ...scalars(noising(time))));
    expect(distances[STEPS.indexOf(steps)]).toBeLessThan(wasserstein(byDdim, data) / times);
  });

  it('comes nearest to the data in most steps', () => {
    const [most, ...fewer] = [...distances].reverse() as [number, ...number[]];
    expect(most).toBeLessThan(Math.min(...fewer));
    expect(most).toBeLessThan(0.05);
  });
});
