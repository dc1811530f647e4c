/** What an agent practises for. */
import { expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { createWorld } from '../../envs/validateDefinition.ts';
import { loadModel } from '../../server/agent/loadedModel.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { frameOf, nearestGoal, practiceTask } from '../../server/training/practiceGoals.ts';
import { Random } from '../../shared/random.ts';

test('of the goals that are looked at the nearest is taken, as the world itself would have it too', async () => {
  const world = createWorld(await loadWorld('two-room'));
  const { dynamics, dispose } = await loadModel(weightsDirectory('two-room'), (await loadWorld('two-room')).spec, 1);
  const shows = (frame: Uint8Array, state: Parameters<typeof frameOf>[1]) =>
    Buffer.compare(frame, frameOf(world, state)) === 0;
  const places: number[] = [];
  for (let seed = 0; seed < 12; seed++) {
    const { start } = practiceTask(world, new Random(seed).fork('start'));
    const drawn = new Random(seed);
    const goals = Array.from({ length: 8 }, () => practiceTask(world, drawn).goal);
    const chosen = await nearestGoal(dynamics, world, frameOf(world, start), new Random(seed));
    const place = goals
      .toSorted((a, b) => world.distance(start, a) - world.distance(start, b))
      .findIndex((goal) => shows(chosen, goal));
    places.push(place);
  }
  await dispose();
  // 0 is the truly nearest of eight.
  expect(Math.min(...places)).toBe(0);
  expect(places.filter((place) => place <= 1).length).toBeGreaterThanOrEqual(10);
});
