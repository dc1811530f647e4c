import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import cartPole from '../../envs/worlds/cart-pole/cartPole.ts';
import { createCartPoleDistance } from '../../envs/worlds/cart-pole/cartPoleDistance.ts';
import { cartPoleBody, motionOf, rail } from '../../envs/worlds/cart-pole/cartPolePhysics.ts';
import { CartPoleSearch } from '../../envs/worlds/cart-pole/cartPoleSearch.ts';
import type { Variation } from '../../shared/factors.ts';
import { Random } from '../../shared/random.ts';
import type { Difficulty, State, Task } from '../../shared/world.ts';
import { degree, stateAfter, upright, value } from './cartPoleStates.ts';
import { massesOf, usual } from './textbookCartPole.ts';

const { subSteps } = cartPole.spec;
const factors = cartPole.spec.factors ?? {};

describe('holding the pole upright', () => {
  it('needs an action: a tilt grows as the equations say, and rest upright stays rest', () => {
    expect(stateAfter(upright, Array(60).fill(0))).toEqual(upright);
    const tilted = { ...upright, poleAngle: 0.01 };
    const { total, moment, inertia } = massesOf(usual);
    const rate = Math.sqrt((total * moment * usual.gravity) / (total * inertia - moment ** 2));
    // Friction slows it by less than a tenth.
    const grown = value(stateAfter(tilted, Array(10).fill(0)), 'poleAngle') / 0.01;
    expect(grown / Math.cosh(10 * subSteps * rate)).toBeGreaterThan(0.9);
    expect(grown / Math.cosh(10 * subSteps * rate)).toBeLessThan(1.1);
  });

  it('is what the little search does for as long as it is asked to, strictly', () => {
    const world = cartPole.create();
    const search = searchFor(1);
    world.place({ ...upright, poleAngle: 0.1 });
    for (let i = 0; i < 200; i++) {
      world.step([search.act(motionOf(world.state()), rail.middle)]);
      if (i >= 30) expect(world.achieved(world.state(), upright)).toBe(true);
    }
  });
});

function searchFor(seed: number): CartPoleSearch {
  const body = cartPoleBody(usual);
  const distance = createCartPoleDistance(body, subSteps);
  return new CartPoleSearch(new Random(seed), { body, updates: subSteps, distance });
}

/** Whether the script's search, led to the goal's place, meets the task within its budget. */
function isSolved({ seed, start, goal, budget }: Task): boolean {
  const world = cartPole.create();
  const search = searchFor(seed);
  world.place(start);
  for (let step = 0; step < budget; step++) {
    world.step([search.act(motionOf(world.state()), value(goal, 'cartX'))]);
    if (world.achieved(world.state(), goal)) return true;
  }
  return false;
}

describe('the tasks of cart-pole', () => {
  const world = cartPole.create();

  it.each<[Difficulty, number, number, number, number]>([
    ['easy', 10, 25, 15, 45],
    ['default', 60, 150, 30, 90],
    ['hard', 150, 180, 60, 120],
  ])('that are %s tilt the pole and move the cart by what the documentation says', (level, low, high, near, far) => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { start, goal } = world.task(seed, level);
        const tilt = Math.abs(value(start, 'poleAngle')) / degree;
        const way = Math.abs(value(start, 'cartX') - value(goal, 'cartX'));
        expect(tilt).toBeGreaterThanOrEqual(low - 1e-9);
        expect(tilt).toBeLessThanOrEqual(high + 1e-9);
        expect(way).toBeGreaterThanOrEqual(near);
        expect(way).toBeLessThanOrEqual(far);
        expect(goal).toEqual({ ...upright, cartX: value(goal, 'cartX') });
        expect([world.achieved(start, goal), world.achieved(goal, goal, true)]).toEqual([false, true]);
        expect(world.distance(goal, goal)).toBe(0);
        expect(world.distance(start, goal)).toBeGreaterThan(0);
      }),
    );
  });

  it.each<[Difficulty, number]>([
    ['easy', 9],
    ['default', 8],
    ['hard', 7],
  ])('that are %s can be met: by a small search in %i of 10 at least', (level, least) => {
    const solved = Array.from({ length: 10 }, (_, seed) => isSolved(world.task(seed, level))).filter(Boolean);
    expect(solved.length).toBeGreaterThanOrEqual(least);
  });

  it.each([
    ['cartX', 11.9, 12.1],
    ['cartVelocity', -0.79, -0.81],
    ['poleAngle', 0.199, 0.201],
    ['poleVelocity', -0.0199, -0.0201],
  ])('ask for %s, strictly for half of what is off', (name, within, beyond) => {
    const off = (by: number): State => ({ ...upright, [name]: value(upright, name) + by });
    expect([world.achieved(off(within), upright), world.achieved(off(beyond), upright)]).toEqual([true, false]);
    expect([within, beyond].map((by) => world.achieved(off(by / 2), upright, true))).toEqual([true, false]);
  });
});

describe('the factors of cart-pole', () => {
  it('act on the motion as their names say', () => {
    const tilted = { ...upright, poleAngle: 0.5 };
    const fallen = (variation: Variation) => value(stateAfter(tilted, [0, 0], variation), 'poleAngle');
    expect(fallen({ poleLength: 70 })).toBeLessThan(fallen({ poleLength: 54 }));
    expect(fallen({ gravity: 0.32 })).toBeGreaterThan(fallen({ gravity: 0.18 }));
    const driven = (variation: Variation) => value(stateAfter(upright, [1, 1], variation), 'cartX');
    expect(driven({ motorForce: 0.28 })).toBeGreaterThan(driven({ motorForce: 0.16 }));
    expect(driven({ railFriction: 0.03 })).toBeLessThan(driven({ railFriction: 0 }));
    const recoil = (bobMass: number) => value(stateAfter(tilted, [0, 0], { bobMass }), 'cartX');
    expect(recoil(0.4)).toBeLessThan(recoil(0.1));
  });

  it('show in the frame unless they are hidden', () => {
    const frameOf = (variation: Variation) => {
      const world = cartPole.create(variation);
      world.place({ ...upright, poleAngle: 0.6 });
      return Buffer.from(world.frame()).toString('base64');
    };
    const shown = Object.entries(factors).filter(([name, factor]) => {
      const other = factor.kind === 'number' ? factor.high : (factor.choices.at(-1) ?? '');
      return frameOf({ [name]: other }) !== frameOf({});
    });
    expect(shown.map(([name]) => name)).toEqual([
      'poleLength',
      'cartColor',
      'poleColor',
      'bobColor',
      'backgroundColor',
    ]);
  });
});
