/** What a training plays and encodes: no more than what it still learns from. */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { digestFrames } from '../../server/data/frameDigest.ts';
import { collectFor, defaultAgentTrainingConfig } from '../../server/training/agentTraining.ts';
import { trainAgent } from '../../server/training/trainAgent.ts';
import { ManualClock } from '../../shared/clock.ts';

const config = { ...defaultAgentTrainingConfig, episodes: 3, heldOutEpisodes: 4, length: 12 };

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'reverie-agent-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('held-out episodes are the same without those to learn from', async () => {
  const collection = { definition: await loadWorld('two-room'), config, seed: 3, onProgress() {} };
  const all = collectFor(collection);
  const alone = collectFor(collection, 'held out');
  expect(all.episodes).toHaveLength(3);
  expect(all.heldOut).toHaveLength(4);
  expect(alone.heldOut.map(({ seed }) => seed)).toEqual(all.heldOut.map(({ seed }) => seed));
  expect(digestFrames(alone.heldOut.map(({ frames }) => frames))).toEqual(
    digestFrames(all.heldOut.map(({ frames }) => frames)),
  );
  expect(alone.episodes).toEqual([]);
  expect(alone.frames).toHaveLength(0);
});

test('a stage whose latent model is written plays nothing but what it is measured on', async () => {
  await cp(weightsDirectory('two-room'), directory, { recursive: true });
  const latent = await readFile(join(directory, 'latent.safetensors'));
  const engine = createCpuEngine({ threads: 1 });
  const stages = new Set<string>();
  let written = 0;
  const card = await trainAgent(
    {
      definition: await loadWorld('two-room'),
      engine,
      directory,
      minutes: 4,
      seed: 3,
      clock: new ManualClock(),
      config,
      resume: true,
      onProgress: (stage) => stages.add(stage),
      interrupted: new AbortController().signal,
    },
    { stage: 'latent', command: 'a command', learned: true, onLearned: async () => void written++ },
  );
  await engine.dispose();
  expect([...stages]).toEqual(['collect']);
  expect(written).toBe(1);
  expect(card.recipe.command).toBe('a command');
  expect(latent.equals(await readFile(join(directory, 'latent.safetensors')))).toBe(true);
});
