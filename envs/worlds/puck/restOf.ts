/**
 * Where a gliding puck comes to rest if nobody touches it, in closed form. Air friction takes the same share of the
 * speed in every update, so the way ahead is a geometric series, each axis for itself; at a cushion what is left of it
 * is turned back and shortened by the restitution.
 */
import type { Point } from '../../../shared/scene.ts';
import type { State } from '../../../shared/world.ts';
import { type PuckProperties, puckOf, reachOf, velocityOf } from './puckTable.ts';

/** Cushions met on one way along one axis after which its end is no longer followed. */
const mostBounces = 1000;

/** The puck's place of rest, whatever the mallet's place. */
export function restOf(state: State, { radius, restitution, airFriction }: PuckProperties): Point {
  const [place, velocity] = [puckOf(state), velocityOf(state)];
  const { low, high } = reachOf(radius);
  const ahead = (1 - airFriction) / airFriction;
  const rest = (from: number, speed: number) => folded(from + speed * ahead, low, high, restitution);
  return { x: rest(place.x, velocity.x), y: rest(place.y, velocity.y) };
}

/** The end of a way along one axis, turned back at `low` and `high` until it lies between them. */
function folded(end: number, low: number, high: number, restitution: number): number {
  let folded = end;
  for (let bounces = 0; bounces < mostBounces && (folded < low || folded > high); bounces++) {
    const wall = folded < low ? low : high;
    folded = wall - (folded - wall) * restitution;
  }
  return Math.min(high, Math.max(low, folded));
}
