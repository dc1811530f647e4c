/** Coloured noise: variance 1 at every step, and power that falls with frequency. */
import { describe, expect, test } from 'vitest';
import { ColouredNoise } from '../../models/planning/colouredNoise.ts';
import { mean } from '../../shared/mean.ts';
import { Random } from '../../shared/random.ts';

const HORIZON = 8;
const DRAWS = 20_000;

/** `[draws, horizon]` of one column. */
function draws(exponent: number): number[][] {
  const noise = new ColouredNoise(HORIZON, exponent);
  const random = new Random(3);
  const row = new Float32Array(HORIZON);
  return Array.from({ length: DRAWS }, () => {
    noise.draw(row, 0, 1, random);
    return Array.from(row);
  });
}

describe.each([0, 1, 2, 3])('noise of exponent %s', (exponent) => {
  const rows = draws(exponent);

  test('has mean 0 and variance 1 at every step', () => {
    for (let t = 0; t < HORIZON; t++) {
      expect(mean(rows.map((row) => row[t] as number))).toBeCloseTo(0, 1);
      expect(mean(rows.map((row) => (row[t] as number) ** 2))).toBeCloseTo(1, 1);
    }
  });

  test('has power f^−β', () => {
    const power = (k: number): number =>
      mean(
        rows.map((row) => {
          const along = (wave: (x: number) => number) =>
            row.reduce((sum, value, t) => sum + value * wave((2 * Math.PI * k * t) / HORIZON), 0);
          return along(Math.cos) ** 2 + along(Math.sin) ** 2;
        }),
      );
    expect(Math.log2(power(1) / power(2))).toBeCloseTo(exponent, 0.7);
  });
});

test('columns are independent', () => {
  const noise = new ColouredNoise(HORIZON, 2);
  const random = new Random(4);
  const row = new Float32Array(2 * HORIZON);
  const products = Array.from({ length: DRAWS }, () => {
    noise.draw(row, 0, 2, random);
    return (row[0] as number) * (row[1] as number);
  });
  expect(mean(products)).toBeCloseTo(0, 1);
});
