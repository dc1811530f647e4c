/**
 * What the base promises to the rules of any matter-js world: velocities that are placed and read to the bit, gravity
 * in closed form, `settle` after every update, `terminated` when the state says so, and factors that reach the rules
 * and guard the snapshots.
 */
import fc from 'fast-check';
import Matter from 'matter-js';
import { describe, expect, it } from 'vitest';
import { defineMatterWorld } from '../../envs/matter/matterWorld.ts';
import type { Simulation } from '../../envs/matter/simulation.ts';
import { WorldError } from '../../shared/errors.ts';
import { atRest, freeBall, rulesOf, spec, worldOf } from './testPiece.ts';

const small = fc.double({ min: -5, max: 5, noNaN: true });
const inside = fc.double({ min: 20, max: 180, noNaN: true });
/** Matter has no angle of -0. */
const angle = small.map((value) => value + 0);
const state = fc.record({ x: inside, y: inside, vx: small, vy: small, angle, spin: small });

describe('velocities in a placement', () => {
  it('are read back to the bit, and depend on nothing that was before', () => {
    const world = worldOf({});
    fc.assert(
      fc.property(state, state, (before, placed) => {
        world.place(before);
        world.step([0]);
        world.place(placed);
        expect(world.state()).toEqual(placed);
        const fresh = worldOf({});
        fresh.place(placed);
        for (let i = 0; i < 20; i++) {
          world.step([0]);
          fresh.step([0]);
        }
        expect(world.state()).toEqual(fresh.state());
      }),
    );
  });

  it('carry a free ball as far in every update, and turn it as much', () => {
    const world = worldOf({});
    fc.assert(
      fc.property(state, fc.nat(100), (placed, updates) => {
        world.place(placed);
        for (let i = 0; i < updates; i++) world.step([0]);
        const { x, y, vx, vy, angle, spin } = world.state();
        expect(x).toBeCloseTo(placed.x + updates * placed.vx, 6);
        expect(y).toBeCloseTo(placed.y + updates * placed.vy, 6);
        expect(angle).toBeCloseTo(placed.angle + updates * placed.spin, 6);
        expect(vx).toBeCloseTo(placed.vx, 8);
        expect(vy).toBeCloseTo(placed.vy, 8);
        expect(spin).toBeCloseTo(placed.spin, 8);
      }),
    );
  });

  it('are zero when none are given, even after a fast past', () => {
    const world = worldOf({ poses: ({ x = 0, y = 0, angle = 0 }) => ({ ball: { x, y, angle } }) });
    world.place(atRest);
    const simulation: Simulation = Reflect.get(world, 'simulation');
    Matter.Body.setVelocity(simulation.body('ball'), { x: 9, y: -9 });
    Matter.Body.setAngularVelocity(simulation.body('ball'), 1);
    for (let i = 0; i < 5; i++) world.step([0]);
    world.place(atRest);
    world.step([0]);
    expect(world.state()).toEqual(atRest);
  });
});

describe('gravity', () => {
  it('adds itself to the downward velocity at every update: y grows by g n (n + 1) / 2', () => {
    fc.assert(
      fc.property(fc.double({ min: -0.5, max: 0.5, noNaN: true }), small, fc.nat(120), (gravity, vy, updates) => {
        const world = worldOf({ build: () => ({ bodies: [freeBall()], gravity }) });
        world.place({ ...atRest, vy });
        for (let i = 0; i < updates; i++) world.step([0]);
        expect(world.state().vy).toBeCloseTo(vy + gravity * updates, 8);
        expect(world.state().y).toBeCloseTo(50 + vy * updates + (gravity * updates * (updates + 1)) / 2, 6);
        expect(world.state().x).toBe(100);
      }),
      { numRuns: 30 },
    );
  });

  it('is the same for light and heavy bodies', () => {
    const fallOf = (density: number) => {
      const build = () => {
        const ball = Matter.Bodies.circle(0, 0, 6, { label: 'ball', frictionAir: 0, density });
        return { bodies: [ball], gravity: 0.3 };
      };
      const world = worldOf({ build });
      for (let i = 0; i < 50; i++) world.step([0]);
      return world.state().y as number;
    };
    expect(fallOf(1)).toBeCloseTo(fallOf(0.001), 8);
  });
});

