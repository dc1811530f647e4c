/**
 * Files that are whole or absent: written beside their place under a temporary name, flushed, then renamed. A killed
 * process or a full disk leaves the old file as it was. Every write has a name of its own, so that of several writes of
 * the same file at once each is whole, and the last to end stays.
 */
import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DataError } from '../../shared/errors.ts';

let writes = 0;

/** The name of a temporary file, with the process that writes it. */
export const TEMPORARY_NAME = /\.(\d+)-\d+\.tmp$/;

/** Writes the file, making its directory where needed. @throws DataError naming the file and the system's reason */
export function writeAtomically(path: string, content: Uint8Array | string): Promise<void> {
  return naming(path, async () => {
    const temporary = temporaryOf(path);
    try {
      await mkdir(dirname(path), { recursive: true });
      const file = await open(temporary, 'w');
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      throw error;
    }
  });
}

/**
 * For what takes long before it writes a file: tries whether it could be written, making its directory where needed.
 * @throws DataError as `writeAtomically`
 */
export function refuseUnwritable(path: string): Promise<void> {
  return naming(path, async () => {
    const there = await stat(path).catch(() => undefined);
    if (there?.isDirectory()) throw new Error('it is a directory');
    const temporary = temporaryOf(path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, '');
    await rm(temporary);
  });
}

function temporaryOf(path: string): string {
  return `${path}.${process.pid}-${++writes}.tmp`;
}

async function naming(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(`cannot write "${path}" (${reason}); free some space or choose another directory`, {
      cause: error,
    });
  }
}
