/**
 * The plan of `two-room` and the way through it: a wall across the middle with one door.
 *
 * The shortest way is measured for the ball's centre and takes the wall to be thin and the door to be narrower by the
 * ball's radius at either side. The true way around the wall's thickness is longer by some units at most, which no
 * tolerance here resolves.
 */
import type { Point } from '../../../shared/scene.ts';

/** Size of the arena, both ways. */
export const arenaSize = 224;
export const wall = { x: 112, thickness: 10 };

/** What differs from one variation to another; in units. */
export interface FloorPlan {
  readonly ballRadius: number;
  readonly door: { readonly top: number; readonly bottom: number };
}

/** The plan for a ball of the radius and a door of the height around the position. */
export function planOf(ballRadius: number, doorHeight: number, doorPosition: number): FloorPlan {
  return { ballRadius, door: { top: doorPosition - doorHeight / 2, bottom: doorPosition + doorHeight / 2 } };
}

/** The middle of the door. */
export function doorCenter({ door }: FloorPlan): Point {
  return { x: wall.x, y: (door.top + door.bottom) / 2 };
}

/** The left or the right room. */
export function roomOf(point: Point): 'left' | 'right' {
  return point.x < wall.x ? 'left' : 'right';
}

/** Length of the shortest way between two points, through the door if they lie in different rooms; in units. */
export function wayLength({ door, ballRadius }: FloorPlan, from: Point, to: Point): number {
  if (roomOf(from) === roomOf(to)) return Math.hypot(to.x - from.x, to.y - from.y);
  const share = (wall.x - from.x) / (to.x - from.x);
  const crossing = from.y + (to.y - from.y) * share;
  const y = Math.min(door.bottom - ballRadius, Math.max(door.top + ballRadius, crossing));
  return Math.hypot(wall.x - from.x, y - from.y) + Math.hypot(to.x - wall.x, to.y - y);
}
