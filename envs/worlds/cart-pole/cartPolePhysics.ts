/**
 * The mechanics of `cart-pole`: a cart on a rail, and hinged to it a rod with a bob at its end. Units are those of the
 * arena and of physics updates; the pole's angle is 0 upright and grows clockwise on the screen.
 *
 * With total mass M, the pole's mass m, its centre of mass at c from the pin and its inertia I about the pin,
 * Lagrange's equations are (Florian 2007, Correct equations for the dynamics of the cart-pole system, with friction on
 * the rail only)
 *
 *   M x″ + m c (θ″ cos θ − θ′² sin θ) = force − friction x′,      I θ″ + m c x″ cos θ = m c g sin θ.
 */
import type { State } from '../../../shared/world.ts';
import { wrapAngle } from '../../angle.ts';

/** Radius of the bob, in units. */
export const bobRadius = 15;

/** The cart's middle moves along y from `left` to `right`, in units. */
export const rail = { y: 160, left: 85, right: 235, middle: 160 };

const cartMass = 1;
const rodMass = 0.1;

/** Numbers that the mechanics depend on: the world's factors. */
export interface CartPoleNumbers {
  /** From the pin to the middle of the bob, in units. */
  readonly poleLength: number;
  readonly bobMass: number;
  /** Units per update². */
  readonly gravity: number;
  /** Force at full action, in mass units times units per update². */
  readonly motorForce: number;
  /** Braking force per speed of the cart, in mass units per update. */
  readonly railFriction: number;
}

/** What follows from the numbers once and for all. */
export interface CartPoleBody extends CartPoleNumbers {
  readonly cartMass: number;
  readonly poleMass: number;
  readonly totalMass: number;
  /** From the pin to the pole's centre of mass, in units. */
  readonly centre: number;
  /** Mass of the pole times `centre`. */
  readonly firstMoment: number;
  /** Of the pole about the pin. */
  readonly inertia: number;
  /** Updates in which the upright pole's fall grows by a factor of e, the cart being held. */
  readonly fallTime: number;
}

/** The four quantities of a state. */
export interface Motion {
  readonly cartX: number;
  /** Units per update. */
  readonly cartVelocity: number;
  /** Within ±π, 0 upright. */
  readonly poleAngle: number;
  /** Radians per update. */
  readonly poleVelocity: number;
}

export function motionOf({ cartX = 0, cartVelocity = 0, poleAngle = 0, poleVelocity = 0 }: State): Motion {
  return { cartX, cartVelocity, poleAngle, poleVelocity };
}

export function cartPoleBody(numbers: CartPoleNumbers): CartPoleBody {
  const { poleLength, bobMass, gravity } = numbers;
  const poleMass = rodMass + bobMass;
  const firstMoment = (rodMass * poleLength) / 2 + bobMass * poleLength;
  const inertia = (rodMass * poleLength ** 2) / 3 + bobMass * (poleLength ** 2 + bobRadius ** 2 / 2);
  return {
    ...numbers,
    cartMass,
    poleMass,
    totalMass: cartMass + poleMass,
    centre: firstMoment / poleMass,
    firstMoment,
    inertia,
    fallTime: Math.sqrt(inertia / (gravity * firstMoment)),
  };
}

export interface Acceleration {
  /** Units per update². */
  readonly cart: number;
  /** Radians per update². */
  readonly pole: number;
}

/**
 * Accelerations under an action in [-1, 1]. Verlet's rule knows velocities half an update before the positions; what
 * depends on velocities is taken at the positions' time, by one correction, without which swings would gain or lose
 * energy.
 */
export function accelerations(body: CartPoleBody, motion: Motion, action: number): Acceleration {
  const { totalMass, firstMoment, inertia, gravity, motorForce, railFriction } = body;
  const { cartVelocity, poleVelocity } = motion;
  const sin = Math.sin(motion.poleAngle);
  const coupling = firstMoment * Math.cos(motion.poleAngle);
  const weight = firstMoment * gravity * sin;
  const determinant = totalMass * inertia - coupling ** 2;
  const force = action * motorForce;
  let cart = 0;
  let pole = 0;
  for (let pass = 0; pass < 2; pass++) {
    const turning = poleVelocity + pole / 2;
    const push = force - railFriction * (cartVelocity + cart / 2) + firstMoment * turning * turning * sin;
    cart = (inertia * push - coupling * weight) / determinant;
    pole = (totalMass * weight - coupling * push) / determinant;
  }
  return { cart, pole };
}

/** The motion with velocities moved on by half an update, to the time of the positions. */
export function midway({ cartX, cartVelocity, poleAngle, poleVelocity }: Motion, { cart, pole }: Acceleration): Motion {
  return { cartX, cartVelocity: cartVelocity + cart / 2, poleAngle, poleVelocity: poleVelocity + pole / 2 };
}

/**
 * The motion with the cart within the rail. A cart that has run past an end is put there at rest; the pin's jerk leaves
 * the pole its angular momentum about the pin, and the pole's last turn is made at the velocity that it has then.
 */
export function stopped({ firstMoment, inertia }: CartPoleBody, motion: Motion): Motion {
  const { cartX, cartVelocity, poleAngle, poleVelocity } = motion;
  const inside = Math.min(rail.right, Math.max(rail.left, cartX));
  if (inside === cartX) return { cartX, cartVelocity, poleAngle: wrapAngle(poleAngle), poleVelocity };
  const before = poleAngle - poleVelocity;
  const kept = poleVelocity + (firstMoment * Math.cos(before) * cartVelocity) / inertia;
  return { cartX: inside, cartVelocity: 0, poleAngle: wrapAngle(before + kept), poleVelocity: kept };
}

/** The motion some physics updates later, the action being held. */
export function advanced(body: CartPoleBody, motion: Motion, action: number, updates: number): Motion {
  let now = motion;
  for (let i = 0; i < updates; i++) {
    const { cart, pole } = accelerations(body, now, action);
    const cartVelocity = now.cartVelocity + cart;
    const poleVelocity = now.poleVelocity + pole;
    const cartX = now.cartX + cartVelocity;
    now = stopped(body, { cartX, cartVelocity, poleAngle: now.poleAngle + poleVelocity, poleVelocity });
  }
  return now;
}

/** Kinetic and potential energy; 0 at rest and upright. */
export function energyOf(body: CartPoleBody, { cartVelocity, poleAngle, poleVelocity }: Motion): number {
  const { totalMass, firstMoment, inertia, gravity } = body;
  const kinetic =
    (totalMass * cartVelocity ** 2 + inertia * poleVelocity ** 2) / 2 +
    firstMoment * Math.cos(poleAngle) * cartVelocity * poleVelocity;
  return kinetic + firstMoment * gravity * (Math.cos(poleAngle) - 1);
}
