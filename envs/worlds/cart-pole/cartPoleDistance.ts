/**
 * How far a motion of `cart-pole` is from standing upright and at rest over a place: what its script and an oracle plan
 * with, looking a few steps ahead.
 *
 * Far from upright, what counts is the pole's energy (Åström and Furuta 2000, Swinging up a pendulum by energy
 * control): with that of rest upright it comes up by itself. Near upright, what counts is the cost of regulation. The
 * distance is about the smaller of the two, and 0 at the goal alone.
 */
import { type CartPoleBody, type Motion, rail } from './cartPolePhysics.ts';
import { createUprightCost } from './uprightCost.ts';

/** What the parts count: energy off in units of the pole's weight times its height, tilt, and place in half rails. */
const weights = { energy: 4, tilt: 2, place: 1, regulation: 0.5 };

/** What a pole that swings through upright, with the right energy, is still off. */
const leastFar = 3;

/** The distance by motion and place, for actions held for `updates` physics updates. */
export function createCartPoleDistance(
  body: CartPoleBody,
  updates: number,
): (motion: Motion, placeX: number) => number {
  const uprightCost = createUprightCost(body, updates);
  const halfRail = (rail.right - rail.left) / 2;
  return (motion, placeX) => {
    const height = Math.cos(motion.poleAngle) - 1;
    const energy = (motion.poleVelocity * body.fallTime) ** 2 / 2 + height;
    const place = Math.abs(motion.cartX - placeX) / halfRail;
    const far = weights.energy * Math.abs(energy) - weights.tilt * height + weights.place * place + leastFar;
    const near2 = weights.regulation ** 2 * uprightCost(motion, placeX);
    const far2 = far * far;
    // Of near and far the power mean of exponent -4, but for a factor: at most the smaller, and at least 0.84 of it.
    return Math.sqrt((near2 * far2) / Math.sqrt(near2 * near2 + far2 * far2));
  };
}
