import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noising } from '../../models/diffusion/cosine/ddim.ts';
import { ddimSampler } from '../../models/diffusion/cosine/ddimSampler.ts';
import { evenTime, type PointTime, stepTime } from '../../models/diffusion/cosine/stepTimes.ts';
import {
  consistencyTarget,
  drawSegmentPair,
  segmentPair,
  targetCoefficients,
} from '../../models/diffusion/training/consistencyTarget.ts';
import { Random } from '../../shared/random.ts';
import { combineNumbers, exactDenoiser, exactFlow, exactSegmentAnswer, pointOf } from './gaussianData.ts';

const noises = [-2, -0.7, 0, 0.4, 1.5];

describe('the times of steps', () => {
  it('go from the picture to pure noise, crowd at the picture, and lie on every finer grid, to the last bit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 64 }), (steps, finer) => {
        const times = Array.from({ length: steps + 1 }, (_, k) => stepTime(k, steps));
        expect(times[0]).toBe(0);
        expect(times.at(-1)).toBe(1);
        const gaps = times.slice(1).map((time, k) => time - (times[k] as number));
        for (let k = 1; k < gaps.length; k++) expect(gaps[k]).toBeGreaterThan(gaps[k - 1] as number);
        times.forEach((time, k) => {
          expect(stepTime(k * finer, steps * finer)).toBe(time);
        });
      }),
    );
  });
});

describe('the DDIM sampler', () => {
  /** How much smaller the error is with twice the steps, as powers of two, from 4 steps to 256. */
  const ordersOn = (timeOf: PointTime): number[] => {
    const painted = (noise: number, steps: number) =>
      ddimSampler(exactDenoiser, noise, steps, combineNumbers, timeOf) - exactFlow(noise, 1, 0);
    const error = (steps: number) => Math.max(...noises.map((noise) => Math.abs(painted(noise, steps))));
    return [4, 8, 16, 32, 64, 128].map((steps) => Math.log2(error(steps) / error(2 * steps)));
  };

  it('converges to the probability flow with order 1', () => {
    const orders = ordersOn(stepTime);
    for (const order of orders) expect(order).toBeGreaterThan(0.85);
    expect(orders.at(-1)).toBeCloseTo(1, 1);
  });

  it('does so on even times too, from below', () => {
    const orders = ordersOn(evenTime);
    expect(orders[0]).toBeGreaterThan(0.85);
    expect(orders.at(-1)).toBeCloseTo(1, 1);
    for (let i = 1; i < orders.length; i++) expect(orders[i]).toBeGreaterThan(orders[i - 1] as number);
  });

  it.each([1, 2, 4, 8])('follows the flow exactly in %i steps given the exact segment answers', (steps) => {
    const answer = (noisy: number, time: number) =>
      exactSegmentAnswer(noisy, time, stepTime(pointOf(time, steps) - 1, steps));
    for (const noise of noises)
      expect(ddimSampler(answer, noise, steps, combineNumbers)).toBeCloseTo(exactFlow(noise, 1, 0), 13);
  });
});

describe('the consistency target', () => {
  const grid = 32;

  it.each([1, 2, 4, 8])(
    'has the fixed point that %i student steps equal the whole grid of teacher steps',
    (segments) => {
      const student = (noisy: number, time: number): number => {
        const point = pointOf(time, grid);
        const perSegment = grid / segments;
        const segment = Math.ceil(point / perSegment) - 1;
        const pair = segmentPair(segments, grid, segment, point - segment * perSegment);
        const coefficients = targetCoefficients(pair);
        return consistencyTarget(
          noisy,
          combineNumbers(coefficients.teacherStep, exactDenoiser(noisy, pair.time), noisy),
          coefficients,
          // Algorithm 1 with k = 1 must not depend on the student: a wrong answer there would show.
          (z) => (pair.next === pair.bottom ? 1e6 : student(z, pair.next)),
          combineNumbers,
        );
      };
      for (const noise of noises) {
        const taught = ddimSampler(exactDenoiser, noise, grid, combineNumbers);
        expect(ddimSampler(student, noise, segments, combineNumbers)).toBeCloseTo(taught, 12);
      }
      const exact = exactFlow(2, 1, 0);
      expect(Math.abs(ddimSampler(exactDenoiser, 2, grid, combineNumbers) - exact)).toBeGreaterThan(1e-3);
    },
  );

  it('is the true picture when the true picture teaches and the pair ends on the bottom', () => {
    for (let segment = 0; segment < 4; segment++) {
      const pair = segmentPair(4, grid, segment, 1);
      const noisy = combineNumbers(noising(pair.time), 0.8, -1.3);
      const coefficients = targetCoefficients(pair);
      const stepped = combineNumbers(coefficients.teacherStep, 0.8, noisy);
      const target = consistencyTarget(noisy, stepped, coefficients, () => 1e6, combineNumbers);
      expect(target).toBeCloseTo(0.8, 12);
    }
  });

  it('is plain diffusion when every grid interval is a segment', () => {
    const random = new Random(1);
    for (let i = 0; i < 50; i++) {
      const pair = drawSegmentPair(random, grid, grid);
      expect(pair.next).toBe(pair.bottom);
    }
  });

  it('draws all pairs of the grid, each with its own bottom', () => {
    const random = new Random(2);
    const pairs = Array.from({ length: 2000 }, () => drawSegmentPair(random, 4, 16, evenTime));
    expect(new Set(pairs.map(({ time }) => time)).size).toBe(16);
    for (const { time, next, bottom } of pairs) {
      expect(time - next).toBeCloseTo(1 / 16, 12);
      expect(Number.isInteger(bottom * 4)).toBe(true);
      expect(next).toBeGreaterThanOrEqual(bottom);
      expect(time).toBeLessThanOrEqual(bottom + 0.25);
    }
  });

  it('refuses segments that do not divide the grid', () => {
    expect(() => segmentPair(3, 16, 0, 1)).toThrow(/3 segments do not divide a grid of 16/);
  });

  it('stays finite at both ends of time', () => {
    for (const pair of [segmentPair(1, 16, 0, 1), segmentPair(1, 16, 0, 16)]) {
      const { teacherStep, toBottom, target } = targetCoefficients(pair);
      expect([...teacherStep, ...toBottom, ...target].every(Number.isFinite)).toBe(true);
    }
  });
});
