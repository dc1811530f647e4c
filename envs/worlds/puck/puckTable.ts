/**
 * The table of `puck`: a square field inside four cushions, the mallet, and what is varied about the puck.
 *
 * The mallet can be brought to every place of the field at which it touches no cushion, the puck likewise; since the
 * mallet is the larger of the two, it cannot get behind a puck that lies at a cushion.
 */
import type { Point } from '../../../shared/scene.ts';
import type { State } from '../../../shared/world.ts';

/** Size of the arena, cushions included, both ways. */
export const arenaSize = 512;

/** How far a cushion reaches into the arena. */
export const cushion = 24;

export const malletRadius = 28;

/** In units of the usual puck's mass. */
export const malletMass = 4;

/** Units that the mallet moves in one physics update at full action, along each axis. */
export const malletSpeed = 6;

/** Physics updates inside one step. */
export const subSteps = 6;

/** What is varied about the puck. */
export interface PuckProperties {
  readonly radius: number;
  /** Beside `malletMass`. */
  readonly mass: number;
  /** Speed after an impact as a share of the speed before it, at cushions and mallet alike. */
  readonly restitution: number;
  /** Share of the puck's speed that is lost in one physics update. */
  readonly airFriction: number;
}

export const usualPuck: PuckProperties = { radius: 22, mass: 1, restitution: 0.9, airFriction: 0.045 };

/** The least and the greatest coordinate, both ways, of the centre of a disc that lies in the field. */
export interface Reach {
  readonly low: number;
  readonly high: number;
}

export function reachOf(radius: number): Reach {
  return { low: cushion + radius, high: arenaSize - cushion - radius };
}

/** Where the mallet can be. */
export const malletReach = reachOf(malletRadius);

/** The nearest point at which a disc lies in the field. */
export function within({ low, high }: Reach, { x, y }: Point): Point {
  return { x: Math.min(high, Math.max(low, x)), y: Math.min(high, Math.max(low, y)) };
}

export function malletOf({ malletX = 0, malletY = 0 }: State): Point {
  return { x: malletX, y: malletY };
}

export function puckOf({ puckX = 0, puckY = 0 }: State): Point {
  return { x: puckX, y: puckY };
}

/** Units per physics update. */
export function velocityOf({ puckVelocityX = 0, puckVelocityY = 0 }: State): Point {
  return { x: puckVelocityX, y: puckVelocityY };
}

export function distanceBetween(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
