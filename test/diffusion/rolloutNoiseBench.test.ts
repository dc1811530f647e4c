/** The flicker that the noise of a rollout makes, on the shipped agent of a world. */
import { expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { loadRenderer } from '../../server/agent/loadedRenderer.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { benchRolloutNoise } from '../../server/bench/rolloutNoiseBench.ts';

test('a still latent is painted without flicker where noise is shared, with most where each frame has its own', async () => {
  const { renderer, encode, dispose } = await loadRenderer(weightsDirectory('two-room'), { threads: 1 });
  const definition = await loadWorld('two-room');
  const painters = [{ method: 'mcm', steps: 1 }] as const;
  const bench = { definition, renderer, encode, painters, frames: 20, seed: 1, correlations: [1, 0.9, 0] };
  const [shared, some, own] = await benchRolloutNoise(bench);
  await dispose();
  expect(shared).toMatchObject({ method: 'mcm', steps: 1, correlation: 1, stillFlicker: 0 });
  expect(some?.stillFlicker).toBeGreaterThan(0);
  expect(own?.stillFlicker).toBeGreaterThan(some?.stillFlicker ?? 0);
  expect(own?.flicker).toBeGreaterThan(shared?.flicker ?? 0);
});
