/**
 * Planning accuracy as a guard: an agent's card says what it must reach, and this measures whether it does. The tasks
 * and episodes are those that the card names, so that the same weights are judged the same way wherever they are
 * tested.
 */
import { loadWorld } from '../../envs/registry.ts';
import type { Clock } from '../../shared/clock.ts';
import { WeightsError } from '../../shared/errors.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { type AccuracyThresholds, readAgentCard } from '../agent/agentCard.ts';
import { type LatentAgentOptions, loadLatentAgent } from '../agent/latentAgent.ts';
import { agentSolver } from './agentSolver.ts';
import { drawTasks, evaluateRow } from './evaluate.ts';
import { type LatentAccuracy, latentAccuracy } from './latentAccuracy.ts';
import { agentController } from './planningControllers.ts';

/** Predictions are judged at the card's step. */
export interface Accuracy extends LatentAccuracy {
  readonly thresholds: AccuracyThresholds;
  readonly moderate: number;
  readonly strict: number;
}

/**
 * Measures the agent in the directory.
 * @param world what its world is loaded by; the card's id unless told
 * @throws WeightsError when its card says no thresholds
 */
export async function accuracyOf(directory: string, clock: Clock, world?: string): Promise<Accuracy> {
  const card = await readAgentCard(directory);
  const { accuracy: thresholds } = card;
  if (!thresholds)
    throw new WeightsError(
      `the card in "${directory}" says no "accuracy" to reach; add episodes, seed, difficulty and thresholds to it`,
    );
  const definition = await loadWorld(world ?? card.world.id);
  return {
    thresholds,
    ...(await successOf({ directory, ...(world !== undefined && { world }) }, definition, thresholds, clock)),
    ...(await latentAccuracy(directory, definition, thresholds.seed, thresholds.predictionStep)),
  };
}

async function successOf(
  agentOptions: LatentAgentOptions,
  definition: WorldDefinition,
  { episodes, seed, difficulty }: AccuracyThresholds,
  clock: Clock,
): Promise<Pick<Accuracy, 'moderate' | 'strict'>> {
  const agent = await loadLatentAgent({ ...agentOptions, solver: await agentSolver(agentOptions.directory) });
  try {
    const tasks = drawTasks(definition.create(), episodes, seed, difficulty);
    return await evaluateRow(definition, tasks, agentController(agent, seed, clock));
  } finally {
    await agent.dispose();
  }
}
