/** Practice: the agent's own play, what is kept of it, and that an interrupted one goes on to the bit. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import type { LatentWeights } from '../../models/latent/learnedDynamics.ts';
import { latentSizeOf } from '../../models/latent/motion.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { float32 } from '../../models/tensor/program.ts';
import { readAgentFiles } from '../../server/agent/agentFiles.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { writeTensorFile } from '../../server/files/tensorFile.ts';
import { type Practised, practise } from '../../server/training/practice.ts';
import { loadPractice, savePractice } from '../../server/training/practiceCheckpoint.ts';
import { practiceSearch } from '../../server/training/practiceSearch.ts';
import { ManualClock } from '../../shared/clock.ts';
import { WeightsError } from '../../shared/errors.ts';
import { Random } from '../../shared/random.ts';
import type { WorldDefinition } from '../../shared/world.ts';

const LENGTH = 4;
const EPISODES = 3;

let directory: string;
let weights: LatentWeights;
let definition: WorldDefinition;
const engine = createCpuEngine({ threads: 1 });
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'reverie-practice-'));
  weights = (await readAgentFiles(weightsDirectory('lander'))).latent;
  definition = await loadWorld('lander');
});
afterAll(async () => {
  await engine.dispose();
  await rm(directory, { recursive: true, force: true });
});

/** Practises on a clock that an episode advances by a minute, until `until` episodes are played, and keeps them. */
async function practiseUntil(until: number, resume?: Practised, seed = 1) {
  const clock = new ManualClock();
  const stop = new AbortController();
  const counts: number[] = [];
  const trajectories = await practise({
    definition,
    engine,
    weights,
    search: practiceSearch(false),
    minutes: EPISODES,
    length: LENGTH,
    random: new Random(seed),
    clock,
    interrupted: stop.signal,
    ...(resume && { resume }),
    onEpisode: (episodes) => {
      counts.push(episodes);
      clock.advance(60_000);
      if (episodes === until) stop.abort();
    },
    onCheckpoint: (practised) => savePractice(directory, practised),
  });
  return { trajectories, counts };
}

test('plays towards goals for as long as there is time, and goes on after an interruption where it was', async () => {
  const whole = await practiseUntil(EPISODES + 1);
  expect(whole.counts).toEqual([1, 2, 3]);
  for (const { steps, latents, actions } of whole.trajectories) {
    expect(steps).toBe(LENGTH);
    expect(latents).toHaveLength((LENGTH + 1) * latentSizeOf(weights.config));
    expect(actions).toHaveLength(LENGTH * 2);
    expect(new Set(latents).size).toBeGreaterThan(latents.length / 4);
  }
  const [first, second] = whole.trajectories;
  expect(first?.latents).not.toEqual(second?.latents);

  await practiseUntil(1);
  const kept = await loadPractice(directory);
  expect(kept?.trajectories).toHaveLength(1);
  expect(kept?.elapsed).toBe(60_000);
  const resumed = await practiseUntil(EPISODES + 1, kept);
  expect(resumed.counts).toEqual([2, 3]);
  expect(resumed.trajectories).toEqual(whole.trajectories);
  expect((await loadPractice(directory))?.trajectories).toEqual(whole.trajectories);

  const other = await practiseUntil(1, undefined, 2);
  expect(other.trajectories[0]?.latents).not.toEqual(first?.latents);
});

test('plays one episode even where there is no time', async () => {
  const told: number[][] = [];
  const trajectories = await practise({
    definition,
    engine,
    weights,
    search: practiceSearch(false),
    minutes: 0,
    length: LENGTH,
    random: new Random(1),
    clock: new ManualClock(),
    interrupted: new AbortController().signal,
    onEpisode: (episodes, progress) => told.push([episodes, progress]),
    onCheckpoint: async () => {},
  });
  expect(trajectories).toHaveLength(1);
  expect(told).toEqual([[1, 1]]);
});

test('a checkpoint that is not there, damaged or of something else is told apart', async () => {
  const empty = await mkdtemp(join(directory, 'empty-'));
  expect(await loadPractice(empty)).toBeUndefined();
  await writeFile(join(empty, 'practice-training.safetensors'), 'not tensors');
  await expect(loadPractice(empty)).rejects.toThrow(WeightsError);
  await expect(loadPractice(empty)).rejects.toThrow(/practice-training\.safetensors/);
  const tensors = { actions: float32([1, 2], [2]), latents: float32([1, 2], [2]) };
  await writeTensorFile(join(empty, 'practice-training.safetensors'), { tensors, metadata: {} });
  await expect(loadPractice(empty)).rejects.toThrow(/holds no episodes/);
  await savePractice(empty, { trajectories: [], elapsed: 5 });
  expect(await loadPractice(empty)).toEqual({ trajectories: [], elapsed: 5 });
});