describe('the rules', () => {
  it('settle after every update, before anything is read: a ball on a rail never leaves it', () => {
    const heights: number[] = [];
    const world = worldOf({
      build: () => ({ bodies: [freeBall()], gravity: 0.5 }),
      settle(bodies) {
        const ball = bodies('ball');
        heights.push(ball.position.y);
        Matter.Body.setPosition(ball, { x: ball.position.x, y: 50 });
        Matter.Body.setVelocity(ball, { x: ball.velocity.x, y: 0 });
      },
    });
    world.place({ ...atRest, vx: 1 });
    for (let i = 1; i <= 30; i++) {
      world.step([0]);
      expect(world.state()).toMatchObject({ y: 50, vy: 0 });
      expect(heights.length).toBe(i);
    }
    expect(heights.every((y) => y > 50)).toBe(true);
    expect(world.state().x).toBeCloseTo(130, 8);
  });

  it('terminate an episode by its state, at any step, whatever the budget', () => {
    const world = worldOf({ terminated: ({ x = 0 }) => x > 110 });
    world.place({ ...atRest, vx: 3 });
    const flags = Array.from({ length: 6 }, () => world.step([0]));
    expect(flags.map(({ terminated }) => terminated)).toEqual([false, false, false, true, true, true]);
    expect(flags.some(({ truncated }) => truncated)).toBe(false);
    world.place({ ...atRest, vx: -3 });
    expect(world.step([0]).terminated).toBe(false);
  });
});

describe('a world of varied factors', () => {
  const factors = {
    mass: { kind: 'number', default: 1, low: 0.5, high: 2, unit: 'mass', hidden: true },
    ballColor: { kind: 'color', object: 'ball', default: '#d6006c', choices: ['#0096c7'] },
    backgroundColor: { kind: 'color', object: 'background', default: '#ffffff', choices: ['#20242c'] },
  } as const;
  const definition = defineMatterWorld({ ...spec, factors }, ({ mass }) =>
    rulesOf({
      build() {
        const ball = freeBall();
        Matter.Body.setMass(ball, mass ?? 0);
        return { bodies: [ball] };
      },
      drive: (bodies, [x = 0]) =>
        Matter.Body.applyForce(bodies('ball'), bodies('ball').position, { x: x * 0.001, y: 0 }),
    }),
  );

  it('moves by its own numbers: the same force moves twice the mass half as far', () => {
    const reached = [1, 2].map((mass) => {
      const world = definition.create({ mass });
      for (let i = 0; i < 20; i++) world.step([1]);
      return (world.state().x ?? 0) - 100;
    });
    expect(reached[0]).toBeGreaterThan(10);
    expect(reached[1]).toBeCloseTo((reached[0] ?? 0) / 2, 8);
  });

  it('shows its own colours in spec, scene and frame', () => {
    const world = definition.create({ ballColor: '#0096C7', backgroundColor: '#20242c' });
    expect(world.spec.objects).toEqual([{ name: 'ball', color: '#0096c7' }]);
    expect(world.spec.background).toBe('#20242c');
    expect(world.scene()[0]?.color).toBe('#0096c7');
    expect(Array.from(world.frame().subarray(0, 3))).toEqual([0x20, 0x24, 0x2c]);
    expect(definition.create().spec).toEqual(definition.spec);
  });

  it('refuses the snapshot of a world with other numbers, but not of one with other colours', () => {
    const heavy = definition.create({ mass: 2 });
    expect(() => definition.create().restore(heavy.snapshot())).toThrow(WorldError);
    expect(() => definition.create().restore(heavy.snapshot())).toThrow(/with mass 2 .* where it is 1/);
    heavy.restore(structuredClone(definition.create({ mass: 2, ballColor: '#0096c7' }).snapshot()));
  });
});
