/**
 * The impacts of mallet, puck and cushions within one physics update, by the textbook law for smooth discs (Newton's
 * restitution along the line of centres, nothing across it; momentum is conserved), each at the very moment of contact.
 *
 * They are not left to matter's contacts: its circles are polygons of at most 26 sides, so that a stroke would send the
 * puck in one of 26 directions only; it bounces by the restitution above a speed of 2 units an update and hardly below;
 * and what moves fast goes through. Here nothing is too fast, aim is continuous, and no contact is remembered, so that
 * the state says all.
 */
import type { Point } from '../../../shared/scene.ts';
import { malletMass, malletRadius, malletReach, type PuckProperties, type Reach, reachOf } from './puckTable.ts';

/** A disc's centre, and what it moves by in one update if nothing is in its way. */
export interface Disc {
  readonly place: Point;
  readonly velocity: Point;
}

export interface Discs {
  readonly mallet: Disc;
  readonly puck: Disc;
}

/** Something that will happen: when, as a share of the update, and the velocities after it. */
interface Impact {
  readonly time: number;
  readonly velocities: Readonly<Record<keyof Discs, Point>>;
}

/** Impacts in one update after which both discs wait for the next: only a puck that is being squeezed has so many. */
const mostImpacts = 16;

/** The discs one update later, and how many impacts there were. Discs that don't overlap never come to. */
export function glide(before: Discs, properties: PuckProperties): Discs & { readonly impacts: number } {
  let discs = before;
  let left = 1;
  for (let impacts = 0; impacts < mostImpacts; impacts++) {
    const impact = firstImpact(discs, properties, left);
    if (!impact) return { ...moved(discs, left), impacts };
    const { mallet, puck } = moved(discs, impact.time);
    discs = {
      mallet: { place: mallet.place, velocity: impact.velocities.mallet },
      puck: { place: puck.place, velocity: impact.velocities.puck },
    };
    left -= impact.time;
  }
  return { ...discs, impacts: mostImpacts };
}

function moved({ mallet, puck }: Discs, time: number): Discs {
  return { mallet: movedOne(mallet, time), puck: movedOne(puck, time) };
}

function movedOne({ place, velocity }: Disc, time: number): Disc {
  return { place: { x: place.x + velocity.x * time, y: place.y + velocity.y * time }, velocity };
}

/** The first impact within the time left, if there is any. */
function firstImpact(discs: Discs, properties: PuckProperties, left: number): Impact | undefined {
  const { mallet, puck } = discs;
  const puckReach = reachOf(properties.radius);
  let first = strike(discs, properties);
  for (const axis of ['x', 'y'] as const) {
    const malletTime = timeToCushion(mallet, axis, malletReach);
    if (malletTime < (first?.time ?? left)) {
      first = { time: malletTime, velocities: { mallet: rebound(mallet, axis, 0), puck: puck.velocity } };
    }
    const puckTime = timeToCushion(puck, axis, puckReach);
    if (puckTime < (first?.time ?? left)) {
      const velocity = rebound(puck, axis, properties.restitution);
      first = { time: puckTime, velocities: { mallet: mallet.velocity, puck: velocity } };
    }
  }
  return first && first.time < left ? first : undefined;
}

/** Infinite for a disc that doesn't move that way. */
function timeToCushion({ place, velocity }: Disc, axis: 'x' | 'y', { low, high }: Reach): number {
  const speed = velocity[axis];
  if (speed === 0) return Number.POSITIVE_INFINITY;
  return Math.max(0, ((speed < 0 ? low : high) - place[axis]) / speed);
}

/** The velocity after a cushion across the axis. */
function rebound({ velocity }: Disc, axis: 'x' | 'y', restitution: number): Point {
  // Not -0, which a state would tell from 0.
  return { ...velocity, [axis]: 0 - restitution * velocity[axis] };
}

/** When the centres come as near as the radii allow, if they ever do. */
function strike({ mallet, puck }: Discs, { radius, mass, restitution }: PuckProperties): Impact | undefined {
  const apart = { x: puck.place.x - mallet.place.x, y: puck.place.y - mallet.place.y };
  const closing = { x: puck.velocity.x - mallet.velocity.x, y: puck.velocity.y - mallet.velocity.y };
  const approach = apart.x * closing.x + apart.y * closing.y;
  if (approach >= 0) return undefined;
  const squaredSpeed = closing.x ** 2 + closing.y ** 2;
  const excess = apart.x ** 2 + apart.y ** 2 - (radius + malletRadius) ** 2;
  const discriminant = approach ** 2 - squaredSpeed * excess;
  if (discriminant < 0) return undefined;
  const time = Math.max(0, (-approach - Math.sqrt(discriminant)) / squaredSpeed);
  const line = { x: apart.x + closing.x * time, y: apart.y + closing.y * time };
  const length = Math.hypot(line.x, line.y);
  const [x, y] = [line.x / length, line.y / length];
  const impulse = (-(1 + restitution) * (closing.x * x + closing.y * y)) / (1 / mass + 1 / malletMass);
  const kicked = ({ velocity }: Disc, share: number) => ({ x: velocity.x + share * x, y: velocity.y + share * y });
  return { time, velocities: { mallet: kicked(mallet, -impulse / malletMass), puck: kicked(puck, impulse / mass) } };
}
