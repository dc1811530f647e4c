/**
 * Imports the module of a plug-in world: a file anywhere on the disk, a folder that is a package, or a package that npm
 * installed where the command is run. Such a module imports what it needs of Reverie from `reverie/world`, which
 * `resolveHook.mjs` leads to this installation, so that nothing has to be installed or linked beside the file.
 *
 * Importing runs the module's code, with all that this process may do: pass only what the user named.
 */
import { stat } from 'node:fs/promises';
import nodeModule, { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { WorldError } from '../../shared/errors.ts';
import { initialize, resolveSync } from './resolveHook.mjs';

/** The root of this installation. */
const installation = new URL('../../', import.meta.url);

/** A package's name, and the path of a module in it if there is one. */
const packageSpecifier = /^((?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*)(?:\/[\w./-]+)?$/;

let registered = false;

/** A module's namespace, as far as a world needs it. */
export interface PluginModule {
  readonly default?: unknown;
}

/**
 * The module at the path (relative to the working directory), or of the package of that name.
 * @returns `undefined` when there is neither.
 * @throws WorldError when it doesn't load.
 */
export async function importPlugin(pathOrPackage: string): Promise<PluginModule | undefined> {
  const address = (await addressOfPath(resolve(pathOrPackage))) ?? (await addressOfPackage(pathOrPackage));
  if (address === undefined) return undefined;
  registerOnce();
  try {
    return (await import(/* @vite-ignore */ address)) as PluginModule;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WorldError(`the module '${pathOrPackage}' doesn't load: ${reason}`, { cause });
  }
}

/** Address of the file, or of the main module of the folder. */
async function addressOfPath(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return pathToFileURL(path).href;
  if (!found?.isDirectory()) return undefined;
  try {
    return pathToFileURL(createRequire(pathToFileURL(join(path, 'package.json'))).resolve(path)).href;
  } catch {
    return undefined;
  }
}

/** Address under which `resolveHook.mjs` finds the package, if a node_modules from the working directory up has it. */
async function addressOfPackage(specifier: string): Promise<string | undefined> {
  const name = packageSpecifier.exec(specifier)?.[1];
  if (name === undefined) return undefined;
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const found = await stat(join(folder, 'node_modules', name)).catch(() => undefined);
    if (found?.isDirectory()) return `reverie-plugin:${specifier}`;
    if (folder === dirname(folder)) return undefined;
  }
}

/** Hooks belong to a thread, so every thread that imports a plug-in registers them once. */
function registerOnce(): void {
  if (registered) return;
  registered = true;
  const workingDirectory = pathToFileURL(join(process.cwd(), 'world.ts')).href;
  const data = { installation: installation.href, workingDirectory };
  const { registerHooks } = nodeModule as { registerHooks?: (hooks: { resolve: typeof resolveSync }) => void };
  if (registerHooks) {
    initialize(data);
    registerHooks({ resolve: resolveSync });
  } else nodeModule.register('./resolveHook.mjs', import.meta.url, { data });
}
