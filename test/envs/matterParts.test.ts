/** Constraints hold and remember nothing of what was before a placement; static bodies lie where the state says. */
import Matter from 'matter-js';
import { describe, expect, it } from 'vitest';
import { MatterWorld } from '../../envs/matter/matterWorld.ts';
import { Simulation } from '../../envs/matter/simulation.ts';
import { atRest, ballOf, freeBall, quantity, rulesOf, spec, worldOf } from './testPiece.ts';

describe('a constraint', () => {
  /** A pendulum of length 60 that hangs from the middle of the arena. */
  const pendulum = {
    build: () => {
      const ball = freeBall();
      const rod = Matter.Constraint.create({ pointA: { x: 100, y: 100 }, bodyB: ball, length: 60, stiffness: 1 });
      return { bodies: [ball], constraints: [rod], gravity: 0.1 };
    },
  };

  /** Off-centre grips, whose points turn with the bodies. */
  const dumbbell = () => {
    const bar = Matter.Bodies.rectangle(0, 0, 40, 10, { label: 'bar' });
    const ball = freeBall();
    const tie = Matter.Constraint.create({
      bodyA: bar,
      bodyB: ball,
      pointA: { x: 20, y: 0 },
      pointB: { x: 0, y: 6 },
      length: 10,
      stiffness: 0.5,
    });
    return { bodies: [bar, ball], constraints: [tie], gravity: 0.05 };
  };

  it('holds a pendulum at its length while it swings from side to side', () => {
    const world = worldOf(pendulum);
    world.place({ ...atRest, x: 160, y: 100 });
    const xs: number[] = [];
    for (let i = 0; i < 400; i++) {
      world.step([0]);
      const { x = 0, y = 0 } = world.state();
      expect(Math.hypot(x - 100, y - 100)).toBeGreaterThan(58);
      expect(Math.hypot(x - 100, y - 100)).toBeLessThan(62);
      xs.push(x);
    }
    expect(Math.min(...xs)).toBeLessThan(60);
    expect(Math.max(...xs)).toBeGreaterThan(140);
  });

  it('remembers nothing of what was before a placement', () => {
    const poses = { bar: { x: 80, y: 80, angle: 0.7, angularVelocity: 0.1 }, ball: { x: 120, y: 90, angle: 0 } };
    const [used, fresh] = [new Simulation(dumbbell), new Simulation(dumbbell)];
    used.put({ bar: { x: 50, y: 50, angle: 2 }, ball: { x: 20, y: 20, angle: 1, velocity: { x: 3, y: 0 } } });
    for (let i = 0; i < 70; i++) used.update();
    for (const simulation of [used, fresh]) {
      simulation.put(poses);
      for (let i = 0; i < 50; i++) simulation.update();
    }
    expect(used.copy()).toEqual(fresh.copy());
  });

  it('turns its grips with the bodies: a body placed at an angle is held at the same corner', () => {
    const simulation = new Simulation(() => {
      const bar = Matter.Bodies.rectangle(0, 0, 40, 10, { label: 'bar', inertia: Number.POSITIVE_INFINITY });
      const pin = Matter.Constraint.create({
        pointA: { x: 100, y: 100 },
        bodyB: bar,
        pointB: { x: 20, y: 0 },
        length: 0,
      });
      return { bodies: [bar], constraints: [pin] };
    });
    for (const angle of [0, Math.PI / 2, -2]) {
      simulation.put({ bar: { x: 100, y: 100, angle } });
      for (let i = 0; i < 100; i++) simulation.update();
      const { position } = simulation.body('bar');
      expect(position.x + 20 * Math.cos(angle)).toBeCloseTo(100, 1);
      expect(position.y + 20 * Math.sin(angle)).toBeCloseTo(100, 1);
    }
  });
});

describe('a static body', () => {
  /** A ball that falls on a ledge whose place belongs to the state; without one, the ledge is where it was built. */
  const ledgeWorld = () =>
    new MatterWorld(
      { ...spec, quantities: { ...spec.quantities, ledgeX: quantity } },
      rulesOf({
        build: () => ({
          bodies: [Matter.Bodies.rectangle(100, 150, 60, 20, { label: 'ledge', isStatic: true }), freeBall()],
          gravity: 0.2,
        }),
        start: () => ({ ...atRest, ledgeX: 100 }),
        poses: (placed) => ({
          ball: ballOf(placed),
          ...(placed.ledgeX !== 0 && { ledge: { x: placed.ledgeX ?? 0, y: 150, angle: 0 } }),
        }),
        read(bodies) {
          const { x, y } = bodies('ball').position;
          return { ...atRest, x, y, ledgeX: bodies('ledge').position.x };
        },
      }),
    );

  const restingHeight = (world: MatterWorld) => {
    for (let i = 0; i < 120; i++) world.step([0]);
    return world.state().y ?? 0;
  };

  it('lies where the state moves it, and collides there alone', () => {
    const world = ledgeWorld();
    world.place({ ...atRest, ledgeX: 100 });
    expect(restingHeight(world)).toBeCloseTo(134, 0);
    world.place({ ...atRest, ledgeX: 30 });
    expect(world.state().ledgeX).toBe(30);
    expect(restingHeight(world)).toBeGreaterThan(500);
    world.place({ ...atRest, x: 30, ledgeX: 30 });
    expect(restingHeight(world)).toBeCloseTo(134, 0);
  });

  it('is back where it was built when the state says nothing of it', () => {
    const world = ledgeWorld();
    world.place({ ...atRest, ledgeX: 30 });
    world.place({ ...atRest, ledgeX: 0 });
    expect(world.state().ledgeX).toBe(100);
    expect(restingHeight(world)).toBeCloseTo(134, 0);
  });

  it('is part of a snapshot', () => {
    const world = ledgeWorld();
    world.place({ ...atRest, x: 30, ledgeX: 30 });
    const snapshot = world.snapshot();
    world.place({ ...atRest, ledgeX: 100 });
    world.restore(snapshot);
    expect(world.state().ledgeX).toBe(30);
    expect(restingHeight(world)).toBeCloseTo(134, 0);
  });
});
