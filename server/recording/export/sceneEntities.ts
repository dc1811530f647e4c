/**
 * A world's scene as entities of `foxglove.SceneUpdate`: what is flat and seen from above becomes flat in the plane
 * z = 0, in arena units. Foxglove's y axis points up on the screen and the arena's points down, so y and angles change
 * their sign; shapes that are drawn later lie a little higher.
 */
import type { Point, Scene, Shape } from '../../../shared/scene.ts';
import type { WorldSpec } from '../../../shared/world.ts';
import type { Message } from './messageType.ts';
import { triangulate } from './triangulate.ts';

/** Name of the frame of reference of pictures and scenes. */
export const FRAME_ID = 'arena';

/** How much higher each shape lies than the one before, as a share of the arena's width. */
const LAYER = 1e-3;

/** The arena and every shape, each an entity with its name. */
export function sceneEntities(
  scene: Scene,
  { arena, background }: Pick<WorldSpec, 'arena' | 'background'>,
  timestamp: Message,
): Message[] {
  const layer = LAYER * arena.width;
  const names = new Set<string>();
  const floor = floorOf(arena, background, layer);
  return [entity('background', timestamp, floor)].concat(
    scene.map((shape, i) => {
      const id = names.has(shape.name) ? `${shape.name} ${i}` : shape.name;
      names.add(id);
      return entity(id, timestamp, primitiveOf(shape, (i + 1) * layer, layer));
    }),
  );
}

function entity(id: string, timestamp: Message, primitives: Message): Message {
  return {
    timestamp,
    frame_id: FRAME_ID,
    id,
    lifetime: { seconds: 0, nanos: 0 },
    frame_locked: true,
    ...primitives,
  };
}

function floorOf({ width, height }: WorldSpec['arena'], background: string, thickness: number): Message {
  return {
    cubes: [
      {
        pose: poseAt(width / 2, height / 2, 0, -thickness / 2),
        size: { x: width, y: height, z: thickness },
        color: colorOf(background),
      },
    ],
  };
}

function primitiveOf(shape: Shape, z: number, thickness: number): Message {
  const { x, y, angle } = shape.pose;
  const pose = poseAt(x, y, angle, z);
  const color = colorOf(shape.color);
  if (shape.kind === 'circle') {
    const size = { x: 2 * shape.radius, y: 2 * shape.radius, z: thickness / 2 };
    return { cylinders: [{ pose, size, bottom_scale: 1, top_scale: 1, color }] };
  }
  const points = shape.vertices.map((vertex: Point) => ({ x: vertex.x, y: mirrored(vertex.y), z: 0 }));
  return { triangles: [{ pose, points, color, indices: triangulate(shape.vertices) }] };
}

function poseAt(x: number, y: number, angle: number, z: number): Message {
  const half = mirrored(angle) / 2;
  return {
    position: { x, y: mirrored(y), z },
    orientation: { x: 0, y: 0, z: Math.sin(half), w: Math.cos(half) },
  };
}

/** The other way round, without making a -0 of 0. */
function mirrored(value: number): number {
  return 0 - value;
}

function colorOf(hex: string): Message {
  const channel = (at: number): number => Number.parseInt(hex.slice(at, at + 2), 16) / 255;
  return { r: channel(1), g: channel(3), b: channel(5), a: 1 };
}
