/**
 * Whether a shape can be drawn at all. Worlds may be anybody's, so whoever draws a scene or checks one asks here: numbers
 * must be finite and the outline must enclose something.
 */
import type { Point, Shape } from './scene.ts';

/** What is wrong with a shape, to complete "the shape …", and what a drawing needs. */
export interface Undrawable {
  readonly seen: string;
  readonly expected: string;
}

/** Share of a polygon's extent squared below which it encloses nothing but rounding. */
const FLAT = 1e-9;

/** Why the shape cannot be drawn; nothing where it can. */
export function whyUndrawable(shape: Shape): Undrawable | undefined {
  if (isLost(shape)) return { seen: `has the numbers ${numbersOf(shape).join(', ')}`, expected: 'finite ones' };
  if (shape.kind === 'circle')
    return shape.radius > 0 ? undefined : { seen: `has the radius ${shape.radius}`, expected: 'one above 0' };
  const { length } = shape.vertices;
  if (length < 3) return { seen: `has ${length} ${length === 1 ? 'vertex' : 'vertices'}`, expected: 'three or more' };
  if (isFlat(shape.vertices)) return { seen: 'has vertices that enclose no area', expected: 'an outline' };
  return undefined;
}

/** Whether a shape is lost in numbers that are not finite, which no message can carry. */
export function isLost(shape: Shape): boolean {
  return !numbersOf(shape).every(Number.isFinite);
}

function numbersOf(shape: Shape): number[] {
  const { x, y, angle } = shape.pose;
  const form = shape.kind === 'circle' ? [shape.radius] : shape.vertices.flatMap((vertex) => [vertex.x, vertex.y]);
  return [x, y, angle, ...form];
}

function isFlat(vertices: readonly Point[]): boolean {
  const [origin = { x: 0, y: 0 }] = vertices;
  let twiceArea = 0;
  let extent = 0;
  for (const [i, from] of vertices.entries()) {
    const to = vertices[(i + 1) % vertices.length] ?? from;
    twiceArea += (from.x - origin.x) * (to.y - origin.y) - (to.x - origin.x) * (from.y - origin.y);
    extent = Math.max(extent, Math.hypot(from.x - origin.x, from.y - origin.y));
  }
  return Math.abs(twiceArea) <= FLAT * extent ** 2;
}
