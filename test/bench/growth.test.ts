/** What counts as growth, and what does not. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FEWEST_SAMPLES, type Growth, growthOf, type Sample } from '../../server/bench/live/growth.ts';
import { Random } from '../../shared/random.ts';

const LIMIT = 10;
const SAMPLES = 60;

/** One hour of samples. */
function series(value: (hours: number, i: number) => number): Sample[] {
  return Array.from({ length: SAMPLES }, (_, i) => ({ hours: i / SAMPLES, value: value(i / SAMPLES, i) }));
}

/** The growth, of samples by which it can be judged. */
function judged(samples: readonly Sample[], limit: number): Growth {
  return growthOf(samples, limit) ?? expect.fail('too few samples');
}

describe('growthOf', () => {
  it('finds a leak under noise, and its slope', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = new Random(seed);
        const growth = judged(
          series((hours) => 300 + 40 * hours + random.uniform(-3, 3)),
          LIMIT,
        );
        expect(growth.grows).toBe(true);
        expect(Math.abs(growth.perHour - 40)).toBeLessThan(8);
        expect(growth.limitPerHour).toBe(LIMIT);
      }),
    );
  });

  it('takes neither noise nor a saw nor single peaks for a leak', () => {
    // Noise now and then rises by chance: about once in a thousand hours.
    const noisy = Array.from({ length: 500 }, (_, seed) => {
      const random = new Random(seed);
      return judged(
        series(() => 300 + random.uniform(-20, 20)),
        LIMIT,
      ).grows;
    });
    expect(noisy.filter((grows) => grows).length).toBeLessThanOrEqual(3);
    expect(
      judged(
        series((_, i) => 100 + 5 * (i % 7)),
        LIMIT,
      ).grows,
    ).toBe(false);
    expect(
      judged(
        series((_, i) => (i > SAMPLES - 5 ? 900 : 100)),
        LIMIT,
      ).grows,
    ).toBe(false);
  });

  it('does not count the first third, in which caches fill', () => {
    const filling = judged(
      series((hours) => 500 * Math.min(hours, 0.3)),
      LIMIT,
    );
    expect(filling).toMatchObject({ grows: false, perHour: 0, value: 150 });
  });

  it('allows what is below the limit, and shrinking', () => {
    expect(
      judged(
        series((hours) => 9 * hours),
        LIMIT,
      ).grows,
    ).toBe(false);
    expect(
      judged(
        series((hours) => -90 * hours),
        LIMIT,
      ).grows,
    ).toBe(false);
    expect(
      judged(
        series((hours) => 11 * hours),
        LIMIT,
      ).grows,
    ).toBe(true);
  });

  it('judges nothing by too few samples', () => {
    expect(growthOf(series(() => 1).slice(0, FEWEST_SAMPLES - 2), LIMIT)).toBeUndefined();
    expect(judged(series(() => 1).slice(0, FEWEST_SAMPLES), LIMIT).grows).toBe(false);
  });
});
