/** What a dataset on disk promises whoever opens it: nothing that isn't what was collected gets through unnoticed. */
import { cp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { type Dataset, openDataset } from '../../server/data/dataset.ts';
import { loadEpisodes } from '../../server/data/datasetEpisodes.ts';
import type { DatasetMetadata } from '../../server/data/datasetMetadata.ts';
import { collectEpisodes, type Episode } from '../../server/data/episodes.ts';
import { digestFrames } from '../../server/data/frameDigest.ts';
import { DataError } from '../../shared/errors.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { collectSmall, failureOf, filesIn, newDirectory, small } from './collecting.ts';
import drift, { DriftWorld, driftSpec } from './driftWorld.ts';

let original: string;
let directory: string;
beforeAll(async () => {
  original = await newDirectory();
  await collectSmall(original);
});
afterAll(() => rm(original, { recursive: true, force: true }));
beforeEach(async () => {
  directory = await newDirectory();
  await cp(original, directory, { recursive: true });
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function readAll(dataset: Dataset): Promise<number> {
  let count = 0;
  for await (const _episode of dataset.episodes()) count++;
  return count;
}

async function alterMetadata(alter: (metadata: DatasetMetadata) => unknown): Promise<void> {
  const path = join(directory, 'metadata.json');
  const metadata = JSON.parse(await readFile(path, 'utf8'));
  alter(metadata);
  await writeFile(path, JSON.stringify(metadata));
}

/** An episode with its frames as a digest, which is quicker to compare. */
function comparable({ frames, ...episode }: Episode) {
  return { ...episode, frames: digestFrames([frames]).toString('hex') };
}

/** A `DataError` that names the file and says that collecting with --resume mends it. */
function expectMendable(error: unknown, file: string): void {
  expect(error).toBeInstanceOf(DataError);
  expect(String(error)).toContain(join(directory, file));
  expect(String(error)).toMatch(/collect it again: the same command with --resume/);
}

describe('episodes', () => {
  test('are found by their index, in any order, as they are in order', async () => {
    const dataset = await openDataset(directory);
    const inOrder = [];
    for await (const episode of dataset.episodes()) inOrder.push(episode);
    expect(inOrder.map(({ index }) => index)).toEqual(Array.from({ length: 40 }, (_, i) => i));
    for (const index of [39, 0, 16, 15, 32]) expect(await dataset.episode(index)).toEqual(inOrder[index]);
  });

  test.each([-1, 40, 1.5, Number.NaN])('number %s is not there', async (index) => {
    const dataset = await openDataset(directory);
    await expect(dataset.episode(index)).rejects.toThrow(/there is no episode .*: the dataset has 40/);
  });

  test('load as what training collects', async () => {
    const definition = await loadWorld('two-room');
    const place = join(directory, 'two-room');
    await collectSmall(place, { definition, world: 'two-room', episodes: 18, length: 4 });
    const collected = collectEpisodes({ definition, episodes: 18, length: 4, seed: small.seed });
    const dataset = await openDataset(place, definition);
    const loaded = await loadEpisodes(dataset);
    expect(loaded.episodes.map(comparable)).toEqual(collected.episodes.map(comparable));
    expect(Buffer.compare(loaded.frames, collected.frames)).toBe(0);
    const part = await loadEpisodes(dataset, { first: 15, count: 2 });
    expect(part.episodes.map(comparable)).toEqual(collected.episodes.slice(15, 17).map(comparable));
    expect(part.frames.length).toBe(2 * (part.episodes[0]?.frames.length ?? 0));
  });

  test('load with whatever lengths they have', async () => {
    const set = await loadEpisodes(await openDataset(directory, drift));
    const lengths = set.episodes.map(({ frames }) => frames.length);
    expect(new Set(lengths).size).toBeGreaterThan(3);
    expect(Buffer.concat(set.episodes.map(({ frames }) => frames)).equals(set.frames)).toBe(true);
  });
});

describe('damage', () => {
  const name = 'shard-00001.safetensors';

  test('a missing file is found on opening', async () => {
    await rm(join(directory, name));
    expectMendable(await failureOf(openDataset(directory)), name);
  });

  test('a file cut short is found on opening', async () => {
    await truncate(join(directory, name), 1000);
    const error = await failureOf(openDataset(directory));
    expectMendable(error, name);
    expect(String(error)).toMatch(/has 1000 bytes instead of \d+/);
  });

  test('a single altered bit is found on reading, wherever it is', async () => {
    const path = join(directory, name);
    const bytes = await readFile(path);
    const place = fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 7 }));
    await fc.assert(
      fc.asyncProperty(place, async ([at, bit]) => {
        const altered = Buffer.from(bytes);
        altered[at] = (altered[at] as number) ^ (1 << bit);
        await writeFile(path, altered);
        const dataset = await openDataset(directory);
        expectMendable(await failureOf(readAll(dataset)), name);
        expect((await dataset.episode(0)).index).toBe(0);
      }),
      { numRuns: 25 },
    );
  });

  test('a shard of another dataset is found, even with its digest in the metadata', async () => {
    const other = join(directory, 'other');
    const { shards } = await collectSmall(other, { seed: 8 });
    await cp(join(other, name), join(directory, name));
    await alterMetadata((metadata) => {
      const mine = metadata.shards[1]?.steps ?? 0;
      metadata.shards[1] = shards[1] as DatasetMetadata['shards'][0];
      metadata.total_steps += metadata.shards[1].steps - mine;
    });
    const error = await failureOf(readAll(await openDataset(directory)));
    expectMendable(error, name);
    expect(String(error)).toMatch(/does not belong to this dataset/);
  });

  test.each<[string, (metadata: DatasetMetadata) => unknown]>([
    ['seed', (metadata) => Object.assign(metadata, { seed: 9 })],
    ['length', (metadata) => Object.assign(metadata, { length: 30 })],
    ['quantities', (metadata) => metadata.quantities.reverse()],
    ['world', (metadata) => Object.assign(metadata.world, { version: 3 })],
    ['totals', (metadata) => Object.assign(metadata, { total_steps: 1 })],
    ['shards', (metadata) => metadata.shards.reverse()],
    ['path', (metadata) => Object.assign(metadata.shards[0] ?? {}, { name: '../shard-00000.safetensors' })],
    ['format', (metadata) => Object.assign(metadata, { format_version: 2 })],
    ['space', (metadata) => Object.assign(metadata, { action_space: '{"type":"Box"}' })],
    ['everything', (metadata) => Object.assign(metadata, { shards: null })],
  ])('altered metadata are found: %s', async (_, alter) => {
    await alterMetadata(alter);
    const error = await failureOf(openDataset(directory).then(readAll));
    expect(error).toBeInstanceOf(DataError);
    expect(String(error)).toContain(directory);
  });

  test('metadata that are no JSON are found', async () => {
    await writeFile(join(directory, 'metadata.json'), '{"dataset_id": ');
    await expect(openDataset(directory)).rejects.toThrow(/metadata\.json" is damaged: it is not JSON/);
  });

  test('is mended by collecting with --resume, which replaces what is damaged and leaves the rest', async () => {
    await rm(join(directory, 'shard-00002.safetensors'));
    await writeFile(join(directory, name), 'nonsense');
    await collectSmall(directory, { resume: true });
    expect(await filesIn(directory)).toEqual(await filesIn(original));
  });
});

describe('opening', () => {
  test('says where no dataset is', async () => {
    for (const place of [join(directory, 'nowhere'), join(directory, 'metadata.json')]) {
      const error = await failureOf(openDataset(place));
      expect(error).toBeInstanceOf(DataError);
      expect(String(error)).toContain(place);
    }
  });

  test('says that collecting is unfinished', async () => {
    await alterMetadata((metadata) => {
      metadata.total_episodes -= metadata.shards.pop()?.episodes ?? 0;
    });
    await expect(openDataset(directory)).rejects.toThrow(/has 32 of 40 episodes; .* goes on with --resume/);
  });

  test.each<[string, Partial<WorldDefinition['spec']>, RegExp]>([
    ['another version', { version: 3 }, /was collected in 'test-drift' 2, not 'test-drift' 3/],
    ['another world', { id: 'push-t' }, /was collected in 'test-drift' 2, not 'push-t' 2/],
    ['other quantities', { quantities: { x: driftSpec.quantities.x as never } }, /quantities x, heading/],
  ])('refuses %s', async (_, change, says) => {
    const definition = { ...drift, spec: { ...driftSpec, ...change } };
    const error = await failureOf(openDataset(directory, definition));
    expect(error).toBeInstanceOf(DataError);
    expect(String(error)).toMatch(says);
  });
});

describe('frames', () => {
  test('need a world', async () => {
    const dataset = await openDataset(directory);
    const error = await failureOf(dataset.framesOf(await dataset.episode(0)));
    expect(error).toBeInstanceOf(DataError);
    expect(String(error)).toMatch(/drawn by its world, 'test-drift'; name its module/);
  });

  test('that a world draws otherwise than before are refused, with what drew them', async () => {
    const definition: WorldDefinition = { spec: driftSpec, create: () => new DriftWorld({}, '#d6006d') };
    const dataset = await openDataset(directory, definition);
    const error = await failureOf(dataset.framesOf(await dataset.episode(3)));
    expect(error).toBeInstanceOf(DataError);
    expect(String(error)).toMatch(
      /frames of episode 3 in ".*" come out otherwise .* drawn with canvas 1; use the same/,
    );
  });
});
