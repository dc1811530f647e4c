/**
 * Collecting a dataset: episodes of a world's scripted behaviour, played by an executor in parts of a few episodes and
 * written in shards of some hundreds. The parts come back in order, so that the bytes on disk depend on the request
 * alone, whatever the number of workers. A shard is written whole and then listed in the metadata: whenever the process
 * is killed, the shards that are listed are good, and the others are collected when the dataset is taken up.
 */
import { join } from 'node:path';
import { DataError } from '../../shared/errors.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import type { Executor } from '../executor/executor.ts';
import { writeAtomically } from '../files/writeAtomically.ts';
import { type CollectPart, collectPartJob } from './collectPart.ts';
import {
  type DatasetMetadata,
  type ShardEntry,
  shardIndex,
  shardName,
  shardNotes,
  shardShapeOf,
  withShards,
  writeMetadata,
} from './datasetMetadata.ts';
import { sha256, startDataset } from './datasetStart.ts';
import { type DatasetRequest, describeDataset, type Provenance } from './describeDataset.ts';
import { type EpisodeBlock, episodesIn, joinBlocks, stepsIn } from './episodeBlock.ts';
import { encodeShard } from './shardFile.ts';

/** Episodes in a shard: a megabyte or so, and some seconds of work. */
const EPISODES_PER_SHARD = 256;

/** Episodes that a worker plays at a time: a tenth of a second, far more than handing them over takes. */
const EPISODES_PER_PART = 16;

export interface CollectDatasetOptions extends DatasetRequest {
  readonly definition: WorldDefinition;
  /** By which name workers load the same world: an id, an absolute path, or a package. */
  readonly world: string;
  readonly directory: string;
  readonly executor: Executor;
  readonly provenance: Provenance;
  /** Whether a dataset that was begun is gone on with; a new one is begun either way. */
  readonly resume: boolean;
  readonly signal?: AbortSignal;
  /** Told how many episodes are there, those found on disk included, of which `taken` were not played now. */
  readonly onProgress?: (done: number, taken: number) => void;
  /** For tests. */
  readonly episodesPerShard?: number;
}

/**
 * Collects what is missing and returns the metadata of the complete dataset.
 * @throws UsageError, DataError when the directory holds something else (`startDataset`), or cannot be written
 * @throws DataError when it is interrupted, saying how to go on
 */
export async function collectDataset(options: CollectDatasetOptions): Promise<DatasetMetadata> {
  const { definition, directory, executor, resume, signal, onProgress } = options;
  const perShard = options.episodesPerShard ?? EPISODES_PER_SHARD;
  const wanted = describeDataset(definition.spec, options, options.provenance, perShard);
  const start = await startDataset(directory, wanted, resume);
  const taken = start.total_episodes;
  const there = new Set(start.shards.map(shardIndex));
  const parts = missingParts(options, perShard, there);
  let done = taken;
  let pending: EpisodeBlock[] = [];
  // While a shard is written, the workers play the next one.
  let writing = Promise.resolve(start);
  onProgress?.(done, taken);
  try {
    let at = 0;
    for await (const block of executor.map(collectPartJob, parts, { describe, ...(signal && { signal }) })) {
      const { first, count } = parts[at++] as CollectPart;
      pending.push(block);
      done += count;
      onProgress?.(done, taken);
      const isLast = (first + count) % perShard === 0 || first + count === options.episodes;
      if (!isLast) continue;
      const metadata = await writing;
      writing = addShard(directory, metadata, Math.floor(first / perShard), joinBlocks(pending));
      writing.catch(() => {}); // thrown where it is awaited
      pending = [];
    }
  } catch (error) {
    const metadata = await writing;
    if (!signal?.aborted) throw error;
    throw new DataError(
      `interrupted with ${metadata.total_episodes} of ${options.episodes} episodes in "${directory}"; the same command with --resume goes on`,
      { cause: error },
    );
  }
  return await writing;
}

/** The parts of the shards that are not there, in order; none reaches from one shard into the next. */
function missingParts(
  { world, episodes, seed, length, plan }: CollectDatasetOptions,
  perShard: number,
  there: ReadonlySet<number>,
): CollectPart[] {
  const parts: CollectPart[] = [];
  for (let shard = 0; shard * perShard < episodes; shard++) {
    if (there.has(shard)) continue;
    const end = Math.min((shard + 1) * perShard, episodes);
    for (let first = shard * perShard; first < end; first += EPISODES_PER_PART) {
      parts.push({ world, seed, first, count: Math.min(EPISODES_PER_PART, end - first), length, plan });
    }
  }
  return parts;
}

function describe({ first, count }: CollectPart): string {
  return count === 1 ? `episode ${first}` : `episodes ${first} to ${first + count - 1}`;
}

/** Writes a shard, then the metadata that list it. */
async function addShard(
  directory: string,
  metadata: DatasetMetadata,
  index: number,
  block: EpisodeBlock,
): Promise<DatasetMetadata> {
  const shard = await writeShard(directory, metadata, index, block);
  const longer = withShards(metadata, [...metadata.shards, shard]);
  await writeMetadata(directory, longer);
  return longer;
}

async function writeShard(
  directory: string,
  metadata: DatasetMetadata,
  index: number,
  block: EpisodeBlock,
): Promise<ShardEntry> {
  const name = shardName(index);
  const bytes = encodeShard(block, shardShapeOf(metadata), shardNotes(metadata, index));
  await writeAtomically(join(directory, name), bytes);
  return { name, episodes: episodesIn(block), steps: stepsIn(block), bytes: bytes.length, sha256: sha256(bytes) };
}
