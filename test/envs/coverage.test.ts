import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Coverage } from '../../envs/coverage.ts';
import { FRAME_BYTES, FRAME_SIZE } from '../../shared/frame.ts';
import type { Point } from '../../shared/scene.ts';

/** White on black: a pixel's byte is 255 times what is covered of it, rounded. */
function drawn(polygon: readonly Point[], coverage = new Coverage()): Uint8Array {
  polygon.forEach((from, i) => {
    const to = polygon[(i + 1) % polygon.length] as Point;
    coverage.addEdge(from.x, from.y, to.x, to.y);
  });
  const frame = new Uint8Array(FRAME_BYTES);
  coverage.fill(frame, 255, 255, 255);
  return frame;
}

/**
 * The part of a convex polygon in one pixel, by clipping it at the pixel's four sides (Sutherland and Hodgman 1974).
 */
function areaInPixel(polygon: readonly Point[], column: number, row: number): number {
  const sides: readonly ((p: Point) => number)[] = [
    (p) => p.x - column,
    (p) => column + 1 - p.x,
    (p) => p.y - row,
    (p) => row + 1 - p.y,
  ];
  let inside = [...polygon];
  for (const side of sides) {
    inside = inside.flatMap((from, i) => {
      const to = inside[(i + 1) % inside.length] as Point;
      const [a, b] = [side(from), side(to)];
      const kept = a >= 0 ? [from] : [];
      if (a >= 0 === b >= 0) return kept;
      const t = a / (a - b);
      return [...kept, { x: from.x + t * (to.x - from.x), y: from.y + t * (to.y - from.y) }];
    });
  }
  const twice = inside.reduce((sum, p, i) => {
    const q = inside[(i + 1) % inside.length] as Point;
    return sum + p.x * q.y - q.x * p.y;
  }, 0);
  return Math.abs(twice) / 2;
}

const coordinate = fc.oneof(
  fc.double({ min: -30, max: 94, noNaN: true }),
  fc.integer({ min: -2, max: 66 }),
  fc.integer({ min: 0, max: 128 }).map((halves) => halves / 2),
);
const triangle = fc.array(fc.record({ x: coordinate, y: coordinate }), { minLength: 3, maxLength: 3 });
/** Narrower than any number that a share of it could be told by. */
const sliver: Point[] = [
  { x: 5.4e-323, y: 37.5 },
  { x: -1.5e-323, y: 24 },
  { x: 0, y: 0 },
];

describe('coverage', () => {
  it('is the area of every pixel that a triangle covers, inside, across and outside of the borders', () => {
    fc.assert(
      fc.property(triangle, (points) => {
        const frame = drawn(points);
        for (let pixel = 0; pixel < FRAME_SIZE * FRAME_SIZE; pixel++) {
          const area = areaInPixel(points, pixel % FRAME_SIZE, Math.floor(pixel / FRAME_SIZE));
          const byte = frame[pixel * 3] as number;
          if (Math.abs(byte - 255 * area) > 0.5 + 1e-6) expect({ pixel, byte }).toEqual({ pixel, byte: 255 * area });
        }
      }),
      { numRuns: 60, examples: [[sliver]] },
    );
  });

  it('leaves nothing behind for the next polygon', () => {
    const coverage = new Coverage();
    fc.assert(
      fc.property(triangle, triangle, (first, second) => {
        drawn(first, coverage);
        expect(drawn(second, coverage)).toEqual(drawn(second));
      }),
      { numRuns: 60 },
    );
  });

  it('of a polygon is the same whichever way around it is given', () => {
    fc.assert(
      fc.property(triangle, (points) => {
        const there = drawn(points);
        const back = drawn([...points].reverse());
        expect(there.every((byte, i) => Math.abs(byte - (back[i] as number)) <= 1)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
