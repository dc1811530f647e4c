import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionFeatureSize, actionFeatures } from '../../models/latent/actionFeatures.ts';
import { Random } from '../../shared/random.ts';
import { type Space, sample } from '../../shared/space.ts';

describe('action features', () => {
  it('leave actions within ±1 as they are, to the bit', () => {
    const space: Space = { kind: 'box', low: [-1, -1], high: [1, 1] };
    fc.assert(
      fc.property(fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 2 }), (action) => {
        const exact = action.map((value) => Math.fround(value) + 0);
        expect(Array.from(actionFeatures(space, Float32Array.from(exact)), (v) => v + 0)).toEqual(exact);
      }),
    );
  });

  it('stretch any box to ±1, dimension by dimension', () => {
    const space: Space = { kind: 'box', low: [0, -20], high: [10, 60] };
    expect(Array.from(actionFeatures(space, Float32Array.of(0, 60, 10, -20, 5, 20)))).toEqual([-1, 1, 1, -1, 0, 0]);
    expect(actionFeatureSize(space)).toBe(2);
  });

  it('give every choice its own place', () => {
    const space: Space = { kind: 'discrete', count: 4 };
    const random = new Random(3);
    const choices = Float32Array.from({ length: 20 }, () => sample(space, random)[0] as number);
    const features = actionFeatures(space, choices);
    expect(features).toHaveLength(20 * actionFeatureSize(space));
    choices.forEach((choice, i) => {
      const row = Array.from(features.subarray(i * 4, (i + 1) * 4));
      expect(row).toEqual([0, 1, 2, 3].map((place) => (place === choice ? 1 : 0)));
    });
  });
});
