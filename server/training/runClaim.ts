/**
 * One process trains in a directory at a time: two would write over each other's checkpoints. The one at work keeps a
 * file with its process id there; a file whose process is gone, which a kill leaves, is taken over.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, UsageError } from '../../shared/errors.ts';
import { removeLeftovers } from '../files/leftovers.ts';

const FILE = 'training.pid';

/** Claims the directory, and clears it of what killed processes left; resolves with what gives it back. @throws UsageError while another process trains there */
export async function claimRun(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, FILE);
  const holder = await claimHolder(directory);
  if (holder !== undefined)
    throw new UsageError(
      `process ${holder} trains in "${directory}" already; wait for it, or stop it (if it is no training of yours, remove ${FILE} there)`,
    );
  try {
    await mkdir(directory, { recursive: true });
    await rm(path, { force: true });
    await writeFile(path, `${process.pid}\n`, { flag: 'wx' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(`cannot write "${path}" (${reason}); choose another --out`, { cause: error });
  }
  await removeLeftovers(directory);
  return () => rm(path, { force: true });
}

/** The process that trains in the directory, if any does. */
export async function claimHolder(directory: string): Promise<number | undefined> {
  let holder: number;
  try {
    holder = Number.parseInt(await readFile(join(directory, FILE), 'utf8'), 10);
  } catch {
    return undefined;
  }
  return Number.isInteger(holder) && holder > 0 && isAlive(holder) ? holder : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
