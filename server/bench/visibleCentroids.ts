/**
 * Where things truly are in the frame, from the scene's geometry: centroid and area, in pixels, of what is visible of
 * each colour. Sixteen points a pixel ask which shape lies on top, so that a part hidden under another counts as the
 * frame shows it. It is the truth that the physical readout of pictures is measured against.
 */
import { FRAME_SIZE } from '../../shared/frame.ts';
import type { Point, Scene, Shape } from '../../shared/scene.ts';
import type { WorldSpec } from '../../shared/world.ts';

/** Centre of mass, in pixels from the frame's top left corner, and area in pixels. */
export interface Blob {
  readonly x: number;
  readonly y: number;
  readonly area: number;
}

/** Sample points along the side of a pixel. */
const SAMPLES = 4;

/** One blob for each of `spec.objects`; `undefined` where nothing of its colour is visible. */
export function visibleCentroids(
  scene: Scene,
  { arena, objects }: Pick<WorldSpec, 'arena' | 'objects'>,
): (Blob | undefined)[] {
  const sums = objects.map(() => ({ x: 0, y: 0, count: 0 }));
  const indexOf = new Map(objects.map(({ color }, i) => [color.toLowerCase(), i]));
  const inside = scene.map(insideTest).reverse();
  const owner = scene.map(({ color }) => indexOf.get(color.toLowerCase())).reverse();
  const side = FRAME_SIZE * SAMPLES;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const [x, y] = [(column + 0.5) / SAMPLES, (row + 0.5) / SAMPLES];
      const top = topmost(inside, (x * arena.width) / FRAME_SIZE, (y * arena.height) / FRAME_SIZE);
      const sum = top < 0 ? undefined : sums[owner[top] ?? -1];
      if (!sum) continue;
      sum.x += x;
      sum.y += y;
      sum.count++;
    }
  }
  return sums.map(({ x, y, count }) =>
    count === 0 ? undefined : { x: x / count, y: y / count, area: count / SAMPLES ** 2 },
  );
}

type Inside = (x: number, y: number) => boolean;

function topmost(inside: readonly Inside[], x: number, y: number): number {
  for (let i = 0; i < inside.length; i++) if (inside[i]?.(x, y)) return i;
  return -1;
}

function insideTest(shape: Shape): Inside {
  const { pose } = shape;
  if (shape.kind === 'circle') {
    const squared = shape.radius ** 2;
    return (x, y) => (x - pose.x) ** 2 + (y - pose.y) ** 2 <= squared;
  }
  const [cos, sin] = [Math.cos(pose.angle), Math.sin(pose.angle)];
  const corners = shape.vertices.map(({ x, y }) => ({ x: pose.x + cos * x - sin * y, y: pose.y + sin * x + cos * y }));
  const [left, right] = [Math.min(...corners.map(({ x }) => x)), Math.max(...corners.map(({ x }) => x))];
  const [top, bottom] = [Math.min(...corners.map(({ y }) => y)), Math.max(...corners.map(({ y }) => y))];
  return (x, y) => x >= left && x <= right && y >= top && y <= bottom && insidePolygon(corners, x, y);
}

/** Even-odd rule. */
function insidePolygon(corners: readonly Point[], x: number, y: number): boolean {
  let inside = false;
  let before = corners[corners.length - 1] as Point;
  for (const corner of corners) {
    if (
      corner.y > y !== before.y > y &&
      x < before.x + ((y - before.y) * (corner.x - before.x)) / (corner.y - before.y)
    )
      inside = !inside;
    before = corner;
  }
  return inside;
}
