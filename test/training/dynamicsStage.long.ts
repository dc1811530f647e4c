/** `train --stage dynamics` and `--stage practice`: what an agent gains and what it keeps. */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { readAgentFiles } from '../../server/agent/agentFiles.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { defaultAgentTrainingConfig } from '../../server/training/agentTraining.ts';
import { trainAgent } from '../../server/training/trainAgent.ts';
import { ManualClock } from '../../shared/clock.ts';

let directory: string;
const engine = createCpuEngine({ threads: 1 });
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'reverie-dynamics-'));
  await cp(weightsDirectory('two-room'), directory, { recursive: true });
});
afterAll(async () => {
  await engine.dispose();
  await rm(directory, { recursive: true, force: true });
});

test.each([
  ['dynamics', 0.1, ['collect', 'encode', 'dynamics', 'distance'], /held actions too$/],
  [
    'practice',
    0.1,
    ['collect', 'encode', 'practice', 'practised-dynamics', 'practised-distance', 'proposal'],
    /play of its own$/,
  ],
  // The same agent, which has a proposal by now, forgets it.
  ['practice', 0, ['collect', 'encode', 'practice', 'practised-dynamics', 'practised-distance'], /play of its own$/],
] as const)(
  '%s (%s for the proposal) trains predictor and distance, and keeps the encoder, the renderer and the record of earlier commands',
  async (stage, proposalShare, expected, behaviour) => {
    const before = await readAgentFiles(directory);
    const renderer = await readFile(join(directory, 'renderer.safetensors'));
    const clock = new ManualClock();
    const stages = new Set<string>();
    const card = await trainAgent(
      {
        definition: await loadWorld('two-room'),
        engine,
        directory,
        minutes: 4,
        seed: 3,
        clock,
        config: {
          ...defaultAgentTrainingConfig,
          episodes: 1,
          heldOutEpisodes: 12,
          encodedEpisodes: 10,
          heldEpisodes: 2,
          length: 20,
          proposalShare,
        },
        resume: false,
        onProgress(stage) {
          stages.add(stage);
          clock.advance(60_000);
        },
        interrupted: new AbortController().signal,
      },
      { stage, command: `train --stage ${stage}` },
    );
    const after = await readAgentFiles(directory);
    expect([...stages]).toEqual(expected);
    for (const [name, { data }] of Object.entries(before.latent.tensors)) {
      const trained = name.startsWith('predictor/') || name.startsWith('distance/');
      const now = after.latent.tensors[name]?.data;
      if (name.startsWith('proposal/')) expect(now, name).toBeUndefined();
      else if (trained) expect(now, name).not.toEqual(data);
      else expect(now, name).toEqual(data);
    }
    expect(after.latent.config.proposal !== undefined).toBe(stage === 'practice' && proposalShare > 0);
    expect(await readFile(join(directory, 'renderer.safetensors'))).toEqual(renderer);
    expect(card.recipe.command).toBe(`${before.card.recipe.command} && train --stage ${stage}`);
    expect(card.recipe.minutes).toBe(before.card.recipe.minutes + 4);
    expect(card.data.behaviour).toMatch(behaviour);
    expect(card.accuracy).toEqual(before.card.accuracy);
    expect(card.rendererSeed).toBe(before.card.rendererSeed ?? before.card.recipe.seed);
    expect(after.card).toEqual(card);
  },
);
