import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import twoRoom from '../../envs/worlds/two-room/twoRoom.ts';
import { ballRadius, door, roomOf, wall, wayLength } from '../../envs/worlds/two-room/twoRoomGeometry.ts';
import { Random } from '../../shared/random.ts';
import type { State } from '../../shared/world.ts';

const point = fc.record({
  x: fc.double({ min: 8, max: 216, noNaN: true }),
  y: fc.double({ min: 8, max: 216, noNaN: true }),
});

function ballOf({ ballX = 0, ballY = 0 }: State) {
  return { x: ballX, y: ballY };
}

describe('two-room', () => {
  it('moves the ball 25 units a step at full action, and no further than the edge', () => {
    const world = twoRoom.create();
    world.place({ ballX: 40, ballY: 40 });
    world.step([1, -0.4]);
    expect(world.state()).toEqual({ ballX: 65, ballY: 30 });
    for (let i = 0; i < 10; i++) world.step([-1, -1]);
    expect(world.state()).toEqual({ ballX: ballRadius, ballY: ballRadius });
  });

  it('lets the ball through the door', () => {
    const world = twoRoom.create();
    world.place({ ballX: 60, ballY: 112 });
    for (let i = 0; i < 5; i++) world.step([1, 0]);
    expect(world.state().ballX).toBeCloseTo(185, 6);
  });

  it('never lets the ball into the wall, at full speed from anywhere', () => {
    const world = twoRoom.create();
    const pushes = fc.array(fc.record({ x: fc.constantFrom(-1, 1), y: fc.double({ min: -1, max: 1, noNaN: true }) }), {
      minLength: 20,
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.integer(), pushes, (seed, actions) => {
        world.reset(seed);
        for (const { x, y } of actions) {
          const before = ballOf(world.state());
          world.step([x, y]);
          const ball = ballOf(world.state());
          const outside = Math.abs(ball.x - wall.x) - wall.thickness / 2;
          const inDoor = Math.min(ball.y - door.top, door.bottom - ball.y);
          expect(Math.max(outside, inDoor)).toBeGreaterThan(ballRadius - 3);
          if (roomOf(ball) !== roomOf(before)) {
            expect(Math.max(ball.y, before.y)).toBeGreaterThan(door.top);
            expect(Math.min(ball.y, before.y)).toBeLessThan(door.bottom);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('accepts the ball within 16 units of the goal, strictly 8', () => {
    const world = twoRoom.create();
    const goal = { ballX: 50, ballY: 50 };
    expect(world.achieved({ ballX: 65, ballY: 50 }, goal)).toBe(true);
    expect(world.achieved({ ballX: 67, ballY: 50 }, goal)).toBe(false);
    expect(world.achieved({ ballX: 57, ballY: 50 }, goal, true)).toBe(true);
    expect(world.achieved({ ballX: 59, ballY: 50 }, goal, true)).toBe(false);
  });

  it('measures the way through the door', () => {
    const [left, right] = [
      { x: 52, y: 12 },
      { x: 172, y: 12 },
    ];
    expect(wayLength(left, { x: 52, y: 112 })).toBe(100);
    expect(wayLength(left, right)).toBeCloseTo(2 * Math.hypot(60, 80));
    expect(wayLength({ x: 52, y: 112 }, { x: 172, y: 112 })).toBe(120);
  });

  it('measures a way that is as long back, no shorter than the straight line, and obeys the triangle inequality', () => {
    fc.assert(
      fc.property(point, point, point, (a, b, c) => {
        expect(wayLength(a, b)).toBeCloseTo(wayLength(b, a), 6);
        expect(wayLength(a, b)).toBeGreaterThan(Math.hypot(a.x - b.x, a.y - b.y) - 1e-9);
        expect(wayLength(a, c)).toBeLessThan(wayLength(a, b) + wayLength(b, c) + 1e-6);
      }),
    );
  });

  it('has a behaviour that knows both rooms and crosses more than once an episode', () => {
    const world = twoRoom.create();
    let [steps, inLeft, crossings] = [0, 0, 0];
    for (let seed = 0; seed < 60; seed++) {
      world.reset(seed);
      const behaviour = world.behaviour(new Random(seed));
      for (let i = 0; i < 40; i++, steps++) {
        const room = roomOf(ballOf(world.state()));
        world.step(behaviour.act(world.state()));
        if (room === 'left') inLeft++;
        if (room !== roomOf(ballOf(world.state()))) crossings++;
      }
    }
    expect(Math.abs(inLeft / steps - 0.5)).toBeLessThan(0.15);
    expect(crossings / 60).toBeGreaterThan(1);
  });

  it('goes as it went when version 1 was measured: raise the version when this changes', () => {
    const world = twoRoom.create();
    world.reset(1);
    const behaviour = world.behaviour(new Random(2));
    for (let i = 0; i < 50; i++) world.step(behaviour.act(world.state()));
    expect(twoRoom.spec.version).toBe(1);
    expect(world.state().ballX).toBeCloseTo(132.590327, 5);
    expect(world.state().ballY).toBeCloseTo(135.511099, 5);
  });
});
