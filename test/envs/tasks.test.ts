import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import pushT from '../../envs/worlds/push-t/pushT.ts';
import twoRoom from '../../envs/worlds/two-room/twoRoom.ts';
import { planOf, roomOf, wayLength } from '../../envs/worlds/two-room/twoRoomGeometry.ts';
import { Random } from '../../shared/random.ts';
import type { Difficulty, State, Task, WorldDefinition } from '../../shared/world.ts';

const seed = fc.integer({ min: 0, max: 0x7fffffff });
const difficulty = fc.constantFrom<Difficulty>('easy', 'default', 'hard');

/** Units plus degrees between the block's poses at start and goal. */
function blockMotion({ start, goal }: Task): number {
  const turn = Math.abs((start.blockAngle ?? 0) - (goal.blockAngle ?? 0));
  const degrees = (Math.min(turn, 2 * Math.PI - turn) * 180) / Math.PI;
  return degrees + Math.hypot((start.blockX ?? 0) - (goal.blockX ?? 0), (start.blockY ?? 0) - (goal.blockY ?? 0));
}

function ballOf({ ballX = 0, ballY = 0 }: State) {
  return { x: ballX, y: ballY };
}

/** Share of 60 default tasks that the scripted behaviour meets by chance within their budget. */
function solvedByChance(definition: WorldDefinition): number {
  const world = definition.create();
  let solved = 0;
  for (let i = 0; i < 60; i++) {
    const task = world.task(i);
    const behaviour = world.behaviour(new Random(i + 1000));
    world.place(task.start);
    for (let step = 0; step < task.budget; step++) {
      world.step(behaviour.act(world.state()));
      if (world.achieved(world.state(), task.goal)) {
        solved++;
        break;
      }
    }
  }
  return solved / 60;
}

describe.each([
  ['push-t', pushT],
  ['two-room', twoRoom],
])('the tasks of %s', (_, definition) => {
  const [world, other] = [definition.create(), definition.create()];

  it('are determined by seed and difficulty, whatever happened before', () => {
    fc.assert(
      fc.property(seed, difficulty, seed, (drawn, level, before) => {
        other.task(before);
        expect(other.task(drawn, level)).toEqual(world.task(drawn, level));
      }),
      { numRuns: 40 },
    );
  });

  it('differ from seed to seed and from difficulty to difficulty', () => {
    const starts = [0, 1, 2, 3].flatMap((drawn) =>
      (['easy', 'default', 'hard'] as const).map((level) => JSON.stringify(world.task(drawn, level).start)),
    );
    expect(new Set(starts).size).toBe(starts.length);
  });

  it('start unsolved, can be placed to the bit, and have a goal that meets itself strictly', () => {
    fc.assert(
      fc.property(seed, difficulty, (drawn, level) => {
        const { start, goal, budget } = world.task(drawn, level);
        expect(world.achieved(start, goal)).toBe(false);
        expect(world.achieved(goal, goal, true)).toBe(true);
        expect(budget).toBeGreaterThan(0);
        for (const state of [start, goal]) {
          world.place(state);
          expect(world.state()).toEqual(state);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('leave the episode in progress alone', () => {
    world.reset(3);
    other.reset(3);
    for (const action of [
      [0.4, 0.9],
      [-0.2, 0.7],
    ]) {
      world.step(action);
      world.task(11);
      other.step(action);
    }
    expect(world.state()).toEqual(other.state());
  });

  it('are rarely met by the scripted behaviour, which is blind to them', () => {
    expect(solvedByChance(definition)).toBeLessThan(0.25);
  });
});

describe('what difficulty means', () => {
  it('is how far the block of push-t must go and turn', () => {
    const world = pushT.create();
    fc.assert(
      fc.property(seed, (drawn) => {
        const [easy, normal, hard] = (['easy', 'default', 'hard'] as const).map((level) =>
          blockMotion(world.task(drawn, level)),
        ) as [number, number, number];
        expect(easy).toBeGreaterThanOrEqual(40);
        expect(easy).toBeLessThan(normal);
        expect(normal).toBeGreaterThanOrEqual(80);
        expect(normal).toBeLessThanOrEqual(160);
        expect(normal).toBeLessThan(hard);
      }),
      { numRuns: 20 },
    );
  });

  it('is whether the goal of two-room lies in the other room, and how long the way is', () => {
    const world = twoRoom.create();
    fc.assert(
      fc.property(seed, difficulty, (drawn, level) => {
        const task = world.task(drawn, level);
        const [start, goal] = [ballOf(task.start), ballOf(task.goal)];
        expect(roomOf(start) === roomOf(goal)).toBe(level === 'easy');
        if (level === 'hard') expect(wayLength(planOf(8, 56, 112), start, goal)).toBeGreaterThanOrEqual(180);
        // Twice the steps of a ball that goes straight, along one axis at a time at worst.
        expect(wayLength(planOf(8, 56, 112), start, goal) / 25).toBeLessThan(task.budget / 1.5);
      }),
    );
  });
});
