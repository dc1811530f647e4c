/**
 * The world in which a recording is replayed. A built-in world is found by its id. Any other is a module, and loading a
 * module runs its code, so the name that a file gives for it is never followed: the user must name it.
 */
import { loadWorld, worldIds } from '../../envs/registry.ts';
import { createWorld } from '../../envs/validateDefinition.ts';
import { DataError, ReverieError, UsageError } from '../../shared/errors.ts';
import type { World } from '../../shared/world.ts';
import type { RecordingHeader } from './recordingHeader.ts';

/**
 * A new world as the recording had it, its variation included.
 * @param given the id, path or package that the user named, if any.
 * @throws UsageError when the recording is of a module that the user didn't name; DataError when it doesn't fit.
 */
export async function worldOfRecording(header: RecordingHeader, given: string | undefined): Promise<World> {
  const { id, source } = header.world;
  if (given === undefined && !worldIds().includes(id))
    throw new UsageError(
      `the recording is of '${id}', which is not built in and was loaded from "${source}"; a module runs code, so none is loaded because a file says so: if you trust it, name it with --world`,
    );
  const definition = await loadWorld(given ?? id);
  if (definition.spec.id !== id)
    throw new DataError(
      `the recording is of the world '${id}', and "${given}" is '${definition.spec.id}'; name its own`,
    );
  try {
    return createWorld(definition, header.variation);
  } catch (error) {
    if (!(error instanceof ReverieError)) throw error;
    throw new DataError(`the recording's variation of '${id}' is not possible here: ${error.message}`, {
      cause: error,
    });
  }
}
