/** Weights are for the version of a world that they were trained in: a later one has other trajectories or frames. */
import { loadWorld, worldIds } from '../../envs/registry.ts';
import { WeightsError } from '../../shared/errors.ts';
import type { AgentCard } from './agentCard.ts';

/**
 * Of a module, only whoever loads it knows its version.
 * @throws WeightsError when the world is no longer the one learned
 */
export async function refuseOtherVersion(directory: string, { id, version }: AgentCard['world']): Promise<void> {
  if (!worldIds().includes(id)) return;
  const { spec } = await loadWorld(id);
  if (spec.version === version) return;
  throw new WeightsError(
    `the agent in "${directory}" was trained in version ${version} of ${id}, which is now at version ${spec.version}; train it again`,
  );
}
