/**
 * The numbers of a matter-js constraint that change: matter turns the points at which a constraint holds its bodies
 * step by step, from the angles that it saw last, so what follows depends on them. Length, stiffness and damping are
 * fixed when it is built.
 */
import type Matter from 'matter-js';

/** The fields in question, of which matter's types leave out the angles; a side without a body has no angle. */
interface Turning {
  readonly bodyA: Matter.Body | null;
  readonly bodyB: Matter.Body | null;
  readonly pointA: Matter.Vector | null;
  readonly pointB: Matter.Vector | null;
  angleA: number;
  angleB: number;
}

/** How many numbers `saveConstraint` writes. */
export const constraintCount = 6;

/** Writes the constraint's numbers from index `at` on: points and angles of both sides, 0 where there is none. */
export function saveConstraint(constraint: Matter.Constraint, to: Float64Array, at: number): void {
  const { bodyA, bodyB, pointA, pointB, angleA, angleB } = constraint as unknown as Turning;
  to[at] = pointA?.x ?? 0;
  to[at + 1] = pointA?.y ?? 0;
  to[at + 2] = bodyA ? angleA : 0;
  to[at + 3] = pointB?.x ?? 0;
  to[at + 4] = pointB?.y ?? 0;
  to[at + 5] = bodyB ? angleB : 0;
}

/** Reads back what `saveConstraint` wrote from index `at` on. */
export function loadConstraint(constraint: Matter.Constraint, from: Float64Array, at: number): void {
  const turning = constraint as unknown as Turning;
  loadPoint(turning.pointA, from, at);
  loadPoint(turning.pointB, from, at + 3);
  if (turning.bodyA) turning.angleA = from[at + 2] as number;
  if (turning.bodyB) turning.angleB = from[at + 5] as number;
}

function loadPoint(point: Matter.Vector | null, from: Float64Array, at: number): void {
  if (!point) return;
  point.x = from[at] as number;
  point.y = from[at + 1] as number;
}
