/**
 * A trained latent model by itself, without solver or renderer: for what measures the model rather than plans with it.
 */
import { LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import type { Engine } from '../../models/tensor/program.ts';
import { UsageError } from '../../shared/errors.ts';
import type { AgentCard } from './agentCard.ts';
import { readAgentFiles } from './agentFiles.ts';
import { refuseOtherVersion } from './refuseOtherVersion.ts';

export interface LoadedModel {
  readonly card: AgentCard;
  readonly engine: Engine;
  readonly dynamics: LearnedDynamics;
  dispose(): Promise<void>;
}

/**
 * Loads the model of an agent's directory.
 * @throws WeightsError when it cannot be read; UsageError when it is of another world than `world`
 */
export async function loadModel(directory: string, world: string, threads?: number): Promise<LoadedModel> {
  const { card, latent } = await readAgentFiles(directory);
  if (card.world.id !== world)
    throw new UsageError(
      `the agent in "${directory}" was trained in ${card.world.id}, not ${world}; name an agent of ${world}`,
    );
  await refuseOtherVersion(directory, card.world);
  const engine = createCpuEngine(threads === undefined ? {} : { threads });
  return { card, engine, dynamics: new LearnedDynamics(engine, latent), dispose: () => engine.dispose() };
}
