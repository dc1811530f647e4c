/** The few-step methods against what is known in closed form: of normal data, and of their papers' schedules. */
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { adjustedStep } from '../../models/diffusion/cosine/adjustedStep.ts';
import { consistencySampler } from '../../models/diffusion/cosine/consistencySampler.ts';
import { alpha, sigma } from '../../models/diffusion/cosine/cosineSchedule.ts';
import { combineTensors, ddimStep, noising } from '../../models/diffusion/cosine/ddim.ts';
import { ddimSampler } from '../../models/diffusion/cosine/ddimSampler.ts';
import { heunCoefficients, heunStep } from '../../models/diffusion/cosine/heunStep.ts';
import {
  gridIndexBelow,
  gridLevel,
  HIGHEST_LEVEL,
  LOWEST_LEVEL,
  timeOfLevel,
} from '../../models/diffusion/cosine/noiseLevels.ts';
import { stepChoice, stepsKnownTo, withEveryStep } from '../../models/diffusion/network/studentSteps.ts';
import {
  drawGridPair,
  gridLevels,
  publishedConsistencyTraining,
} from '../../models/diffusion/training/consistencyTraining.ts';
import {
  drawTuningPair,
  partnerOf,
  publishedEasyTuning,
} from '../../models/diffusion/training/easyConsistencyTuning.ts';
import { pseudoHuber, targetWeights } from '../../models/diffusion/training/noisePairTraining.ts';
import {
  middleTime,
  progressiveCoefficients,
  progressiveTarget,
} from '../../models/diffusion/training/progressiveDistillation.ts';
import { annealedGrid, constantGrid, publishedAnnealing } from '../../models/diffusion/training/teacherGrid.ts';
import { float32 } from '../../models/tensor/program.ts';
import { Random } from '../../shared/random.ts';
import { combineNumbers, exactDenoiser, exactFlow, pointOf } from './gaussianData.ts';

beforeAll(() => tf.setBackend('cpu'));

const noises = [-2, -0.7, 0, 0.4, 1.5];

describe('progressive distillation', () => {
  /** The student of `steps` steps that has learned its target exactly, its teachers likewise. */
  const student =
    (steps: number) =>
    (noisy: number, time: number): number => {
      if (steps === 32) return exactDenoiser(noisy, time);
      const teacher = student(2 * steps);
      const k = pointOf(time, steps);
      return progressiveTarget(
        noisy,
        progressiveCoefficients(steps, k),
        (z) => teacher(z, time),
        (z) => teacher(z, middleTime(k, steps)),
        combineNumbers,
      );
    };

  it.each([16, 8, 4, 2, 1])('lands in %i steps where the first teacher does in 32', (steps) => {
    for (const noise of noises)
      expect(ddimSampler(student(steps), noise, steps, combineNumbers)).toBeCloseTo(
        ddimSampler(exactDenoiser, noise, 32, combineNumbers),
        12,
      );
  });
});

describe('the teacher of consistency distillation', () => {
  it('follows the probability flow with order 2', () => {
    const error = (steps: number) =>
      Math.max(
        ...noises.map((noise) => {
          let noisy = noise;
          for (let k = steps; k >= 1; k--) {
            const [time, next] = [k / steps, (k - 1) / steps];
            noisy = heunStep(
              noisy,
              heunCoefficients(time, next),
              (z) => exactDenoiser(z, time),
              (z) => exactDenoiser(z, next),
              combineNumbers,
            );
          }
          return Math.abs(noisy - exactFlow(noise, 1, 0));
        }),
      );
    const orders = [16, 32, 64, 128].map((steps) => Math.log2(error(steps) / error(2 * steps)));
    for (const order of orders) expect(Math.abs(order - 2)).toBeLessThan(0.02);
    expect(error(16)).toBeLessThan(
      0.2 * Math.abs(ddimSampler(exactDenoiser, 2, 16, combineNumbers) - exactFlow(2, 1, 0)),
    );
  });
});

describe('the consistency sampler', () => {
  /** The end of the flow from anywhere. */
  const consistent = (noisy: number, time: number) => exactFlow(noisy, time, 0);

  it('jumps to the end of the flow in one step', () => {
    for (const noise of noises)
      expect(consistencySampler(consistent, [noise], combineNumbers)).toBeCloseTo(exactFlow(noise, 1, 0), 14);
  });

  it.each([2, 3, 8])('keeps the distribution of the data in %i steps', (steps) => {
    const sample = (values: readonly number[]) =>
      consistencySampler(consistent, values as [number, ...number[]], combineNumbers);
    const still = Array<number>(steps).fill(0);
    const mean = sample(still);
    // Affine in its noises, which are independent: their squared gains are the variance.
    const variance = still.reduce((sum, _, i) => sum + (sample(still.with(i, 1)) - mean) ** 2, 0);
    expect(mean).toBeCloseTo(0.3, 12);
    expect(variance).toBeCloseTo(0.25, 12);
  });
});

