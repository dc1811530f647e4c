/** What the tests of datasets share: small datasets of the drifting dot, collected in this thread. */
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CollectDatasetOptions, collectDataset } from '../../server/data/collectDataset.ts';
import type { DatasetMetadata } from '../../server/data/datasetMetadata.ts';
import { noVariation } from '../../server/data/variationPlan.ts';
import { InlineExecutor } from '../../server/executor/inlineExecutor.ts';
import drift from './driftWorld.ts';

export const driftPath = fileURLToPath(new URL('./driftWorld.ts', import.meta.url));

/** Forty episodes in shards of 16: the last shard is a short one. */
export const small = {
  definition: drift,
  world: driftPath,
  episodes: 40,
  seed: 7,
  length: 20,
  plan: noVariation,
  resume: false,
  provenance: { software: { canvas: '1' }, commit: 'abc' },
  episodesPerShard: 16,
};

export function collectSmall(
  directory: string,
  options: Partial<CollectDatasetOptions> = {},
): Promise<DatasetMetadata> {
  return collectDataset({ ...small, directory, executor: new InlineExecutor(), ...options });
}

export function newDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'reverie-data-'));
}

/** All files of a directory, by name. */
export async function filesIn(directory: string): Promise<Record<string, string>> {
  const names = (await readdir(directory)).sort();
  const files = names.map(async (name) => [name, (await readFile(join(directory, name))).toString('base64')]);
  return Object.fromEntries(await Promise.all(files));
}

/** What a promise was rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('nothing failed');
}
