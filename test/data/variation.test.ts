/** What varies between episodes is said in words, drawn from the episode's seed, and the same for everyone. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { storableAction } from '../../server/data/playScript.ts';
import { noVariation, parseVariationPlan, variationOf } from '../../server/data/variationPlan.ts';
import { UsageError } from '../../shared/errors.ts';
import type { Factors } from '../../shared/factors.ts';
import { contains } from '../../shared/space.ts';

const factors: Factors = {
  mass: { kind: 'number', default: 1, low: 0.5, high: 2, unit: 'kg', hidden: true },
  color: { kind: 'color', object: 'block', default: '#0096c7', choices: ['#ff0000', '#00ff00'] },
};

describe('a plan', () => {
  test('tells values for all from factors that are drawn', () => {
    expect(parseVariationPlan(['color=#ABCDEF', 'mass'], factors)).toEqual({
      fixed: { color: '#abcdef' },
      drawn: ['mass'],
    });
    expect(parseVariationPlan(['mass=1.5'], factors)).toEqual({ fixed: { mass: 1.5 }, drawn: [] });
    expect(parseVariationPlan([], {})).toEqual(noVariation);
  });

  test('does not depend on the order in which factors are named', () => {
    expect(parseVariationPlan(['color', 'mass'], factors)).toEqual(parseVariationPlan(['mass', 'color'], factors));
  });

  test.each([
    [['weight'], /'weight' is no factor.*mass, color/],
    [['weight=3'], /'weight' is no factor.*mass, color/],
    [['mass=3'], /mass cannot be 3: give a number from 0.5 to 2/],
    [['mass='], /mass cannot be : give a number/],
    [['mass=heavy'], /mass cannot be heavy/],
    [['color=red'], /color cannot be red: give a colour/],
    [['mass', 'mass=1'], /mass is named twice/],
  ])('refuses %s', (texts, says) => {
    expect(() => parseVariationPlan(texts, factors)).toThrow(UsageError);
    expect(() => parseVariationPlan(texts, factors)).toThrow(says);
  });

  test('gives every seed its own variation, and a seed always the same', () => {
    const plan = parseVariationPlan(['mass', 'color=#123456'], factors);
    const drawn = [1, 2, 3].map((seed) => variationOf(plan, factors, seed));
    expect(new Set(drawn.map(({ mass }) => mass)).size).toBe(3);
    expect(drawn.every(({ color }) => color === '#123456')).toBe(true);
    expect(variationOf(plan, factors, 2)).toEqual(drawn[1]);
  });
});

test('a stored action lies in the space, and is as near as float32 gets', () => {
  const bounds = fc
    .tuple(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.double({ min: 1e-3, max: 1e3, noNaN: true }))
    .map(([low, width]) => ({ low, high: low + width }));
  fc.assert(
    fc.property(bounds, fc.double(), ({ low, high }, value) => {
      const space = { kind: 'box', low: [low], high: [high] } as const;
      const [stored = Number.NaN] = storableAction(space, [value]);
      expect(Math.fround(stored)).toBe(stored);
      expect(contains(space, [stored])).toBe(true);
      const wanted = Number.isNaN(value) ? (low + high) / 2 : Math.min(high, Math.max(low, value));
      expect(Math.abs(stored - wanted)).toBeLessThanOrEqual(Math.max(1e-40, Math.abs(wanted) * 2 ** -23));
    }),
  );
});

test('bounds next to zero are kept', () => {
  const space = { kind: 'box', low: [1e-60], high: [1] } as const;
  expect(storableAction(space, [0])).toEqual([2 ** -149]);
  const below = { kind: 'box', low: [-1], high: [-1e-60] } as const;
  expect(storableAction(below, [0])).toEqual([-(2 ** -149)]);
});