describe('the adjusted step', () => {
  const column = (value: number) => tf.tensor4d([value], [1, 1, 1, 1]);
  const coefficients = (time: number, next: number) => ({
    ddim: ddimStep(time, next).map(column) as [tf.Tensor, tf.Tensor],
    noising: noising(time).map(column) as [tf.Tensor, tf.Tensor],
    nextNoising: noising(next).map(column) as [tf.Tensor, tf.Tensor],
  });
  const picture = (values: number[]) => tf.tensor4d(values, [1, 1, 1, values.length]);
  const squared = (x: tf.Tensor) => tf.sum(tf.square(x)).dataSync()[0] as number;
  const time = fc.double({ min: 0.1, max: 1, noNaN: true });
  const share = fc.double({ min: 0.05, max: 0.95, noNaN: true });

  it('is DDIM where nothing was lost', () => {
    fc.assert(
      fc.property(time, share, (from, part) => {
        const at = coefficients(from, part * from);
        const [denoised, noisy] = [picture([0.3, -1, 0.2]), picture([1, 0.4, -2])];
        const stepped = adjustedStep(denoised, noisy, column(0), at);
        const plain = combineTensors(at.ddim, denoised, noisy);
        expect(Math.sqrt(squared(tf.sub(stepped, plain)))).toBeLessThan(1e-6);
      }),
      { numRuns: 20 },
    );
  });

  it('adds the lost variance where picture and noise are orthogonal', () => {
    fc.assert(
      fc.property(time, share, (from, part) => {
        const next = part * from;
        const at = coefficients(from, next);
        const denoised = picture([1, 2, 0, 0]);
        const noisy = picture([alpha(from), 2 * alpha(from), 3 * sigma(from), -sigma(from)]); // ε̂ = (0, 0, 3, −1)
        const lost = 0.05;
        const more =
          squared(adjustedStep(denoised, noisy, column(lost), at)) - squared(combineTensors(at.ddim, denoised, noisy));
        expect(more).toBeCloseTo(4 * ddimStep(from, next)[0] ** 2 * lost, 4);
      }),
      { numRuns: 20 },
    );
  });
});

describe("the teacher's grid", () => {
  it('anneals from 64 points to 1280 over half the training, in whole steps of every segment', () => {
    const grid = annealedGrid(publishedAnnealing);
    for (const segments of [1, 2, 4, 8, 16]) {
      expect(grid(segments, 0)).toBe(64);
      expect(grid(segments, 0.5)).toBe(1280);
      expect(grid(segments, 1)).toBe(1280);
      for (let progress = 0; progress < 1; progress += 0.07) {
        expect(grid(segments, progress) % segments).toBe(0);
        expect(grid(segments, progress + 0.07)).toBeGreaterThanOrEqual(grid(segments, progress));
      }
    }
    expect(constantGrid(16)(4, 0.9)).toBe(16);
  });
});

describe('noise levels', () => {
  it('are the noise of the unscaled picture', () => {
    for (const level of [0, 0.1, 1, 20])
      expect(sigma(timeOfLevel(level)) / alpha(timeOfLevel(level))).toBeCloseTo(level, 10);
    expect(timeOfLevel(HIGHEST_LEVEL)).toBe(1);
  });

  it('of a grid ascend from the lowest to the highest and know their own index', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1281 }), fc.double({ min: 0, max: 1, noNaN: true }), (count, part) => {
        const index = Math.floor(part * (count - 1));
        expect(gridIndexBelow(gridLevel(index, count), count)).toBe(index);
      }),
    );
    expect(gridLevel(0, 11)).toBeCloseTo(LOWEST_LEVEL, 12);
    expect(gridLevel(10, 11)).toBeCloseTo(HIGHEST_LEVEL, 8);
    expect(gridIndexBelow(LOWEST_LEVEL / 2, 11)).toBe(-1);
  });
});

