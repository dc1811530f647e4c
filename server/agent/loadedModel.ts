/**
 * A trained latent model by itself, without solver or renderer: for what measures the model rather than plans with it.
 */
import { LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import type { Engine } from '../../models/tensor/program.ts';
import type { WorldSpec } from '../../shared/world.ts';
import type { AgentCard } from './agentCard.ts';
import { readAgentFiles } from './agentFiles.ts';
import { refuseOtherWorld } from './refuseOtherWorld.ts';

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
export async function loadModel(
  directory: string,
  world: Pick<WorldSpec, 'id' | 'version'>,
  threads?: number,
): Promise<LoadedModel> {
  const { card, latent } = await readAgentFiles(directory);
  refuseOtherWorld(directory, card.world, world);
  const engine = createCpuEngine(threads === undefined ? {} : { threads });
  return { card, engine, dynamics: new LearnedDynamics(engine, latent), dispose: () => engine.dispose() };
}
