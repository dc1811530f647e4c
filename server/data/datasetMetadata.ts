/**
 * `metadata.json` of a dataset: what it is, how it came about, and which files belong to it, with Minari's field names
 * where Minari has one (minari.farama.org, "Dataset Standards", release 0.5.3) and our own, in its style, for the rest.
 * It is written when collecting begins and again after every shard, so that at any moment it lists exactly the shards
 * that are whole. Nothing in it depends on the time, the machine's name or the number of workers.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DataError } from '../../shared/errors.ts';
import type { Space } from '../../shared/space.ts';
import { writeAtomically } from '../files/writeAtomically.ts';
import type { ShardShape } from './shardFile.ts';
import { parseActionSpace } from './spaceJson.ts';

export const METADATA_FILE = 'metadata.json';

const count = z.int().min(0);
const seed = count.max(0xffffffff);
const kinds = ['position', 'angle', 'velocity', 'other'] as const;

const shardEntry = z.object({
  /** Such as `shard-00003.safetensors`, for the fourth. */
  name: z.string().regex(/^shard-\d{5,}\.safetensors$/),
  episodes: count.positive(),
  steps: count.positive(),
  bytes: count.positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const metadataSchema = z.object({
  // Minari's.
  dataset_id: z.string(),
  data_format: z.literal('safetensors'),
  minari_version: z.string(),
  /** In the shards listed; fewer than `requested_episodes` while collecting is unfinished. */
  total_episodes: count,
  total_steps: count,
  /** Megabytes of the shards. */
  dataset_size: z.number().min(0),
  action_space: z.string().refine((text) => parseActionSpace(text) !== undefined, 'is no space'),
  observation_space: z.string(),
  env_spec: z.string(),
  algorithm_name: z.string(),
  description: z.string(),
  author: z.string(),
  // Ours.
  format_version: z.literal(1),
  world: z.object({ id: z.string(), version: count }),
  seed,
  /** Steps after which an episode was truncated. */
  length: count.positive(),
  requested_episodes: count.positive(),
  episodes_per_shard: count.positive(),
  /** The columns of the states, in order. */
  quantities: z.array(z.object({ name: z.string(), unit: z.string(), kind: z.enum(kinds) })).nonempty(),
  factors: z.object({
    fixed: z.record(z.string(), z.union([z.number(), z.string()])),
    drawn: z.array(z.string()),
  }),
  /** Releases that trajectories and frames depend on. */
  software: z.record(z.string(), z.string()),
  code_commit: z.string(),
  shards: z.array(shardEntry),
});

export type DatasetMetadata = z.infer<typeof metadataSchema>;
export type ShardEntry = z.infer<typeof shardEntry>;

/** The file name of a shard. */
export function shardName(index: number): string {
  return `shard-${String(index).padStart(5, '0')}.safetensors`;
}

/** The place of a shard in its dataset, from its name. */
export function shardIndex({ name }: ShardEntry): number {
  return Number(name.slice('shard-'.length, -'.safetensors'.length));
}

/** Whether all episodes that were asked for are there. */
export function isComplete({ total_episodes, requested_episodes }: DatasetMetadata): boolean {
  return total_episodes === requested_episodes;
}

export function actionSpaceOf({ action_space }: DatasetMetadata): Space {
  return parseActionSpace(action_space) as Space;
}

/** What all shards of the dataset look like. */
export function shardShapeOf(metadata: DatasetMetadata): ShardShape {
  const { fixed, drawn } = metadata.factors;
  return {
    action: actionSpaceOf(metadata),
    quantities: metadata.quantities.length,
    factors: [...Object.keys(fixed), ...drawn],
  };
}

/**
 * What every shard repeats of the metadata, as free text in its own header: a shard and a `metadata.json` that don't
 * belong together, or one that was altered, are found out.
 */
export function shardNotes(metadata: DatasetMetadata, index: number): Record<string, string> {
  const { world, seed, length, action_space, quantities, factors } = metadata;
  return {
    dataset: JSON.stringify({ world, seed, length, action_space, quantities, factors }),
    first_episode: String(index * metadata.episodes_per_shard),
  };
}

/** The metadata with these shards, in order, and the totals that follow. */
export function withShards(metadata: DatasetMetadata, shards: readonly ShardEntry[]): DatasetMetadata {
  const sorted = [...shards].sort((a, b) => shardIndex(a) - shardIndex(b));
  const sum = (field: 'episodes' | 'steps' | 'bytes'): number => sorted.reduce((all, shard) => all + shard[field], 0);
  return {
    ...metadata,
    total_episodes: sum('episodes'),
    total_steps: sum('steps'),
    dataset_size: Number((sum('bytes') / 1e6).toFixed(3)),
    shards: sorted,
  };
}

export function writeMetadata(directory: string, metadata: DatasetMetadata): Promise<void> {
  return writeAtomically(join(directory, METADATA_FILE), `${JSON.stringify(metadata, undefined, 2)}\n`);
}

/**
 * The metadata of the dataset in the directory; `undefined` when there is none.
 * @throws DataError naming the file and the first thing that is wrong with it
 */
export async function readMetadata(directory: string): Promise<DatasetMetadata | undefined> {
  const path = join(directory, METADATA_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new DataError(`"${path}" cannot be read (${message}); name the directory of a dataset`, { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DataError(`"${path}" is damaged: it is not JSON; collect the dataset again`, { cause });
  }
  const parsed = metadataSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new DataError(
    `"${path}" is damaged or of another release: ${issue?.path.join('.')} ${issue?.message}; collect the dataset again`,
  );
}