describe('consistency training', () => {
  it('doubles its grid at even intervals, from 11 levels to 1281', () => {
    const levels = Array.from({ length: 8 }, (_, i) => gridLevels(publishedConsistencyTraining, (i + 0.5) / 8));
    expect(levels).toEqual([11, 21, 41, 81, 161, 321, 641, 1281]);
    expect(gridLevels(publishedConsistencyTraining, 1)).toBe(1281);
  });

  it('draws neighbours as often as log-normal levels fall between them', () => {
    const random = new Random(3);
    const pairs = Array.from({ length: 20_000 }, () => drawGridPair(random, 11));
    const below = (level: number) => pairs.filter((pair) => pair.level <= level * (1 + 1e-9)).length / pairs.length;
    // Of ln σ ~ N(−1.1, 2²): at its mean half; one deviation above, 84%; on the grid's own levels only.
    for (const index of [0, 3, 5, 7]) {
      const level = gridLevel(index, 11);
      expect(below(level)).toBeCloseTo(normalShare((Math.log(level) + 1.1) / 2), 1);
    }
    for (const { level, next, weight } of pairs) {
      expect(next).toBeLessThan(level);
      expect(weight).toBeCloseTo(1 / (level - next), 10);
    }
    expect(pairs.some(({ next }) => next === 0)).toBe(true);
  });

  it('takes the picture for target at level 0, and the own answer elsewhere', () => {
    expect(targetWeights(0)).toEqual([0, 1]);
    expect(targetWeights(LOWEST_LEVEL)).toEqual([1, 0]);
  });
});

describe('easy consistency tuning', () => {
  it('begins as diffusion: low levels are paired with the picture', () => {
    for (const level of [0.05, 0.3, 1, 1.9]) expect(partnerOf(level, 0, publishedEasyTuning)).toBe(0);
  });

  it('ends with pairs apart by n(t)/256 of the level', () => {
    const gap = (level: number) => 1 - partnerOf(level, 1, publishedEasyTuning) / level;
    expect(gap(80)).toBeCloseTo(1 / 256, 8);
    expect(gap(1)).toBeCloseTo((1 + 8 / (1 + Math.E)) / 256, 8);
  });

  it('draws pairs within the range, descending, nearer at every stage', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.double({ min: 0, max: 1, noNaN: true }), (seed, progress) => {
        const { level, next } = drawTuningPair(new Random(seed), progress, publishedEasyTuning);
        expect(level).toBeGreaterThanOrEqual(LOWEST_LEVEL);
        expect(level).toBeLessThanOrEqual(HIGHEST_LEVEL);
        expect(next).toBeLessThan(level);
        expect(next === 0 || next >= LOWEST_LEVEL).toBe(true);
        expect(partnerOf(level, 1, publishedEasyTuning)).toBeGreaterThanOrEqual(next);
      }),
    );
  });
});

describe('the pseudo-Huber distance', () => {
  it('is quadratic near zero and the distance itself far off', () => {
    const at = (distance: number) => pseudoHuber(tf.tensor1d([distance ** 2]), 0.06).dataSync()[0] as number;
    expect(at(0)).toBe(0);
    expect(at(0.006)).toBeCloseTo(0.006 ** 2 / (2 * 0.06), 5);
    expect(at(10)).toBeCloseTo(10 - 0.06, 3);
  });
});

describe('a network', () => {
  const old = { 'embed/steps/kernel': float32([1, 2, 3, 4, 5, 6, 7, 8], [4, 2]), other: float32([9], [1]) };

  it('knows as many step counts as its weights have rows', () => {
    expect(stepsKnownTo(old)).toEqual([1, 2, 4, 8]);
    expect(stepsKnownTo(withEveryStep(old))).toEqual([1, 2, 4, 8, 16]);
  });

  it('is widened without a change to what it knew', () => {
    const { 'embed/steps/kernel': kernel, other } = withEveryStep(old);
    expect([...(kernel?.data ?? [])]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 0, 0]);
    expect(other).toBe(old.other);
    expect(withEveryStep(withEveryStep(old))).toEqual(withEveryStep(old));
  });

  it('is told its count by one number', () => {
    expect([...stepChoice([1, 16]).data]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });
});

/** The share of a standard normal below z, by Simpson's rule. */
function normalShare(z: number): number {
  const [from, pieces] = [-8, 400];
  const width = (z - from) / pieces;
  const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  let sum = 0;
  for (let i = 0; i <= pieces; i++) sum += density(from + i * width) * (i === 0 || i === pieces ? 1 : i % 2 ? 4 : 2);
  return (sum * width) / 3;
}
