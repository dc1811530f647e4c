/**
 * The name by which another thread, whose working directory might be another, loads the world that a user named here.
 */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { worldIds } from '../../envs/registry.ts';

/** An id or a package as it is; a path made absolute. */
export async function worldSource(idOrModule: string): Promise<string> {
  if (worldIds().includes(idOrModule)) return idOrModule;
  const path = resolve(idOrModule);
  const isThere = await stat(path).catch(() => undefined);
  return isThere ? path : idOrModule;
}
