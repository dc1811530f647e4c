import fc from 'fast-check';
import type Matter from 'matter-js';
import { describe, expect, it } from 'vitest';
import { wrapAngle } from '../../envs/angle.ts';
import type { MatterRules } from '../../envs/matter/matterRules.ts';
import type { Simulation } from '../../envs/matter/simulation.ts';
import cartPole from '../../envs/worlds/cart-pole/cartPole.ts';
import { rail } from '../../envs/worlds/cart-pole/cartPolePhysics.ts';
import { drawVariation, type Variation } from '../../shared/factors.ts';
import { Random } from '../../shared/random.ts';
import type { State } from '../../shared/world.ts';
import { degree, stateAfter, statesAfter, upright, value } from './cartPoleStates.ts';
import { energyAt, massesOf, phaseOf, type TextbookNumbers, textbookMotion, usual } from './textbookCartPole.ts';

const { subSteps } = cartPole.spec;
const factors = cartPole.spec.factors ?? {};

function numbersOf(variation: Variation): TextbookNumbers {
  return { ...usual, ...(variation as Partial<TextbookNumbers>) };
}

/** Over one step under the action the world moves as the textbook says, to within twice what 3000 draws differed. */
function expectTextbookStep(before: State, after: State, action: number, numbers: TextbookNumbers): void {
  const from = phaseOf(before, action, numbers);
  const [x, , angle] = textbookMotion(from, action, subSteps, numbers);
  const [, v, , spin] = textbookMotion(from, action, subSteps - 0.5, numbers);
  expect(Math.abs(value(after, 'cartX') - x)).toBeLessThan(0.15);
  expect(Math.abs(value(after, 'cartVelocity') - v)).toBeLessThan(0.015);
  expect(Math.abs(wrapAngle(value(after, 'poleAngle') - angle))).toBeLessThan(0.004);
  expect(Math.abs(value(after, 'poleVelocity') - spin)).toBeLessThan(0.0004);
}

describe('the motion of cart-pole', () => {
  it('is that of the equations of motion, for all factors, wherever the rail leaves the cart free', () => {
    const names = Object.keys(factors).filter((name) => factors[name]?.kind === 'number');
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = new Random(seed);
        const variation = drawVariation(factors, random, names);
        const poleAngle = random.uniform(-Math.PI, Math.PI);
        const start = { ...upright, cartVelocity: random.uniform(-1, 1), poleAngle };
        const actions = Array.from({ length: 4 }, () => random.uniform(-1, 1));
        const states = statesAfter({ ...start, poleVelocity: random.uniform(-0.08, 0.08) }, actions, variation);
        const free = states.findIndex(({ cartX = 0 }) => Math.abs(cartX - rail.middle) > 60);
        const end = free < 0 ? actions.length : free - 1;
        for (let i = 0; i < end; i++) {
          const [before, after] = [states[i] as State, states[i + 1] as State];
          expectTextbookStep(before, after, actions[i] as number, numbersOf(variation));
        }
        expect(end).toBeGreaterThan(0);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps its energy and its centre of mass where nothing pushes or brakes, however far the pole swings', () => {
    const numbers = { ...usual, railFriction: 0 };
    const { moment, total } = massesOf(numbers);
    const swing = 2 * moment * numbers.gravity;
    for (const poleAngle of [0.3, 1, -2, 3]) {
      const start = { ...upright, poleAngle };
      const centreOf = (state: State) => value(state, 'cartX') + (moment / total) * Math.sin(value(state, 'poleAngle'));
      const energy = energyAt(phaseOf(start, 0, numbers), numbers);
      for (const state of statesAfter(start, Array(200).fill(0), { railFriction: 0 })) {
        expect(Math.abs(energyAt(phaseOf(state, 0, numbers), numbers) - energy)).toBeLessThan(0.005 * swing);
        expect(Math.abs(centreOf(state) - centreOf(start))).toBeLessThan(0.3);
      }
    }
  });

  it('loses energy to the friction of the rail, and comes to rest hanging', () => {
    const rested = stateAfter({ ...upright, poleAngle: 2 }, Array(600).fill(0), { railFriction: 0.03 });
    expect(Math.abs(value(rested, 'poleAngle'))).toBeGreaterThan(Math.PI - 0.2);
    expect(Math.abs(value(rested, 'poleVelocity'))).toBeLessThan(0.01);
    expect(Math.abs(value(rested, 'cartVelocity'))).toBeLessThan(0.1);
  });

  it('turns the pole within ±π, the angle growing clockwise', () => {
    const spinning = statesAfter({ ...upright, poleVelocity: 0.15 }, Array(30).fill(0));
    const angles = spinning.map((state) => value(state, 'poleAngle'));
    expect(Math.max(...angles.map(Math.abs))).toBeLessThanOrEqual(Math.PI);
    const turns = angles.slice(1).map((angle, i) => wrapAngle(angle - (angles[i] as number)));
    expect(Math.min(...turns)).toBeGreaterThan(0.1);
    expect(turns.reduce((sum, turn) => sum + turn)).toBeGreaterThan(4 * Math.PI);
  });

  it('cannot lift a hanging pole at one go, but swings it up to and fro', () => {
    const world = cartPole.create();
    const highest = (act: (state: State) => number) => {
      let least = Math.PI;
      world.place({ ...upright, poleAngle: Math.PI });
      for (let i = 0; i < 50; i++) {
        world.step([act(world.state())]);
        least = Math.min(least, Math.abs(value(world.state(), 'poleAngle')));
      }
      return least;
    };
    for (const action of [1, -1, 0.5]) expect(highest(() => action)).toBeGreaterThan(90 * degree);
    const against = ({ poleAngle = 0, poleVelocity = 0 }: State) => (Math.cos(poleAngle) * poleVelocity > 0 ? -1 : 1);
    expect(highest(against)).toBeLessThan(30 * degree);
  });
});

