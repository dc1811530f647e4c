/** Angles that wrap around at ±π. */

const TURN = 2 * Math.PI;

/** The same angle within [-π, π], in radians; an angle already there is returned to the bit. */
export function wrapAngle(angle: number): number {
  return Math.abs(angle) <= Math.PI ? angle : angle - TURN * Math.round(angle / TURN);
}

/** The unsigned angle between two directions, in radians from 0 to π. */
export function angleBetween(a: number, b: number): number {
  return Math.abs(wrapAngle(a - b));
}
