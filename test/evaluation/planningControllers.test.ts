/** How plans are followed: how many of a plan's steps are taken, and what the next search begins with. */
import { describe, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { drawTasks } from '../../server/evaluation/evaluate.ts';
import { type MakePlan, planningController } from '../../server/evaluation/planningControllers.ts';
import { ManualClock } from '../../shared/clock.ts';

const HORIZON = 8;

/** Plays some steps of plans whose n-th says n at its first step, n + 0.1 at its second, and so on. */
async function follow(executed?: number, steps = 6) {
  const world = (await loadWorld('two-room')).create();
  const [task] = drawTasks(world, 1, 3);
  if (!task) throw new TypeError('no task was drawn');
  const warmStarts: (number[] | undefined)[] = [];
  const makePlan: MakePlan = async (_world, _set, _seed, warmStart) => {
    const plan = warmStarts.push(warmStart && Array.from(warmStart)) - 1;
    return Float32Array.from({ length: HORIZON * 2 }, (_, i) => plan + Math.floor(i / 2) / HORIZON);
  };
  const controller = planningController(makePlan, 0, new ManualClock(), executed);
  world.place(task.goal);
  await controller.begin({ task, goalFrame: world.frame() });
  world.place(task.start);
  const taken: number[] = [];
  for (let step = 0; step < steps; step++)
    taken.push(((await controller.act(world)) as readonly number[])[0] as number);
  return { taken, warmStarts };
}

describe('a plan', () => {
  test('is made anew at every step unless told, from the rest of the last', async () => {
    const { taken, warmStarts } = await follow();
    expect(taken).toEqual([0, 1, 2, 3, 4, 5]);
    expect(warmStarts[0]).toBeUndefined();
    expect(warmStarts[1]).toHaveLength((HORIZON - 1) * 2);
    expect(warmStarts[1]?.[0]).toBe(1 / 8);
  });

  test('is followed for three steps where three are asked for', async () => {
    const { taken } = await follow(3);
    expect(taken).toEqual([0, 1 / 8, 2 / 8, 1, 1 + 1 / 8, 1 + 2 / 8]);
  });

  test('that is followed to its end leaves the next search nothing to begin with', async () => {
    const { taken, warmStarts } = await follow(HORIZON, HORIZON + 1);
    expect(taken.slice(-2)).toEqual([7 / 8, 1]);
    expect(warmStarts).toEqual([undefined, undefined]);
  });
});
