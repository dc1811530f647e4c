/**
 * What killed processes were writing: temporary files of `writeAtomically`, which name their process, so that those of
 * processes that live are left alone.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TEMPORARY_NAME } from './writeAtomically.ts';

/** Removes from a directory what dead processes left there; what cannot be removed stays, and harms nobody. */
export async function removeLeftovers(directory: string): Promise<void> {
  const names = await readdir(directory).catch((): string[] => []);
  const left = names.filter((name) => {
    const writer = TEMPORARY_NAME.exec(name)?.[1];
    return writer !== undefined && !isAlive(Number(writer));
  });
  await Promise.all(left.map((name) => rm(join(directory, name), { force: true }).catch(() => {})));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
