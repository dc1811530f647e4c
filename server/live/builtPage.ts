/**
 * Sees to it that the page is built: vite bundles `client/` when its output is missing or older than any source that
 * goes into it. It runs in a process of its own, which gives back the few hundred megabytes that bundling takes.
 */
import { execFile } from 'node:child_process';
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ServerError } from '../../shared/errors.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const client = join(root, 'client');
const output = join(client, 'dist');
/** What a build is made from; the lock file stands for the libraries. */
const sources = [client, join(root, 'shared'), join(root, 'package-lock.json')];

/**
 * Directory of a built page that is up to date. Calls `note` before it builds.
 * @throws ServerError when the page does not build.
 */
export async function builtPage(note: (text: string) => void): Promise<string> {
  const built = await modifiedAt(join(output, 'index.html'));
  if (built > (await newest(sources))) return output;
  note('Building the page, which is needed once after a change…');
  try {
    const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js');
    await promisify(execFile)(process.execPath, [vite, 'build', client, '--logLevel', 'error']);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ServerError(`the page does not build: ${reason}`, { cause: error });
  }
  return output;
}

/** Latest modification below the paths, in ms; the output itself does not count. */
async function newest(paths: readonly string[]): Promise<number> {
  const times = await Promise.all(
    paths.map(async (path) => {
      if (path === output) return 0;
      const below = await readdir(path, { withFileTypes: true }).catch((): Dirent[] => []);
      const inside = await newest(below.map(({ name }) => join(path, name)));
      return Math.max(inside, await modifiedAt(path));
    }),
  );
  return Math.max(0, ...times);
}

/** When a file was last changed; a directory's or a missing file's time is 0. */
async function modifiedAt(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? found.mtimeMs : 0;
}
