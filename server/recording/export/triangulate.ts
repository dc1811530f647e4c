/**
 * Cuts a simple polygon into triangles by clipping ears (Meisters 1975, Polygons have ears): a convex corner whose
 * triangle holds no other corner is cut off until three are left. Quadratic or worse in the number of corners, of which
 * the shapes of a world have few.
 */
import type { Point } from '../../../shared/scene.ts';

/** Three indices into the vertices for each triangle; none for fewer than three vertices. */
export function triangulate(vertices: readonly Point[]): number[] {
  const left = vertices.map((_, i) => i);
  if (doubledArea(vertices) < 0) left.reverse();
  const triangles: number[] = [];
  while (left.length > 3) {
    const ear = left.findIndex((_, i) => isEar(vertices, left, i));
    // Rounding can hide every ear of a polygon that is nearly flat somewhere; any corner then cuts off next to nothing.
    const at = Math.max(0, ear);
    triangles.push(...corner(left, at));
    left.splice(at, 1);
  }
  return left.length === 3 ? [...triangles, ...left] : [];
}

/** Twice the area, positive when the corners run from the x axis towards the y axis. */
function doubledArea(vertices: readonly Point[]): number {
  let sum = 0;
  for (const [i, a] of vertices.entries()) {
    const b = vertices[(i + 1) % vertices.length] as Point;
    sum += a.x * b.y - b.x * a.y;
  }
  return sum;
}

function corner(left: readonly number[], at: number): [number, number, number] {
  const before = left[(at + left.length - 1) % left.length] as number;
  const after = left[(at + 1) % left.length] as number;
  return [before, left[at] as number, after];
}

function isEar(vertices: readonly Point[], left: readonly number[], at: number): boolean {
  const indices = corner(left, at);
  const [a, b, c] = indices.map((index) => vertices[index]) as [Point, Point, Point];
  if (doubledArea([a, b, c]) <= 0) return false;
  return left.every((index) => indices.includes(index) || !holds([a, b, c], vertices[index] as Point));
}

/** Whether the point lies in the triangle or on its edge. */
function holds([a, b, c]: [Point, Point, Point], point: Point): boolean {
  return [
    [a, b],
    [b, c],
    [c, a],
  ].every(([from, to]) => doubledArea([from as Point, to as Point, point]) >= 0);
}
