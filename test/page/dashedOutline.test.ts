/**
 * Dashes around a closed path.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dashedOutline, dashesAlong } from '../../client/stage/dashedOutline.ts';
import type { Point } from '../../shared/scene.ts';

const square: Point[] = [
  { x: 0, y: 0 },
  { x: 10, y: 0 },
  { x: 10, y: 10 },
  { x: 0, y: 10 },
];

function inked(corners: readonly Point[], dash: number, gap: number): number {
  return dashesAlong(corners, { dash, gap, width: 1 }).reduce(
    (sum, { from, to }) => sum + Math.hypot(to.x - from.x, to.y - from.y),
    0,
  );
}

describe('dashesAlong', () => {
  it('covers the same share of any path as the pattern does of a straight line', () => {
    const side = fc.double({ min: 1, max: 100, noNaN: true });
    const length = fc.double({ min: 0.5, max: 30, noNaN: true });
    fc.assert(
      fc.property(side, side, length, length, (width, height, dash, gap) => {
        const corners = square.map(({ x, y }) => ({ x: (x * width) / 10, y: (y * height) / 10 }));
        expect(inked(corners, dash, gap)).toBeCloseTo((2 * (width + height) * dash) / (dash + gap), 6);
      }),
    );
  });

  it('goes round corners: a dash that meets one is drawn on both edges', () => {
    const pieces = dashesAlong(square, { dash: 6, gap: 2, width: 1 });
    expect(pieces.length).toBeGreaterThan(5);
    expect(inked(square, 6, 2)).toBeCloseTo(30, 9);
  });

  it('draws nothing around a point', () => {
    expect(dashesAlong([{ x: 1, y: 1 }], { dash: 1, gap: 1, width: 1 })).toEqual([]);
  });
});

describe('dashedOutline', () => {
  it('makes two triangles a dash, half a width to either side of the path', () => {
    const positions = dashedOutline(square, { dash: 3, gap: 2, width: 2 }).getAttribute('position');
    expect(positions.count % 6).toBe(0);
    for (let i = 0; i < positions.count; i++) {
      const [x, y] = [positions.getX(i), positions.getY(i)];
      const toEdge = Math.min(Math.abs(x), Math.abs(x - 10), Math.abs(y), Math.abs(y - 10));
      expect(toEdge === 1 || toEdge === 0).toBe(true);
    }
  });
});
