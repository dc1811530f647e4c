/** Plane geometry of a scene's shapes: what lies in them, how near, and what a straight path cuts through. */
import type { Point, Shape } from '../../shared/scene.ts';

/** Distance from a shape's pose to the furthest point of it, in arena units. */
export function reachOf(shape: Shape): number {
  if (shape.kind === 'circle') return shape.radius;
  return Math.max(0, ...shape.vertices.map(({ x, y }) => Math.hypot(x, y)));
}

/** How thick the shape is across its longest direction, in arena units: a rectangle's shorter side, roughly. */
export function thicknessOf(shape: Shape): number {
  if (shape.kind === 'circle') return 2 * shape.radius;
  const { vertices } = shape;
  let [twiceArea, longest] = [0, 1e-9];
  vertices.forEach((a, i) => {
    const b = vertices[(i + 1) % vertices.length] as Point;
    twiceArea += a.x * b.y - b.x * a.y;
    for (const c of vertices) longest = Math.max(longest, Math.hypot(a.x - c.x, a.y - c.y));
  });
  return Math.abs(twiceArea) / 2 / longest;
}

/** Distance from the point to the shape in arena units, negative inside it. */
export function distanceTo(shape: Shape, point: Point): number {
  const [dx, dy] = [point.x - shape.pose.x, point.y - shape.pose.y];
  if (shape.kind === 'circle') return Math.hypot(dx, dy) - shape.radius;
  const [cos, sin] = [Math.cos(shape.pose.angle), Math.sin(shape.pose.angle)];
  const local = { x: cos * dx + sin * dy, y: cos * dy - sin * dx };
  let [nearest, inside] = [Number.POSITIVE_INFINITY, false];
  shape.vertices.forEach((a, i) => {
    const b = shape.vertices[(i + 1) % shape.vertices.length] as Point;
    nearest = Math.min(nearest, distanceToEdge(local, a, b));
    if (a.y > local.y !== b.y > local.y && local.x < a.x + ((local.y - a.y) * (b.x - a.x)) / (b.y - a.y)) {
      inside = !inside;
    }
  });
  return inside ? -nearest : nearest;
}

/** Whether the straight way between two points outside the shape goes right through it, not only across a corner. */
export function cutsThrough(shape: Shape, from: Point, to: Point): boolean {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const thickness = thicknessOf(shape);
  if (length < thickness) return false;
  const samples = Math.min(200, Math.ceil((8 * length) / thickness));
  let inside = 0;
  for (let i = 0; i <= samples; i++) {
    const share = i / samples;
    const point = { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
    if (distanceTo(shape, point) < 0) {
      if (i === 0 || i === samples) return false;
      inside++;
    }
  }
  return (inside / samples) * length >= 0.8 * thickness;
}

function distanceToEdge(point: Point, a: Point, b: Point): number {
  const [ex, ey] = [b.x - a.x, b.y - a.y];
  const squared = ex * ex + ey * ey;
  const along = squared === 0 ? 0 : ((point.x - a.x) * ex + (point.y - a.y) * ey) / squared;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - a.x - share * ex, point.y - a.y - share * ey);
}
