/**
 * The cart and pole of a mechanics textbook, for the tests of `cart-pole`: Lagrange's equations as Florian writes them
 * (2007, Correct equations for the dynamics of the cart-pole system), the cart's acceleration eliminated from both, and
 * integrated by the classical rule of Runge and Kutta with steps so small that their error doesn't show.
 *
 * It shares nothing with the world but the numbers: not the mechanics, nor the rule, nor the code.
 */
import type { State } from '../../shared/world.ts';

/** Place of the cart, its velocity, angle of the pole from upright, its velocity: units, radians and updates. */
export type Phase = readonly [x: number, v: number, angle: number, spin: number];

export interface TextbookNumbers {
  readonly poleLength: number;
  readonly bobMass: number;
  readonly gravity: number;
  readonly motorForce: number;
  readonly railFriction: number;
}

export const usual: TextbookNumbers = {
  poleLength: 64,
  bobMass: 0.2,
  gravity: 0.24,
  motorForce: 0.2,
  railFriction: 0.01,
};

const [cartMass, rodMass, bobRadius] = [1, 0.1, 15];

/** Total mass, the pole's first moment and its moment of inertia about the pin: a thin rod, and a disc at its end. */
export function massesOf({ poleLength, bobMass }: TextbookNumbers) {
  return {
    total: cartMass + rodMass + bobMass,
    moment: poleLength * (rodMass / 2 + bobMass),
    inertia: (rodMass * poleLength ** 2) / 3 + bobMass * poleLength ** 2 + (bobMass * bobRadius ** 2) / 2,
  };
}

/** Kinetic and potential energy, from rest upright. */
export function energyAt([, v, angle, spin]: Phase, numbers: TextbookNumbers): number {
  const { total, moment, inertia } = massesOf(numbers);
  const kinetic = (total * v * v) / 2 + moment * v * spin * Math.cos(angle) + (inertia * spin * spin) / 2;
  return kinetic - moment * numbers.gravity * (1 - Math.cos(angle));
}

/** The change of each number under a force on the cart. */
function slope([, v, angle, spin]: Phase, force: number, numbers: TextbookNumbers, pinned: boolean): Phase {
  const { total, moment, inertia } = massesOf(numbers);
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const fall = (moment * numbers.gravity * sin) / inertia;
  const drive = force - numbers.railFriction * v + moment * (spin * spin * sin - fall * cos);
  const cart = pinned ? 0 : drive / (total - (moment * cos) ** 2 / inertia);
  return [v, cart, spin, fall - (moment * cos * cart) / inertia];
}

/** The phase some updates later under an action; `pinned` holds the cart where it is, and leaves a pendulum. */
export function textbookMotion(
  from: Phase,
  action: number,
  updates: number,
  numbers: TextbookNumbers = usual,
  pinned = false,
): Phase {
  const count = Math.ceil(updates * 40);
  const dt = updates / count;
  const at = (phase: Phase) => slope(phase, action * numbers.motorForce, numbers, pinned);
  let now = from;
  for (let i = 0; i < count; i++) {
    const first = at(now);
    const second = at(moved(now, first, dt / 2));
    const third = at(moved(now, second, dt / 2));
    const fourth = at(moved(now, third, dt));
    now = moved(moved(moved(moved(now, first, dt / 6), second, dt / 3), third, dt / 3), fourth, dt / 6);
  }
  return now;
}

function moved([x, v, angle, spin]: Phase, by: Phase, share: number): Phase {
  return [x + share * by[0], v + share * by[1], angle + share * by[2], spin + share * by[3]];
}

/**
 * The phase of a state that goes on under an action. Verlet's rule knows velocities half an update before the places,
 * and that is also when an action begins to act.
 */
export function phaseOf(state: State, action: number, numbers: TextbookNumbers = usual, pinned = false): Phase {
  const { cartX = 0, cartVelocity = 0, poleAngle = 0, poleVelocity = 0 } = state;
  let now: Phase = [cartX, cartVelocity, poleAngle, poleVelocity];
  // The acceleration depends on the velocities: to the fixed point.
  for (let i = 0; i < 20; i++) {
    const [, cart, , pole] = slope(now, action * numbers.motorForce, numbers, pinned);
    now = [cartX, cartVelocity + cart / 2, poleAngle, poleVelocity + pole / 2];
  }
  return now;
}
