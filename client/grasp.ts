/**
 * Taking hold of what the physics view shows: from a place on the page to a point of the arena, from there to a shape,
 * and from where one shape is carried to where all that move with it go, as one rigid thing.
 */
import type { ServerMessageOf } from '../shared/protocol/control.ts';
import type { GripMessage } from '../shared/protocol/scenes.ts';
import type { Point, Pose } from '../shared/scene.ts';
import { near } from './timeline/contacts.ts';

type EpisodeMessage = ServerMessageOf<'episode'>;
type Shape = EpisodeMessage['scene'][number];

/** Share of the arena's longer side by which a pointer may miss a shape. */
const REACH = 0.03;

/** A shape in somebody's hand: where it was and where it was taken hold of. */
export interface Grasp {
  readonly shape: number;
  readonly grip: GripMessage;
  readonly from: Pose;
  readonly at: Point;
}

/** The point of the arena at a place of the page; the view shows the whole arena, centred in a square. */
export function arenaPoint(
  { left, top, width: size }: Pick<DOMRect, 'left' | 'top' | 'width'>,
  { width, height }: EpisodeMessage['arena'],
  place: { readonly clientX: number; readonly clientY: number },
): Point {
  const side = Math.max(width, height);
  const across = (offset: number) => (offset / size) * side;
  return {
    x: across(place.clientX - left) + (width - side) / 2,
    y: across(place.clientY - top) + (height - side) / 2,
  };
}

/** Takes hold of the uppermost shape at the point that one of the grips moves. */
export function graspAt(
  shapes: readonly Shape[],
  grips: readonly GripMessage[],
  { width, height }: EpisodeMessage['arena'],
  at: Point,
): Grasp | undefined {
  const reach = REACH * Math.max(width, height);
  for (const within of [0, reach]) {
    for (let shape = shapes.length - 1; shape >= 0; shape--) {
      const grip = grips.find((each) => each.shapes.includes(shape));
      const body = shapes[shape];
      if (grip !== undefined && body !== undefined && near(body, at, within))
        return { shape, grip, from: body.pose, at };
    }
  }
  return undefined;
}

/** Where the shape is when the hand is at a point and has turned by so many radians, about itself. */
export function heldPose({ grip, from, at }: Grasp, to: Point, turned: number): Pose {
  const turn = grip.turns ? turned : 0;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const [x, y] = [from.x - at.x, from.y - at.y];
  return {
    x: grip.x ? to.x + cos * x - sin * y : from.x,
    y: grip.y ? to.y + sin * x + cos * y : from.y,
    angle: from.angle + turn,
  };
}

/** The poses of all shapes of the grip, by place in the scene, when the one in the hand is at `to`. */
export function carriedPoses(shapes: readonly Shape[], { grip, from }: Grasp, to: Pose): Map<number, Pose> {
  const turn = to.angle - from.angle;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return new Map(
    grip.shapes.map((i) => {
      const { x, y, angle } = shapes[i]?.pose ?? from;
      const [dx, dy] = [x - from.x, y - from.y];
      return [i, { x: to.x + cos * dx - sin * dy, y: to.y + sin * dx + cos * dy, angle: angle + turn }];
    }),
  );
}
