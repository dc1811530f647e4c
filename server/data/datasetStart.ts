/**
 * How collecting into a directory begins: a new dataset in an empty directory, or one that was begun before and is
 * taken up. Nothing that a person has put there is ever overwritten, and two different datasets are never mixed.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { DataError, UsageError } from '../../shared/errors.ts';
import { type DatasetMetadata, readMetadata, type ShardEntry, withShards, writeMetadata } from './datasetMetadata.ts';

/**
 * The metadata to go on from, on disk already: `wanted`, with the shards that are there and whole if it is taken up.
 * @throws UsageError when the directory holds a dataset and `resume` is false, or another dataset than the one wanted
 * @throws DataError when it holds other things, or cannot be written
 */
export async function startDataset(
  directory: string,
  wanted: DatasetMetadata,
  resume: boolean,
): Promise<DatasetMetadata> {
  const found = await readMetadata(directory);
  if (!found) {
    await refuseOtherFiles(directory);
    await writeMetadata(directory, wanted);
    return wanted;
  }
  if (!resume) {
    throw new UsageError(
      `"${directory}" holds a dataset already, with ${found.total_episodes} of ${found.requested_episodes} episodes; add --resume to go on with it, or choose another directory`,
    );
  }
  refuseDifference(directory, found, wanted);
  await removeTemporaryFiles(directory);
  const whole: ShardEntry[] = [];
  for (const shard of found.shards) if (await isWhole(directory, shard)) whole.push(shard);
  return withShards({ ...wanted, code_commit: found.code_commit }, whole);
}

async function refuseOtherFiles(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new DataError(`"${directory}" is no directory to collect into (${error.message}); choose another`, {
      cause: error,
    });
  });
  const other = names.find((name) => !name.endsWith('.tmp'));
  if (other !== undefined) {
    throw new DataError(
      `"${directory}" holds no dataset but other files, such as "${other}"; choose an empty directory`,
    );
  }
}

/** Fields that are not part of what was asked for. */
const results: readonly string[] = ['total_episodes', 'total_steps', 'dataset_size', 'shards', 'code_commit'];

function refuseDifference(directory: string, found: DatasetMetadata, wanted: DatasetMetadata): void {
  const before: Readonly<Record<string, unknown>> = found;
  for (const [field, value] of Object.entries(wanted)) {
    if (results.includes(field) || isDeepStrictEqual(before[field], value)) continue;
    throw new UsageError(
      `the dataset in "${directory}" was begun with ${field} ${JSON.stringify(before[field])}, not ${JSON.stringify(value)}; go on with the same, or choose another directory`,
    );
  }
}

/** What a killed process was writing. */
async function removeTemporaryFiles(directory: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) =>
    /^(metadata\.json|shard-\d+\.safetensors)\.\d+(-\d+)?\.tmp$/.test(name),
  );
  await Promise.all(names.map((name) => rm(join(directory, name), { force: true })));
}

async function isWhole(directory: string, shard: ShardEntry): Promise<boolean> {
  const bytes = await readFile(join(directory, shard.name)).catch(() => undefined);
  return bytes !== undefined && sha256(bytes) === shard.sha256;
}

/** SHA-256 in hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