describe("the ends of cart-pole's rail", () => {
  it.each([
    ['right', 1, rail.right],
    ['left', -1, rail.left],
  ])('stop the cart at the %s, to the bit, and let it go again', (_, side, end) => {
    const states = statesAfter(upright, Array(20).fill(side));
    for (const { cartX = 0 } of states) expect(side * (end - cartX)).toBeGreaterThanOrEqual(0);
    const stopped = states.find(({ cartX }) => cartX === end) ?? {};
    expect(stopped.cartVelocity).toBe(0);
    const back = stateAfter(stopped, [-side, -side]);
    expect(side * (end - value(back, 'cartX'))).toBeGreaterThan(5);
  });

  it('leave a pendulum where the motor holds the cart against them', () => {
    const start = { ...upright, cartX: rail.right, poleAngle: 1.2 };
    const states = statesAfter(start, Array(40).fill(1));
    states.forEach((state, i) => {
      const [, , angle] = textbookMotion(phaseOf(start, 1, usual, true), 1, i * subSteps, usual, true);
      expect(value(state, 'cartX')).toBe(rail.right);
      expect(Math.abs(wrapAngle(value(state, 'poleAngle') - angle))).toBeLessThan(0.005);
    });
  });

  it("leave the pole's angular momentum about the pin when they stop the cart, and cost energy", () => {
    const { moment, inertia } = massesOf(usual);
    for (const [poleAngle, poleVelocity] of [
      [0, 0],
      [0.7, 0.02],
      [Math.PI, -0.03],
    ] as const) {
      // As close to the end that the first update stops the cart, whose velocity the motor hardly changes.
      const start = { cartX: rail.right - 1e-9, cartVelocity: 3, poleAngle, poleVelocity };
      const world = cartPole.create({ railFriction: 0 });
      world.place(start);
      const simulation: Simulation = Reflect.get(world, 'simulation');
      const rules: MatterRules = Reflect.get(world, 'rules');
      const bodies = (label: string) => simulation.body(label);
      rules.drive(bodies, [0]);
      simulation.update();
      rules.settle?.(bodies, start);
      const { cartX, cartVelocity, poleVelocity: after = 0 } = world.state();
      const kick = (moment / inertia) * Math.cos(poleAngle) * start.cartVelocity;
      const fall = (moment * usual.gravity * Math.sin(poleAngle)) / inertia;
      expect([cartX, cartVelocity]).toEqual([rail.right, 0]);
      expect(after).toBeCloseTo(poleVelocity + kick + fall, 3);
      const before = energyAt([0, start.cartVelocity, poleAngle, poleVelocity], usual);
      expect(energyAt([0, 0, poleAngle, after], usual)).toBeLessThan(before);
    }
  });
});

describe("the pole's pin", () => {
  it('holds the pole on the cart and the cart on the rail after every update, at the ends too', () => {
    const world = cartPole.create();
    const simulation: Simulation = Reflect.get(world, 'simulation');
    const [cart, pole] = ['cart', 'pole'].map((label) => simulation.body(label)) as [Matter.Body, Matter.Body];
    const centre = massesOf(usual).moment / (massesOf(usual).total - 1);
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 12 }), (seed, hold) => {
        const random = new Random(seed);
        world.reset(seed);
        let action = 0;
        for (let i = 0; i < 40; i++) {
          if (i % hold === 0) action = random.choice([-1, 0, 1]);
          world.step([action]);
          const { poleAngle = 0, cartX } = world.state();
          expect(cart.position.y).toBe(rail.y);
          expect(cart.position.x).toBe(cartX);
          expect(pole.position.x - cart.position.x).toBeCloseTo(centre * Math.sin(poleAngle), 9);
          expect(pole.position.y - cart.position.y).toBeCloseTo(-centre * Math.cos(poleAngle), 9);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('leaves nothing behind: a placed state goes on as the episode does, to the bit', () => {
    const [world, other] = [cartPole.create(), cartPole.create()];
    const random = new Random(5);
    world.reset(5);
    for (let i = 0; i < 60; i++) {
      const action = [random.uniform(-1, 1)];
      other.place(world.state());
      world.step(action);
      other.step(action);
      expect(other.state()).toEqual(world.state());
    }
  });
});
