/** The bench of surprise: the shipped model of two-room knows a ball that is where it cannot be. */
import { expect, it } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { defaultSurpriseConfig } from '../../models/diffusion/likelihood/frameSurprise.ts';
import { loadRenderer } from '../../server/agent/loadedRenderer.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { benchFrameSurprise } from '../../server/bench/frameSurpriseBench.ts';

it('finds a teleported ball dearer than the true one, and is determined by its seed', async () => {
  const agent = await loadRenderer(weightsDirectory('two-room'), { threads: 1 });
  const bench = {
    definition: await loadWorld('two-room'),
    agent,
    events: 2,
    seed: 1,
    config: { ...defaultSurpriseConfig, steps: 6 },
  };
  const rows = await benchFrameSurprise(bench);
  const teleport = rows.find(({ kind }) => kind === 'teleport');
  expect(teleport).toMatchObject({ count: 2, dearer: 1 });
  expect(teleport?.impossibleBits).toBeGreaterThan(teleport?.realBits ?? 0);
  for (const { count, area, dearer } of rows) {
    expect(count).toBeLessThanOrEqual(2);
    for (const share of [area, dearer]) expect(share).toBeGreaterThanOrEqual(0);
    for (const share of [area, dearer]) expect(share).toBeLessThanOrEqual(1);
  }
  expect(await benchFrameSurprise(bench)).toEqual(rows);
  await agent.dispose();
}, 240_000);
