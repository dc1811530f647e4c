/**
 * Finds worlds: the built-in ones by id, and any other by the path of its module, which may lie outside this
 * repository. Only the module asked for is loaded. Loading a path runs its code: pass only paths that the user typed.
 */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError, WorldError } from '../shared/errors.ts';
import type { WorldDefinition } from '../shared/world.ts';
import { validateDefinition } from './validateDefinition.ts';

const builtIn: Readonly<Record<string, () => Promise<{ readonly default: unknown }>>> = {
  'push-t': () => import('./worlds/push-t/pushT.ts'),
  'two-room': () => import('./worlds/two-room/twoRoom.ts'),
};

/** The ids of the built-in worlds. */
export function worldIds(): readonly string[] {
  return Object.keys(builtIn);
}

/**
 * The world with the id, or the one that is the default export of the module at the path (relative to the working
 * directory).
 * @throws UsageError when there is neither such a world nor such a file.
 * @throws WorldError when the module doesn't load or isn't a world.
 */
export async function loadWorld(idOrPath: string): Promise<WorldDefinition> {
  const load = Object.hasOwn(builtIn, idOrPath) ? builtIn[idOrPath] : undefined;
  if (load) return validateDefinition((await load()).default, idOrPath);
  const path = resolve(idOrPath);
  if (!(await isFile(path))) {
    throw new UsageError(
      `'${idOrPath}' is neither a world nor the path of a module: the worlds are ${worldIds().join(', ')}`,
    );
  }
  return validateDefinition((await importModule(path, idOrPath)).default, idOrPath);
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

async function importModule(path: string, source: string): Promise<{ readonly default?: unknown }> {
  try {
    return await import(/* @vite-ignore */ pathToFileURL(path).href);
  } catch (cause) {
    throw new WorldError(`the module '${source}' doesn't load: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}
