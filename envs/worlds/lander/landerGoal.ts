/**
 * What counts as landed in `lander`, and how far a state is from it.
 *
 * The craft must stand in its place on the pad, upright and at rest: to pass through the right place is no landing. The
 * distance leads a look-ahead that is shorter than the way: it asks for a height to fly at until the pad is near, and
 * for a velocity that falls with what is left to go, so that the craft neither drags its feet nor brakes too late.
 */
import type { Point } from '../../../shared/scene.ts';
import type { State } from '../../../shared/world.ts';
import { angleBetween } from '../../angle.ts';

/** Most that a landed craft may be off, twice what `strict` allows; `place` is a share of the pad's width. */
const tolerance = { place: 0.25, height: 8, angle: (15 * Math.PI) / 180, speed: 0.5, spin: 0.02 };

/** The path asked for: on the ground within the opening (in units to either side), then up at 45° to the height. */
const glide = { opening: 14, height: 80 };

/** Velocity asked for: for each unit to go, per update, and the most along each axis, in units/update. */
const approach = { rate: 0.03, fastest: 3 };

/** Units that a unit/update and a radian off are worth. */
const worth = { velocity: 20, angle: 40 };

/** Whether the craft stands as in the goal; `strict` halves every tolerance. */
export function hasLanded(state: State, goal: State, padWidth: number, strict: boolean): boolean {
  const share = strict ? 0.5 : 1;
  const { landerAngle = 0, landerVelocityX = 0, landerVelocityY = 0, landerSpin = 0 } = state;
  const { x, y } = wayTo(goal, state);
  return (
    Math.abs(x) <= tolerance.place * padWidth * share &&
    Math.abs(y) <= tolerance.height * share &&
    angleBetween(landerAngle, goal.landerAngle ?? 0) <= tolerance.angle * share &&
    Math.hypot(landerVelocityX, landerVelocityY) <= tolerance.speed * share &&
    Math.abs(landerSpin) <= tolerance.spin * share
  );
}

/**
 * Units off the pad's middle and off the glide path, plus what the velocity and the angle that are off are worth; 0
 * when landed.
 */
export function landingDistance(state: State, goal: State): number {
  const { landerAngle = 0, landerVelocityX = 0, landerVelocityY = 0 } = state;
  const { x, y } = wayTo(goal, state);
  const toPath = y - Math.min(glide.height, Math.max(0, Math.abs(x) - glide.opening));
  const velocityOff = Math.hypot(landerVelocityX - velocityFor(x), landerVelocityY - velocityFor(toPath));
  const angleOff = angleBetween(landerAngle, goal.landerAngle ?? 0);
  return Math.abs(x) + Math.abs(toPath) + worth.velocity * velocityOff + worth.angle * angleOff;
}

function wayTo(goal: State, { landerX = 0, landerY = 0 }: State): Point {
  return { x: (goal.landerX ?? 0) - landerX, y: (goal.landerY ?? 0) - landerY };
}

/** The velocity asked for where so many units are to go, in units/update. */
function velocityFor(toGo: number): number {
  return Math.min(approach.fastest, Math.max(-approach.fastest, approach.rate * toGo));
}
