/**
 * Where episodes and tasks of `cart-pole` begin, and what the goals are.
 *
 * A task begins with the pole tilted and nearly at rest, and asks for it upright and at rest with the cart at another
 * place. Any place can be reached from any motion, since pole and cart can be brought to rest upright and then be moved
 * together. That the goal says where keeps it from being met by whoever only balances.
 */
import { Random } from '../../../shared/random.ts';
import type { Difficulty, Task } from '../../../shared/world.ts';
import { type Motion, rail } from './cartPolePhysics.ts';

interface Demand {
  /** Least and most tilt of the pole at the start, in radians from upright. */
  readonly tilt: readonly [number, number];
  /** Least and most way of the cart, in units. */
  readonly way: readonly [number, number];
  /** Steps allowed. */
  readonly budget: number;
}

const degree = Math.PI / 180;

const demands: Readonly<Record<Difficulty, Demand>> = {
  easy: { tilt: [10 * degree, 25 * degree], way: [15, 45], budget: 40 },
  default: { tilt: [60 * degree, 150 * degree], way: [30, 90], budget: 50 },
  hard: { tilt: [150 * degree, 180 * degree], way: [60, 120], budget: 60 },
};

/** Units, units per update, radians, radians per update; `strict` halves all four. */
const tolerance = { cartX: 12, cartVelocity: 0.8, poleAngle: 0.2, poleVelocity: 0.02 };

/** How near the rail's ends an episode begins, and a goal lies, in units. */
const margin = { start: 15, goal: 20 };

/** The cart anywhere but near the ends, the pole at any angle, both nearly at rest. */
export function cartPoleStart(random: Random): Motion {
  return {
    cartX: random.uniform(rail.left + margin.start, rail.right - margin.start),
    cartVelocity: random.uniform(-0.3, 0.3),
    poleAngle: random.uniform(-Math.PI, Math.PI),
    poleVelocity: random.uniform(-0.005, 0.005),
  };
}

/** The pole upright and at rest over a place. */
export function uprightAt(cartX: number): Motion {
  return { cartX, cartVelocity: 0, poleAngle: 0, poleVelocity: 0 };
}

/**
 * Whether every quantity is within its tolerance of the goal's; of the angle, both lie within ±π and the goal's at 0.
 */
export function isAchieved(motion: Motion, goal: Motion, strict: boolean): boolean {
  const share = strict ? 0.5 : 1;
  return (
    Math.abs(motion.cartX - goal.cartX) <= share * tolerance.cartX &&
    Math.abs(motion.cartVelocity - goal.cartVelocity) <= share * tolerance.cartVelocity &&
    Math.abs(motion.poleAngle - goal.poleAngle) <= share * tolerance.poleAngle &&
    Math.abs(motion.poleVelocity - goal.poleVelocity) <= share * tolerance.poleVelocity
  );
}

/** The task that the seed determines. */
export function cartPoleTask(seed: number, difficulty: Difficulty): Task {
  const random = new Random(seed).fork(`cart-pole task ${difficulty}`);
  const { tilt, way, budget } = demands[difficulty];
  for (;;) {
    const side = random.chance(0.5) ? 1 : -1;
    const start = { ...cartPoleStart(random), poleAngle: side * random.uniform(...tilt) };
    const goal = uprightAt(random.uniform(rail.left + margin.goal, rail.right - margin.goal));
    const distance = Math.abs(start.cartX - goal.cartX);
    if (distance >= way[0] && distance <= way[1]) {
      return { seed, difficulty, start: { ...start }, goal: { ...goal }, budget };
    }
  }
}
