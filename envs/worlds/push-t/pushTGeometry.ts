/**
 * The T of `push-t` and what can be measured on it: a bar of 120×30 with a stem of 30×90 hanging from its middle, drawn
 * as a T when its angle is 0.
 *
 * Its origin is the centre of mass of the two rectangles at equal density, 25.7 units below the bar's middle; `blockX`
 * and `blockY` are that point.
 */
import type { Point } from '../../../shared/scene.ts';
import type { State } from '../../../shared/world.ts';

interface Rectangle {
  readonly center: Point;
  readonly width: number;
  readonly height: number;
}

const barArea = 120 * 30;
const stemArea = 30 * 90;
/** From the middle of the bar down to the middle of the stem. */
const barToStem = 15 + 45;
const barToOrigin = (stemArea * barToStem) / (barArea + stemArea);

/** Both rectangles relative to the block's origin, at angle 0. */
export const bar: Rectangle = { center: { x: 0, y: -barToOrigin }, width: 120, height: 30 };
export const stem: Rectangle = { center: { x: 0, y: barToStem - barToOrigin }, width: 30, height: 90 };

/** Size of the arena, both ways. */
export const arenaSize = 512;

/** A point given relative to the block, in arena units. */
export function onBlock(state: State, local: Point): Point {
  const { blockX = 0, blockY = 0, blockAngle = 0 } = state;
  const cos = Math.cos(blockAngle);
  const sin = Math.sin(blockAngle);
  return { x: blockX + cos * local.x - sin * local.y, y: blockY + sin * local.x + cos * local.y };
}

/** How far the point lies outside the block, in units; 0 inside it. */
export function distanceToBlock(state: State, point: Point): number {
  const { blockX = 0, blockY = 0, blockAngle = 0 } = state;
  const cos = Math.cos(blockAngle);
  const sin = Math.sin(blockAngle);
  const dx = point.x - blockX;
  const dy = point.y - blockY;
  const local = { x: cos * dx + sin * dy, y: cos * dy - sin * dx };
  return Math.min(distanceToRectangle(bar, local), distanceToRectangle(stem, local));
}

function distanceToRectangle({ center, width, height }: Rectangle, point: Point): number {
  const outsideX = Math.max(0, Math.abs(point.x - center.x) - width / 2);
  const outsideY = Math.max(0, Math.abs(point.y - center.y) - height / 2);
  return Math.hypot(outsideX, outsideY);
}
