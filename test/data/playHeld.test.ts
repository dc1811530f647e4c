/** Held actions: they stay in the space, are held, rest now and then, and are the same for the same seed. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadWorld, worldIds } from '../../envs/registry.ts';
import { playHeld } from '../../server/data/playHeld.ts';
import { type Action, contains } from '../../shared/space.ts';
import type { World } from '../../shared/world.ts';

function actionsOf(world: World, seed: number, steps: number): Action[] {
  const actions: Action[] = [];
  for (const { action } of playHeld(world, seed)) {
    if (action) actions.push(action);
    if (actions.length === steps) break;
  }
  return actions;
}

test.each(worldIds())('plays %s within its space, the same for the same seed', async (id) => {
  const world = (await loadWorld(id)).create();
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const actions = actionsOf(world, seed, 25);
      expect(actions.every((action) => contains(world.spec.action, action))).toBe(true);
      expect(actionsOf(world, seed, 25)).toEqual(actions);
    }),
    { numRuns: 5 },
  );
});

test('rests, presses against bounds, and holds', async () => {
  const world = (await loadWorld('push-t')).create();
  const actions = actionsOf(world, 3, 2000).map(([x = 0]) => x);
  const share = (is: (x: number) => boolean) => actions.filter(is).length / actions.length;
  expect(share((x) => Math.abs(x) < 0.2)).toBeGreaterThan(0.3);
  expect(share((x) => Math.abs(x) > 0.9)).toBeGreaterThan(0.25);
  const held = actions.slice(1).filter((x, i) => Math.abs(x - (actions[i] as number)) < 0.3).length;
  expect(held / actions.length).toBeGreaterThan(0.7);
});
