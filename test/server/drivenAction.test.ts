/**
 * From a direction to an action.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drivenAction, drivenAxes } from '../../server/live/drivenAction.ts';
import { contains } from '../../shared/space.ts';

const share = fc.double({ min: -1, max: 1, noNaN: true });

test('any direction is an action of any box: its ends are the bounds, and rest is the middle', () => {
  const axis = fc.record({ low: fc.integer({ min: -50, max: 50 }), size: fc.integer({ min: 1, max: 50 }) });
  fc.assert(
    fc.property(fc.array(axis, { minLength: 1, maxLength: 4 }), share, share, (axes, x, y) => {
      const low = axes.map((each) => each.low);
      const high = axes.map((each) => each.low + each.size);
      const space = { kind: 'box', low, high } as const;
      expect(contains(space, drivenAction(space, { x, y }))).toBe(true);
      expect(drivenAction(space, { x: 0, y: 0 })).toEqual(low.map((each, i) => (each + (high[i] ?? 0)) / 2));
      expect(drivenAction(space, { x: 1, y: -1 }).slice(0, 2)).toEqual([high[0], low[1]].slice(0, axes.length));
    }),
  );
});

test('numbered choices cannot be driven', () => {
  expect(drivenAxes({ kind: 'discrete', count: 3 })).toBe(0);
  expect(drivenAxes({ kind: 'box', low: [0], high: [1] })).toBe(1);
  expect(drivenAxes({ kind: 'box', low: [0, 0, 0], high: [1, 1, 1] })).toBe(2);
});
