import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alpha, sigma, velocityWeight } from '../../models/diffusion/cosine/cosineSchedule.ts';
import { ddimStep, inverseDdimStep, noising } from '../../models/diffusion/cosine/ddim.ts';
import { combineNumbers } from './gaussianData.ts';

const time = fc.double({ min: 0.02, max: 1, noNaN: true });
const value = fc.double({ min: -3, max: 3, noNaN: true });

describe('the cosine schedule', () => {
  it('preserves variance and runs from clean to noise', () => {
    expect([alpha(0), sigma(0)]).toEqual([1, 0]);
    expect(alpha(1)).toBeCloseTo(0, 15);
    expect(sigma(1)).toBe(1);
    fc.assert(
      fc.property(time, (t) => {
        expect(alpha(t) ** 2 + sigma(t) ** 2).toBeCloseTo(1, 14);
      }),
    );
  });

  it('weights an error of x as the same error of v', () => {
    fc.assert(
      fc.property(time, value, value, value, (t, clean, noise, guess) => {
        const noisy = combineNumbers(noising(t), clean, noise);
        const velocity = alpha(t) * noise - sigma(t) * clean;
        const guessedVelocity = (alpha(t) * noisy - guess) / sigma(t);
        expect(velocityWeight(t, 0) * (guess - clean) ** 2).toBeCloseTo((guessedVelocity - velocity) ** 2, 6);
      }),
    );
  });
});

describe('a DDIM step', () => {
  it('agrees with the textbook form', () => {
    fc.assert(
      fc.property(time, fc.double({ min: 0, max: 1, noNaN: true }), value, value, (from, share, denoised, noisy) => {
        const to = share * from;
        const ratio = sigma(to) / sigma(from);
        const textbook = alpha(to) * denoised + ratio * (noisy - alpha(from) * denoised);
        expect(combineNumbers(ddimStep(from, to), denoised, noisy)).toBeCloseTo(textbook, 10);
      }),
    );
  });

  it('is the identity from a time to itself, at 0 too', () => {
    expect(ddimStep(0.4, 0.4)).toEqual([0, 1]);
    expect(ddimStep(0, 0)).toEqual([0, 1]);
  });

  it('lands on the denoised picture at time 0, from pure noise too', () => {
    expect(combineNumbers(ddimStep(1, 0), 0.7, -2)).toBe(0.7);
    expect(combineNumbers(ddimStep(0.3, 0), 0.7, -2)).toBeCloseTo(0.7, 15);
  });

  it('keeps a true pair of picture and noise on its own path', () => {
    fc.assert(
      fc.property(time, value, value, (t, clean, noise) => {
        const noisy = combineNumbers(noising(t), clean, noise);
        const stepped = combineNumbers(ddimStep(t, t / 3), clean, noisy);
        expect(stepped).toBeCloseTo(combineNumbers(noising(t / 3), clean, noise), 12);
      }),
    );
  });

  it('is undone by its inverse, also on a grid of 1280 points', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1280 }), value, value, (k, denoised, noisy) => {
        const [from, to] = [k / 1280, (k - 1) / 1280];
        const landed = combineNumbers(ddimStep(from, to), denoised, noisy);
        expect(combineNumbers(inverseDdimStep(from, to), landed, noisy)).toBeCloseTo(denoised, 9);
      }),
    );
  });
});
