/** Every world that comes with Reverie, checked at the length at which `reverie check` does it: minutes. */
import { expect, it } from 'vitest';
import { checkNames, checkWorld } from '../../envs/conformance/checkWorld.ts';
import { loadWorld, worldIds } from '../../envs/registry.ts';

it.each(worldIds())('%s keeps the whole contract', async (id) => {
  const results = await checkWorld(await loadWorld(id), { size: 'full' });
  expect(results.filter(({ ok }) => !ok)).toEqual([]);
  expect(results.map(({ name }) => name)).toEqual(checkNames.filter((name) => name !== 'speed'));
});
