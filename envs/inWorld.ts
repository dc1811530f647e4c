/**
 * Work on the physics of one world. Worlds may be anybody's, so whatever they throw names the world and what to do, and
 * ends no more than the session that played in it.
 */
import { ReverieError, WorldError } from '../shared/errors.ts';

/**
 * The result of the work.
 * @throws WorldError for what the world throws; our own errors pass as they are.
 */
export function inWorld<T>(world: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ReverieError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new WorldError(`the world '${world}' broke down: ${reason}; \`check\` it or choose another`, {
      cause: error,
    });
  }
}
