/**
 * One process trains in a directory at a time: two would write over each other's checkpoints. The one at work keeps a
 * file there with its process id and, where the system tells, when it began: ids come again, in a container with every
 * start. A file whose process is gone, which a kill leaves, is taken over. Several may do so at once: whoever does waits
 * a moment, and goes on if the claim is still its own.
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataError, UsageError } from '../../shared/errors.ts';
import { removeLeftovers } from '../files/leftovers.ts';

const FILE = 'training.pid';

/** More than it takes others to have done with a claim that they read when this one did. */
const SETTLING_MS = 50;

/** Stands where it is not known when a process began. */
const UNKNOWN = '-';

/** Of this process, so that it too tells one from the other. */
let claims = 0;

/** Claims the directory; resolves with what gives it back. @throws UsageError while another process trains there */
export async function claimRun(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, FILE);
  const number = ++claims;
  const own = `${process.pid} ${(await beginningOf(process.pid)) ?? UNKNOWN} ${number}`;
  const found = await textOf(path);
  const holder = await holderIn(found);
  if (holder !== undefined) throw heldBy(`process ${holder}`, directory);
  try {
    await mkdir(directory, { recursive: true });
    if (found !== undefined) await removeStale(path, found, `${path}.${process.pid}-${number}.stale`);
    await writeNew(path, own);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(`cannot write "${path}" (${reason}); choose another --out`, { cause: error });
  }
  if (found !== undefined) await sleep(SETTLING_MS);
  if ((await textOf(path)) !== own) throw heldBy('another process', directory); // which was quicker
  await removeLeftovers(directory);
  return async () => {
    if ((await textOf(path)) === own) await rm(path, { force: true });
  };
}

/** The process that trains in the directory, if any does. */
export async function claimHolder(directory: string): Promise<number | undefined> {
  return holderIn(await textOf(join(directory, FILE)));
}

function heldBy(holder: string, directory: string): UsageError {
  return new UsageError(
    `${holder} trains in "${directory}" already; wait for it, or stop it (if it is no training of yours, remove ${FILE} there)`,
  );
}

/** Removes a claim that was read, and no other that has taken its place since: what is put aside is put back then. */
async function removeStale(path: string, stale: string, aside: string): Promise<void> {
  try {
    await rename(path, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  const taken = await textOf(aside);
  if (taken !== undefined && taken !== stale) await writeNew(path, taken);
  await rm(aside, { force: true });
}

/** Writes the file unless there is one. */
async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

/** The living process that a claim is of. */
async function holderIn(claim = ''): Promise<number | undefined> {
  const [id, began = UNKNOWN] = claim.trim().split(' ');
  const holder = /^\d+$/.test(id ?? '') ? Number(id) : 0;
  if (holder === 0 || !isAlive(holder)) return undefined;
  // Where the beginning is not known, as in claims of before it was kept, whoever has the id is meant.
  const begins = began === UNKNOWN ? undefined : await beginningOf(holder);
  return begins === undefined || begins === began ? holder : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/** When a process began, in the system's own count; unknown but on Linux. */
async function beginningOf(pid: number): Promise<string | undefined> {
  const text = await textOf(`/proc/${pid}/stat`);
  // Its name stands in brackets, and may hold anything; the beginning is the twentieth number after it (proc(5)).
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
