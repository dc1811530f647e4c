/**
 * Weights are for the world that they were trained in, and for its version: a later one has other trajectories or frames.
 * Whatever puts an agent and a world together asks here first, so that no figure and no session is of two worlds.
 */
import { loadWorld, worldIds } from '../../envs/registry.ts';
import { UsageError, WeightsError } from '../../shared/errors.ts';
import type { WorldSpec } from '../../shared/world.ts';
import type { AgentCard } from './agentCard.ts';

/** @throws UsageError when the agent is of another world; WeightsError when the world is no longer the one learned */
export function refuseOtherWorld(
  directory: string,
  trained: AgentCard['world'],
  { id, version }: Pick<WorldSpec, 'id' | 'version'>,
): void {
  if (trained.id !== id)
    throw new UsageError(
      `the agent in "${directory}" was trained in ${trained.id}, not ${id}; name its world with --world, or an agent of ${id}`,
    );
  if (trained.version !== version)
    throw new WeightsError(
      `the agent in "${directory}" was trained in version ${trained.version} of ${id}, which is now at version ${version}; train it again`,
    );
}

/**
 * The same, by the id or path that the world is loaded by; by the card's id unless told. Of a module that nobody names
 * nobody knows the version.
 * @throws also UsageError when there is no such world
 */
export async function refuseOtherSource(
  directory: string,
  trained: AgentCard['world'],
  source: string | undefined,
): Promise<void> {
  if (source === undefined && !worldIds().includes(trained.id)) return;
  const { spec } = await loadWorld(source ?? trained.id);
  refuseOtherWorld(directory, trained, spec);
}
