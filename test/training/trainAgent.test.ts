/** What a training plays: no more than what it still learns from, and what it is measured on. */
import { expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { collectFor, defaultAgentTrainingConfig } from '../../server/training/agentTraining.ts';

const config = { ...defaultAgentTrainingConfig, episodes: 3, heldOutEpisodes: 4, length: 12 };

test('held-out episodes are the same without those to learn from', async () => {
  const collection = { definition: await loadWorld('two-room'), config, seed: 3, onProgress() {} };
  const all = collectFor(collection);
  const alone = collectFor(collection, 'held out');
  expect(all.episodes).toHaveLength(3);
  expect(all.heldOut).toHaveLength(4);
  expect(alone.heldOut).toEqual(all.heldOut);
  expect(alone.episodes).toEqual([]);
  expect(alone.frames).toHaveLength(0);
});
