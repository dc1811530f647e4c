/**
 * Which bodies touch, told from the shapes of a scene and their poses. Outlines touch when they come closer than a
 * small share of the arena, or when one lies in the other. Fixed bodies are not compared with each other. Polygons may
 * be concave: distances are taken from vertices to edges, both ways, and crossing outlines are at distance 0.
 */
import type { ServerMessageOf } from '../../shared/protocol/control.ts';
import type { Point } from '../../shared/scene.ts';

type Shape = ServerMessageOf<'episode'>['scene'][number];

/** Share of the arena's width within which outlines touch. */
const NEAR = 0.006;

/** The pairs that touch, each as `i-j` by place in the scene; `poses` is `[shapes, 3]`: x, y, angle. */
export function touching(
  { scene, arena }: Pick<ServerMessageOf<'episode'>, 'scene' | 'arena'>,
  poses: Float32Array,
): ReadonlySet<string> {
  const outlines = scene.map((shape, i) => outlineAt(shape, poses.subarray(3 * i, 3 * i + 3)));
  const pairs = new Set<string>();
  for (let i = 0; i < outlines.length; i++)
    for (let j = i + 1; j < outlines.length; j++) {
      const [a, b] = [outlines[i] as Outline, outlines[j] as Outline];
      if (scene[i]?.fixed && scene[j]?.fixed) continue;
      if (gap(a, b) <= NEAR * arena.width) pairs.add(`${i}-${j}`);
    }
  return pairs;
}

/** Whether a point lies in a shape or within `reach` of it, in arena units. */
export function near(shape: Shape, point: Point, reach: number): boolean {
  const { x, y, angle } = shape.pose;
  return gap({ points: [point], radius: 0 }, outlineAt(shape, Float64Array.of(x, y, angle))) <= reach;
}

/** A circle is one point with a radius. */
interface Outline {
  readonly points: readonly Point[];
  readonly radius: number;
}

function outlineAt(shape: Shape, [x = 0, y = 0, angle = 0]: Iterable<number>): Outline {
  if (shape.kind === 'circle') return { points: [{ x, y }], radius: shape.radius };
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const points = shape.vertices.map((v) => ({ x: x + cos * v.x - sin * v.y, y: y + sin * v.x + cos * v.y }));
  return { points, radius: 0 };
}

/** Distance between two outlines, at most 0 where they overlap. */
function gap(a: Outline, b: Outline): number {
  const apart = Math.min(
    ...a.points.map((point) => distance(point, b.points)),
    ...b.points.map((point) => distance(point, a.points)),
  );
  return apart - a.radius - b.radius;
}

/** From a point to an outline; 0 inside. */
function distance(point: Point, outline: readonly Point[]): number {
  let nearest = Number.POSITIVE_INFINITY;
  let inside = false;
  for (let i = 0; i < outline.length; i++) {
    const from = outline[i] as Point;
    const to = outline[(i + 1) % outline.length] as Point;
    nearest = Math.min(nearest, toSegment(point, from, to));
    const spans = from.y > point.y !== to.y > point.y;
    if (spans && point.x < from.x + ((point.y - from.y) / (to.y - from.y)) * (to.x - from.x)) inside = !inside;
  }
  return inside ? 0 : nearest;
}

function toSegment({ x, y }: Point, from: Point, to: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / length));
  return Math.hypot(x - from.x - along * dx, y - from.y - along * dy);
}
