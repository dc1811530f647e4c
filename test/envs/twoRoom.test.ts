import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import twoRoom from '../../envs/worlds/two-room/twoRoom.ts';
import { twoRoomFactors } from '../../envs/worlds/two-room/twoRoomFactors.ts';
import { planOf, roomOf, wall, wayLength } from '../../envs/worlds/two-room/twoRoomGeometry.ts';
import { drawVariation, type Variation } from '../../shared/factors.ts';
import { Random } from '../../shared/random.ts';
import type { State } from '../../shared/world.ts';

const plan = planOf(8, 56, 112);
const { ballRadius, door } = plan;

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
    expect(wayLength(plan, left, { x: 52, y: 112 })).toBe(100);
    expect(wayLength(plan, left, right)).toBeCloseTo(2 * Math.hypot(60, 80));
    expect(wayLength(plan, { x: 52, y: 112 }, { x: 172, y: 112 })).toBe(120);
  });

  it('measures a way that is as long back, no shorter than the straight line, and obeys the triangle inequality', () => {
    fc.assert(
      fc.property(point, point, point, (a, b, c) => {
        expect(wayLength(plan, a, b)).toBeCloseTo(wayLength(plan, b, a), 6);
        expect(wayLength(plan, a, b)).toBeGreaterThan(Math.hypot(a.x - b.x, a.y - b.y) - 1e-9);
        expect(wayLength(plan, a, c)).toBeLessThan(wayLength(plan, a, b) + wayLength(plan, b, c) + 1e-6);
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

/** Where the ball of `two-room` is after the same action for some steps. */
function rolled(variation: Variation, x: number, y: number, action: readonly number[], steps: number) {
  const world = twoRoom.create(variation);
  world.place({ ballX: x, ballY: y });
  for (let i = 0; i < steps; i++) world.step(action);
  const { ballX = 0, ballY = 0 } = world.state();
  return { x: ballX, y: ballY };
}

describe('the factors of two-room', () => {
  it('ballRadius: the ball stops that far from edge and wall, and is drawn as wide', () => {
    for (const ballRadius of [6.5, 12]) {
      expect(rolled({ ballRadius }, 50, 50, [-1, -1], 10)).toEqual({ x: ballRadius, y: ballRadius });
      const { x } = rolled({ ballRadius }, 50, 30, [1, 0], 10);
      expect(Math.abs(wall.x - wall.thickness / 2 - ballRadius - x)).toBeLessThan(1);
      expect(twoRoom.create({ ballRadius }).scene().at(-1)).toMatchObject({ name: 'ball', radius: ballRadius });
    }
  });

  it('doorPosition and doorHeight: the ball goes through there, and nowhere else', () => {
    const throughAt = (variation: Variation, y: number) => rolled(variation, 60, y, [1, 0], 5).x > 150;
    expect(throughAt({}, 112)).toBe(true);
    expect(throughAt({ doorPosition: 56 }, 56)).toBe(true);
    expect(throughAt({ doorPosition: 56 }, 112)).toBe(false);
    expect(throughAt({ doorHeight: 36 }, 112 + 8)).toBe(true);
    expect(throughAt({ doorHeight: 36 }, 112 + 18)).toBe(false);
    expect(throughAt({ doorHeight: 88 }, 112 + 34)).toBe(true);
    expect(throughAt({}, 112 + 34)).toBe(false);
  });

  it('doorPosition and doorHeight: the wall is drawn, and the way measured, accordingly', () => {
    const world = twoRoom.create({ doorPosition: 60, doorHeight: 40 });
    const edges = world
      .scene()
      .slice(0, 2)
      .map((shape) => {
        const ys = shape.kind === 'polygon' ? shape.vertices.map(({ y }) => shape.pose.y + y) : [];
        return [Math.min(...ys), Math.max(...ys)];
      });
    expect(edges).toEqual([
      [0, 40],
      [80, 224],
    ]);
    const ways = [world, twoRoom.create()].map((each) =>
      each.distance({ ballX: 52, ballY: 60 }, { ballX: 172, ballY: 60 }),
    );
    expect(ways[0]).toBe(120);
    expect(ways[1]).toBeCloseTo(2 * Math.hypot(60, 32), 8);
  });

  it('ballSpeed: units in an update at full action', () => {
    for (const ballSpeed of [3.5, 7]) {
      const { x, y } = rolled({ ballSpeed }, 40, 40, [1, -0.5], 1);
      expect(x).toBeCloseTo(40 + 5 * ballSpeed, 9);
      expect(y).toBeCloseTo(40 - 2.5 * ballSpeed, 9);
    }
  });

  it('drift: carries the ball along whatever it does, but not out of the arena', () => {
    expect(rolled({ drift: 1 }, 40, 40, [0, 0], 3)).toEqual({ x: 40, y: 55 });
    expect(rolled({ drift: -0.5 }, 40, 40, [1, 1], 1)).toEqual({ x: 65, y: 62.5 });
    expect(rolled({ drift: -1 }, 40, 40, [0, 0], 20)).toEqual({ x: 40, y: 8 });
  });

  it('together leave a world that is played as ever: no way through the wall, and the script finds the door', () => {
    let [episodes, crossings] = [0, 0];
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const variation = drawVariation(twoRoomFactors, new Random(seed));
        const world = twoRoom.create(variation);
        const [radius, height, position] = [variation.ballRadius, variation.doorHeight, variation.doorPosition].map(
          Number,
        );
        const { door } = planOf(radius as number, height as number, position as number);
        world.reset(seed);
        const behaviour = world.behaviour(new Random(seed));
        episodes++;
        for (let i = 0; i < 50; i++) {
          const before = ballOf(world.state());
          world.step(behaviour.act(world.state()));
          const ball = ballOf(world.state());
          const outside = Math.abs(ball.x - wall.x) - wall.thickness / 2;
          const inDoor = Math.min(ball.y - door.top, door.bottom - ball.y);
          expect(Math.max(outside, inDoor)).toBeGreaterThan((radius as number) - 4);
          if (roomOf(ball) !== roomOf(before)) crossings++;
        }
      }),
      { numRuns: 60 },
    );
    expect(crossings / episodes).toBeGreaterThan(1);
  });
});
