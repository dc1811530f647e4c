/** How hard an agent thinks while it practises: at a glance where it moves things, as it is evaluated elsewhere. */
import { expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { createWorld } from '../../envs/validateDefinition.ts';
import { OracleDynamics, trueDistance } from '../../models/planning/oracleDynamics.ts';
import { practiceSearch } from '../../server/training/practiceSearch.ts';
import { Random } from '../../shared/random.ts';

/** Candidates of each iteration of a search. */
async function searched(movesThings: boolean): Promise<number[]> {
  const definition = await loadWorld('two-room');
  const world = createWorld(definition);
  const { start, goal } = world.task(1, 'default');
  world.place(start);
  const dynamics = new OracleDynamics(world);
  dynamics.startFrom(world.snapshot());
  const sizes: number[] = [];
  await practiceSearch(movesThings).solver.plan({
    dynamics,
    objective: trueDistance(world, dynamics, goal),
    latent: dynamics.toLatent(start),
    space: definition.spec.action,
    random: new Random(1),
    observe: ({ costs }) => sizes.push(costs.length),
  });
  return sizes;
}

test('an agent that moves things searches at a glance, another as an evaluation does', async () => {
  expect(await searched(true)).toEqual([32, 32]);
  expect(await searched(false)).toEqual([64, 64, 64, 64, 64]);
  expect(practiceSearch(true).executed).toBeGreaterThan(practiceSearch(false).executed);
});
