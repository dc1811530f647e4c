/**
 * What drives the craft of `lander`, as accelerations: gravity, a main engine along the craft's own axis, turning
 * thrusters, and drag against air that may move. All are per physics update, so a speed of 1 is 60 units a second.
 *
 * The turning thrusters are a pure couple, and their drag alone keeps the spin within `turn / spinDrag`; they are
 * strong enough to right a craft that lies on its side.
 */
import Matter from 'matter-js';
import { UPDATE_MILLISECONDS } from '../../matter/simulation.ts';
import { groundY } from './landerGeometry.ts';

/** Values of the number factors. */
export interface LanderPhysics {
  /** Downwards, in units/update². */
  readonly gravity: number;
  /** Force of the main engine at full throttle, in mass × units/update². */
  readonly thrust: number;
  readonly mass: number;
  /** Velocity of the air to the right, in units/update. */
  readonly wind: number;
}

/** Physics updates in a step. */
export const updatesPerStep = 8;

/** Share of its velocity through the air that the craft loses in an update. */
export const airDrag = 0.012;

/** Angular acceleration of the turning thrusters at full action and mass 1, in rad/update². */
export const turnAcceleration = 0.006;

/** Share of its spin that the craft loses in an update, beside `airDrag`. */
export const spinDrag = 0.12;

/** Radius of gyration of a craft of size 1, in units. */
export const gyration = 25;

/** Matter integrates a force over the square of the milliseconds of an update. */
const perUpdate = 1 / UPDATE_MILLISECONDS ** 2;

/** Gives the craft its mass, and the inertia of its size. */
export function weigh(craft: Matter.Body, { mass }: LanderPhysics, size: number): void {
  Matter.Body.setMass(craft, mass);
  Matter.Body.setInertia(craft, mass * (gyration * size) ** 2);
}

/** Friction on the ground: share of the craft's weight that it can hold against. */
const friction = 0.8;

/** Share of a touching corner's sliding that friction takes away in an update, as far as the weight allows. */
const grip = 0.9;

/** A corner this near to the ground touches it, in units. */
const touching = 0.3;

/** Applies an action's forces for one update, a main engine of -1 being off; gravity is the physics engine's. */
export function fire(craft: Matter.Body, physics: LanderPhysics, main: number, turn: number): void {
  const force = ((main + 1) / 2) * physics.thrust;
  const { angle, mass, inertia } = craft;
  craft.force.x += (Math.sin(angle) * force + mass * airDrag * physics.wind) * perUpdate;
  craft.force.y -= Math.cos(angle) * force * perUpdate;
  craft.torque += ((turn * turnAcceleration) / mass - spinDrag * craft.angularVelocity) * inertia * perUpdate;
}

/**
 * Applies the friction of the ground to the corners that touch it, each its share. Matter's own takes the wrong lever
 * into account: on a body as light to turn as this one it pumps energy in, and the craft walks over the ground.
 */
export function rub(craft: Matter.Body, { gravity }: LanderPhysics): void {
  const { position, velocity, angularVelocity, mass, inertia } = craft;
  const corners = craft.vertices.filter(({ y }) => y > groundY - touching);
  const most = friction * mass * gravity;
  for (const { y } of corners) {
    const lever = y - position.y;
    const sliding = velocity.x - angularVelocity * lever;
    const stopping = (grip * sliding) / (1 / mass + lever ** 2 / inertia);
    const force = -Math.min(most, Math.max(-most, stopping)) / corners.length;
    craft.force.x += force * perUpdate;
    craft.torque -= force * lever * perUpdate;
  }
}
