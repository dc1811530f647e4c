/**
 * A dataset on disk, opened: its metadata, and its episodes read when they are asked for. Every file is checked before
 * it is believed: size on opening, SHA-256 on reading, and the frames that are drawn again against the digest of those
 * that the world drew. What fails is a `DataError` that names the file and says what to do.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../../shared/errors.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import {
  type DatasetMetadata,
  isComplete,
  readMetadata,
  type ShardEntry,
  shardName,
  shardNotes,
  shardShapeOf,
  withShards,
} from './datasetMetadata.ts';
import { sha256 } from './datasetStart.ts';
import { episodesIn, episodesOf, type StoredEpisode, stepsIn } from './episodeBlock.ts';
import { digestFrames, redrawFrames } from './frameDigest.ts';
import { decodeShard } from './shardFile.ts';

/** What mends a damaged dataset. */
const REMEDY = 'collect it again: the same command with --resume replaces what is damaged or missing';

export class Dataset {
  readonly directory: string;
  readonly metadata: DatasetMetadata;
  private readonly definition: WorldDefinition | undefined;
  private loaded: { readonly shard: number; readonly episodes: Promise<readonly StoredEpisode[]> } | undefined;

  /** Use `openDataset`. */
  constructor(directory: string, metadata: DatasetMetadata, definition?: WorldDefinition) {
    this.directory = directory;
    this.metadata = metadata;
    this.definition = definition;
  }

  /** The columns of the states. */
  get quantityNames(): string[] {
    return this.metadata.quantities.map(({ name }) => name);
  }

  /** One episode. @throws RangeError when there is no such episode; DataError when its file is not what it was */
  async episode(index: number): Promise<StoredEpisode> {
    const { total_episodes, episodes_per_shard } = this.metadata;
    if (!(Number.isInteger(index) && index >= 0 && index < total_episodes)) {
      throw new RangeError(`there is no episode ${index}: the dataset has ${total_episodes}, numbered from 0`);
    }
    const episodes = await this.shard(Math.floor(index / episodes_per_shard));
    return episodes[index % episodes_per_shard] as StoredEpisode;
  }

  /** All episodes in order, one file in memory at a time. @throws DataError when a file is not what it was */
  async *episodes(): AsyncGenerator<StoredEpisode, void, undefined> {
    for (const shard of this.metadata.shards.keys()) yield* await this.shard(shard);
  }

  /**
   * The frames of an episode, `[steps + 1, 64·64·3]`, to the bit those that the world drew.
   * @throws DataError when the world isn't at hand or is of another version, or draws other frames
   */
  async framesOf({ index, states, variation, frameDigest }: StoredEpisode): Promise<Uint8Array> {
    const { id, version } = this.metadata.world;
    if (!this.definition) {
      throw new DataError(`the frames of "${this.directory}" are drawn by its world, '${id}'; name its module`);
    }
    const frames = redrawFrames(this.definition, variation, this.quantityNames, states);
    if (digestFrames([frames]).toString('hex') === frameDigest) return frames;
    throw new DataError(
      `the frames of episode ${index} in "${this.directory}" come out otherwise than when they were collected: '${id}' ${version} was drawn with ${describeSoftware(this.metadata)}; use the same releases, or collect again`,
    );
  }

  /** Keeps the file read last, since neighbouring episodes lie in the same one. */
  private shard(shard: number): Promise<readonly StoredEpisode[]> {
    if (this.loaded?.shard !== shard) this.loaded = { shard, episodes: this.readShard(shard) };
    return this.loaded.episodes;
  }

  private async readShard(shard: number): Promise<readonly StoredEpisode[]> {
    const entry = this.metadata.shards[shard] as ShardEntry;
    const path = join(this.directory, entry.name);
    const file = await readFile(path).catch((cause) => {
      throw new DataError(`"${path}" cannot be read (${cause.message}); ${REMEDY}`, { cause });
    });
    if (sha256(file) !== entry.sha256) {
      throw new DataError(`"${path}" is not what was collected: its SHA-256 differs; ${REMEDY}`);
    }
    try {
      const block = decodeShard(file, shardShapeOf(this.metadata), shardNotes(this.metadata, shard));
      if (episodesIn(block) !== entry.episodes || stepsIn(block) !== entry.steps) {
        throw new DataError('its episodes are not those that the metadata list');
      }
      return episodesOf(block, shard * this.metadata.episodes_per_shard);
    } catch (cause) {
      if (!(cause instanceof DataError)) throw cause;
      throw new DataError(`"${path}" does not belong to this dataset: ${cause.message}; ${REMEDY}`, { cause });
    }
  }
}

/**
 * Opens the dataset in the directory; the definition of its world is needed for frames alone.
 * @throws DataError when there is none, it is unfinished, a file is missing or cut short, or the world is another
 */
export async function openDataset(directory: string, definition?: WorldDefinition): Promise<Dataset> {
  const metadata = await readMetadata(directory);
  if (!metadata) {
    throw new DataError(`"${directory}" holds no dataset; \`reverie collect --out ${directory}\` makes one`);
  }
  if (!isComplete(metadata)) {
    throw new DataError(
      `"${directory}" has ${metadata.total_episodes} of ${metadata.requested_episodes} episodes; the command that began it goes on with --resume`,
    );
  }
  refuseOddShards(directory, metadata);
  if (definition) refuseOtherWorld(directory, metadata, definition);
  for (const shard of metadata.shards) await refuseOtherSize(directory, shard);
  return new Dataset(directory, metadata, definition);
}

/** Shards must follow from the numbers of episodes, since episodes are found by them. */
function refuseOddShards(directory: string, metadata: DatasetMetadata): void {
  const { shards, total_episodes, total_steps, episodes_per_shard } = metadata;
  const damaged = `the metadata of "${directory}" are damaged: `;
  shards.forEach(({ name, episodes }, i) => {
    if (name !== shardName(i) || episodes !== Math.min(episodes_per_shard, total_episodes - i * episodes_per_shard)) {
      throw new DataError(`${damaged}${name} is out of place; collect the dataset again`);
    }
  });
  const sums = withShards(metadata, shards);
  if (sums.total_episodes !== total_episodes || sums.total_steps !== total_steps) {
    throw new DataError(`${damaged}the totals are not those of the shards; collect the dataset again`);
  }
}

function refuseOtherWorld(directory: string, { world, quantities }: DatasetMetadata, { spec }: WorldDefinition): void {
  if (world.id !== spec.id || world.version !== spec.version) {
    throw new DataError(
      `"${directory}" was collected in '${world.id}' ${world.version}, not '${spec.id}' ${spec.version}; name that world, or collect again`,
    );
  }
  const names = quantities.map(({ name }) => name).join(', ');
  if (names !== Object.keys(spec.quantities).join(', ')) {
    throw new DataError(
      `"${directory}" has the quantities ${names}, and '${spec.id}' others: raise its version when it changes, and collect again`,
    );
  }
}

async function refuseOtherSize(directory: string, { name, bytes }: ShardEntry): Promise<void> {
  const path = join(directory, name);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new DataError(`"${path}" is missing; ${REMEDY}`);
  if (found.size !== bytes) throw new DataError(`"${path}" has ${found.size} bytes instead of ${bytes}; ${REMEDY}`);
}

function describeSoftware({ software }: DatasetMetadata): string {
  return Object.entries(software)
    .map(([name, release]) => `${name} ${release}`)
    .join(', ');
}
