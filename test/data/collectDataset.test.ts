import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { collectPart } from '../../server/data/collectPart.ts';
import { openDataset } from '../../server/data/dataset.ts';
import type { StoredEpisode } from '../../server/data/episodeBlock.ts';
import { collectEpisodes } from '../../server/data/episodes.ts';
import { parseVariationPlan } from '../../server/data/variationPlan.ts';
import { WorkerExecutor } from '../../server/executor/workerExecutor.ts';
import { FRAME_BYTES } from '../../shared/frame.ts';
import { dimensionsOf } from '../../shared/space.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { collectSmall, driftPath, filesIn, newDirectory, small } from './collecting.ts';
import drift, { driftSpec } from './driftWorld.ts';

let directory: string;
beforeEach(async () => {
  directory = await newDirectory();
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const varied = parseVariationPlan(['speed', 'color', 'fault=0'], driftSpec.factors ?? {});

async function all(dataset: { episodes(): AsyncIterable<StoredEpisode> }): Promise<StoredEpisode[]> {
  const episodes: StoredEpisode[] = [];
  for await (const episode of dataset.episodes()) episodes.push(episode);
  return episodes;
}

/** Plays the stored actions from the stored seed; says whether every state and frame is the stored one, to the bit. */
function replays(definition: WorldDefinition, episode: StoredEpisode, frames: Uint8Array): boolean {
  const world = definition.create(episode.variation);
  const names = Object.keys(definition.spec.quantities);
  const width = dimensionsOf(definition.spec.action);
  const isNow = (t: number): boolean =>
    names.every((name, i) => Object.is(world.state()[name], episode.states[t * names.length + i])) &&
    Buffer.compare(world.frame(), frames.subarray(t * FRAME_BYTES, (t + 1) * FRAME_BYTES)) === 0;
  world.reset(episode.seed);
  if (!isNow(0)) return false;
  for (let t = 0; t < episode.steps; t++) {
    const { terminated } = world.step(Array.from(episode.actions.subarray(t * width, (t + 1) * width)));
    if (!isNow(t + 1) || terminated !== (episode.terminations[t] === 1)) return false;
  }
  return true;
}

describe('the same request gives the same bytes', () => {
  const one = new WorkerExecutor({ workers: 1 });
  const three = new WorkerExecutor({ workers: 3 });
  afterAll(() => Promise.all([one.dispose(), three.dispose()]));

  test.each([
    ['two-room', { world: 'two-room', length: 6, plan: parseVariationPlan([], {}) }],
    ['a world by path, varied', { world: driftPath, plan: varied }],
  ])('of %s with one worker, with three, and in this thread', async (_, request) => {
    const definition = await loadWorld(request.world);
    const [a, b, c] = [join(directory, 'a'), join(directory, 'b'), join(directory, 'c')];
    const options = { ...request, definition, episodes: 70, episodesPerShard: 32 };
    await collectSmall(a, { ...options, executor: one });
    await collectSmall(b, { ...options, executor: three });
    await collectSmall(c, options);
    const files = await filesIn(a);
    expect(Object.keys(files)).toEqual([
      'metadata.json',
      'shard-00000.safetensors',
      'shard-00001.safetensors',
      'shard-00002.safetensors',
    ]);
    expect(await filesIn(b)).toEqual(files);
    expect(await filesIn(c)).toEqual(files);
  });

  test('and more episodes begin with the same ones', async () => {
    const [a, b] = [join(directory, 'a'), join(directory, 'b')];
    await collectSmall(a, { episodes: 20 });
    await collectSmall(b, { episodes: 35 });
    const [few, many] = [await all(await openDataset(a)), await all(await openDataset(b))];
    expect(many.slice(0, 20)).toEqual(few);
  });

  test('and another seed gives others', async () => {
    const [a, b] = [join(directory, 'a'), join(directory, 'b')];
    const [first, second] = [await collectSmall(a), await collectSmall(b, { seed: 8 })];
    expect(first.shards[0]?.sha256).not.toBe(second.shards[0]?.sha256);
  });
});

describe('what is stored', () => {
  test('replays to the bit, with variations drawn by each episode', async () => {
    await collectSmall(directory, { plan: varied });
    const dataset = await openDataset(directory, drift);
    const episodes = await all(dataset);
    expect(episodes).toHaveLength(40);
    for (const episode of episodes) expect(replays(drift, episode, await dataset.framesOf(episode))).toBe(true);
    expect(new Set(episodes.map(({ variation }) => variation.speed)).size).toBe(40);
    expect(new Set(episodes.map(({ variation }) => variation.color))).toEqual(new Set(['#0096c7', '#ffb703']));
    expect(episodes.every(({ variation }) => variation.fault === 0)).toBe(true);
  });

  test('replays to the bit in a world of contacts', async () => {
    const definition = await loadWorld('push-t');
    await collectSmall(directory, { definition, world: 'push-t', episodes: 3, length: 30 });
    const dataset = await openDataset(directory, definition);
    for (const episode of await all(dataset)) {
      expect(episode.steps).toBe(30);
      expect(replays(definition, episode, await dataset.framesOf(episode))).toBe(true);
    }
  });

  test('is what training collects from the same seed', async () => {
    const definition = await loadWorld('two-room');
    await collectSmall(directory, { definition, world: 'two-room', episodes: 3, length: 5 });
    const dataset = await openDataset(directory, definition);
    const { episodes } = collectEpisodes({ definition, episodes: 3, length: 5, seed: small.seed });
    for (const [i, expected] of episodes.entries()) {
      const { seed, actions, states, ...episode } = await dataset.episode(i);
      const frames = await dataset.framesOf({ seed, actions, states, ...episode });
      expect({ seed, actions, states }).toEqual({
        seed: expected.seed,
        actions: expected.actions,
        states: expected.states,
      });
      expect(Buffer.compare(frames, expected.frames)).toBe(0);
    }
  });

  test('ends where the world ends it, or where time is over', async () => {
    await collectSmall(directory, { length: 12 });
    const episodes = await all(await openDataset(directory));
    const ends = episodes.map(({ steps, terminations, truncations, states }) => {
      const before = [...terminations.subarray(0, -1), ...truncations.subarray(0, -1)];
      expect(before.every((flag) => flag === 0)).toBe(true);
      expect(terminations[steps - 1]).toBe(Number((states.at(-2) as number) >= 60));
      expect(truncations[steps - 1]).toBe(Number(steps === 12));
      return steps;
    });
    expect(Math.min(...ends)).toBeLessThan(12);
    expect(ends.filter((steps) => steps === 12).length).toBeGreaterThan(3);
  });

  test('is described in the terms of Minari', async () => {
    const metadata = await collectSmall(directory, { plan: varied });
    expect(JSON.parse(await readFile(join(directory, 'metadata.json'), 'utf8'))).toEqual(metadata);
    const steps = (await all(await openDataset(directory))).map((episode) => episode.steps);
    expect(metadata).toMatchObject({
      dataset_id: 'test-drift/scripted-v2',
      data_format: 'safetensors',
      total_episodes: 40,
      total_steps: steps.reduce((a, b) => a + b),
      world: { id: 'test-drift', version: 2 },
      seed: 7,
      length: 20,
      factors: { fixed: { fault: 0 }, drawn: ['speed', 'color'] },
      software: { canvas: '1' },
      code_commit: 'abc',
    });
    expect(JSON.parse(metadata.action_space)).toEqual({
      type: 'Box',
      dtype: 'float32',
      shape: [1],
      low: [-0.1],
      high: [0.1],
    });
    expect(JSON.parse(metadata.observation_space)).toMatchObject({ dtype: 'uint8', shape: [64, 64, 3], high: 255 });
    expect(JSON.parse(metadata.env_spec)).toMatchObject({ id: 'reverie/test-drift-v2', max_episode_steps: 20 });
    for (const { name, bytes } of metadata.shards) expect((await stat(join(directory, name))).size).toBe(bytes);
  });

  test('does not know where or when it was collected, or by how many', async () => {
    const text = JSON.stringify(await collectSmall(directory));
    expect(text).not.toContain(directory);
    expect(text).not.toContain(driftPath);
    expect(text).not.toMatch(/workers|seconds|date/);
  });
});

test('a part is the same wherever the parts are cut', async () => {
  const request = { world: driftPath, seed: 3, length: 20, plan: varied };
  const whole = await collectPart({ ...request, first: 4, count: 3 });
  const middle = await collectPart({ ...request, first: 5, count: 1 });
  expect(middle.seeds[0]).toBe(whole.seeds[1]);
  expect(middle.frameDigests).toEqual(whole.frameDigests.slice(32, 64));
});
