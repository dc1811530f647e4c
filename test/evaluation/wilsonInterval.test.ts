/** The interval against published values and its own limits. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wilsonInterval } from '../../server/evaluation/wilsonInterval.ts';

test('agrees with the textbook: 81 of 263', () => {
  const [low, high] = wilsonInterval(81, 263);
  expect(low).toBeCloseTo(0.2553, 4);
  expect(high).toBeCloseTo(0.3662, 4);
});

test('holds the rate, stays within 0 and 1, and narrows as trials grow', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, share) => {
      const successes = Math.round(share * trials);
      const [low, high] = wilsonInterval(successes, trials);
      const [innerLow, innerHigh] = wilsonInterval(successes * 10, trials * 10);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(low).toBeLessThanOrEqual(successes / trials + 1e-12);
      expect(high).toBeGreaterThanOrEqual(successes / trials - 1e-12);
      expect(innerHigh - innerLow).toBeLessThan(high - low);
    }),
  );
});
