/**
 * Flies the craft of `lander` for whoever knows where to: from a velocity that is wanted to an action, by tilting the
 * engine towards the acceleration that is missing. It knows the true numbers of the physics, wind included. A craft on
 * its side is righted first, with the engine off.
 */
import type { Point } from '../../../shared/scene.ts';
import type { Action } from '../../../shared/space.ts';
import type { State } from '../../../shared/world.ts';
import { wrapAngle } from '../../angle.ts';
import { airDrag, type LanderPhysics, spinDrag, turnAcceleration, updatesPerStep } from './landerPhysics.ts';

/** Share of the missing velocity that is made good in an update. */
const response = 0.08;

/** Updates for which the present tilt is expected to go on accelerating the craft: so long does turning back take. */
const lead = 14;

/** Least lift of the engine, as a share of gravity, so that a tilt has something to push with. */
const leastLift = 0.5;

/** Most tilt away from where the engine holds against the wind, in radians. */
const steepest = 1;

/** Tilt at which the engine is off until the craft is upright again, in radians. */
const lost = 1.2;

/** Spin wanted for each radian that the tilt is off, per update. */
const turnRate = 0.06;

/** Share of its spin that the craft keeps over a step without thrust. */
const spinKept = (1 - spinDrag - airDrag) ** updatesPerStep;

/** Approach of a point: velocity for each unit to go, and the deceleration to reckon with (units/update²). */
const approach = { rate: 0.03, braking: { x: 0.02, y: 0.03 } };

/** The action that brings the craft's velocity (units/update) towards the wanted one. */
export function steer(state: State, wanted: Point, { gravity, thrust, mass, wind }: LanderPhysics): Action {
  const { landerAngle = 0, landerSpin = 0, landerVelocityX = 0, landerVelocityY = 0 } = state;
  const lean = Math.atan2(-airDrag * wind, gravity);
  const comingX = landerVelocityX + lead * gravity * Math.sin(landerAngle - lean);
  const sideways = response * (wanted.x - comingX) + airDrag * (landerVelocityX - wind);
  const upwards = gravity - response * (wanted.y - landerVelocityY) - airDrag * landerVelocityY;
  const lift = Math.max(leastLift * gravity, upwards);
  const tilt = lean + bounded(Math.atan2(sideways, lift) - lean, steepest);
  const spin = turnRate * wrapAngle(tilt - landerAngle);
  const turn = bounded((mass * turnFor(spin, landerSpin)) / turnAcceleration, 1);
  if (Math.abs(landerAngle) > lost) return [-1, turn];
  const throttle = (mass * lift) / (thrust * Math.cos(landerAngle));
  return [bounded(2 * throttle - 1, 1), turn];
}

/** The angular acceleration, held for a step, after which the spin is as wanted. */
function turnFor(wanted: number, spin: number): number {
  return ((spinDrag + airDrag) * (wanted - spinKept * spin)) / (1 - spinKept);
}

/** The velocity that comes to rest at a point, at most `fastest` along each axis, in units/update. */
export function velocityTowards({ landerX = 0, landerY = 0 }: State, point: Point, fastest: number): Point {
  const along = (way: number, braking: number) =>
    Math.sign(way) * Math.min(fastest, approach.rate * Math.abs(way), Math.sqrt(2 * braking * Math.abs(way)));
  return { x: along(point.x - landerX, approach.braking.x), y: along(point.y - landerY, approach.braking.y) };
}

export interface Landing {
  /** Where to stand. */
  readonly x: number;
  /** `landerY` of a craft that stands. */
  readonly standingY: number;
  /** Least speed of the descent to the ground, in units/update. */
  readonly touchdown: number;
}

/** While the craft is further away than this, in units, it keeps to a height, which falls to the least as it nears. */
const corridor = { opening: 16, least: 40, most: 90 };

/** Updates ahead for which the craft must stay within the corridor's opening to go down. */
const foresight = 20;

/** Height above standing, in units, and the tilt, in radians, below which the engine is cut to touch down. */
const cut = { height: 10, tilt: 0.4 };

/** The action that brings the craft to stand at a place: first over it, then down. */
export function land(state: State, { x, standingY, touchdown }: Landing, physics: LanderPhysics): Action {
  const { landerX = 0, landerY = 0, landerAngle = 0, landerVelocityX = 0 } = state;
  const height = standingY - landerY;
  const off = Math.abs(landerX + foresight * landerVelocityX - x);
  if (off >= corridor.opening) {
    const keep = Math.min(corridor.most, corridor.least + off - corridor.opening);
    return steer(state, velocityTowards(state, { x, y: standingY - keep }, 3), physics);
  }
  if (height < cut.height && Math.abs(landerAngle) < cut.tilt) return [-1, 0];
  const velocity = velocityTowards(state, { x, y: standingY }, 3);
  return steer(state, { x: velocity.x, y: Math.max(velocity.y, touchdown) }, physics);
}

/** The value, cut to ±limit. */
function bounded(value: number, limit: number): number {
  return Math.min(limit, Math.max(-limit, value));
}
