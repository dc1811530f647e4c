/** Triangles cover their polygon exactly once. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { triangulate } from '../../server/recording/export/triangulate.ts';
import type { Point } from '../../shared/scene.ts';

function area(points: readonly Point[]): number {
  return points.reduce((sum, a, i) => {
    const b = points[(i + 1) % points.length] as Point;
    return sum + (a.x * b.y - b.x * a.y) / 2;
  }, 0);
}

function trianglesOf(vertices: readonly Point[]): Point[][] {
  const indices = triangulate(vertices);
  return Array.from({ length: indices.length / 3 }, (_, i) =>
    indices.slice(3 * i, 3 * i + 3).map((index) => vertices[index] as Point),
  );
}

const total = (triangles: readonly Point[][]): number =>
  triangles.reduce((sum, triangle) => sum + Math.abs(area(triangle)), 0);

describe('a polygon', () => {
  test('that is star-shaped, convex or not, is covered once, whichever way round it runs', () => {
    const radius = fc.double({ min: 0.2, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(radius, { minLength: 3, maxLength: 24 }), fc.boolean(), (radii, reversed) => {
        const vertices = radii.map((r, i) => {
          const angle = (2 * Math.PI * i) / radii.length;
          return { x: r * Math.cos(angle), y: r * Math.sin(angle) };
        });
        if (reversed) vertices.reverse();
        const triangles = trianglesOf(vertices);
        expect(triangles).toHaveLength(vertices.length - 2);
        expect(total(triangles)).toBeCloseTo(Math.abs(area(vertices)), 9);
      }),
    );
  });

  test('that is a comb, whose corners nowhere see each other all, is covered once', () => {
    const teeth = Array.from({ length: 8 }, (_, i) => [
      { x: i, y: 10 },
      { x: i + 0.2, y: 1 },
    ]).flat();
    const comb = [{ x: 0, y: 0 }, { x: 8, y: 0 }, { x: 8, y: 10 }, ...teeth.reverse()];
    const triangles = trianglesOf(comb);
    expect(triangles).toHaveLength(comb.length - 2);
    expect(total(triangles)).toBeCloseTo(Math.abs(area(comb)), 9);
  });

  test('with corners on a line or twice at the same place still ends', () => {
    const flat = [0, 1, 2, 3].map((x) => ({ x, y: 0 }));
    expect(triangulate(flat)).toHaveLength(6);
    expect(triangulate([...flat, ...flat])).toHaveLength(18);
  });

  test('of fewer than three corners has no triangle', () => {
    expect([triangulate([]), triangulate([{ x: 0, y: 0 }])]).toEqual([[], []]);
  });
});
