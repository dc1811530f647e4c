/**
 * Planning accuracy as a guard: an agent's card says what it must reach, and this measures whether it does. The tasks
 * and episodes are those that the card names, so that the same weights are judged the same way wherever they are
 * tested.
 */
import { loadWorld } from '../../envs/registry.ts';
import type { Clock } from '../../shared/clock.ts';
import { WeightsError } from '../../shared/errors.ts';
import { Random } from '../../shared/random.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { type AccuracyThresholds, readAgentCard } from '../agent/agentCard.ts';
import { loadLatentAgent } from '../agent/latentAgent.ts';
import { loadModel } from '../agent/loadedModel.ts';
import { collectEpisodes } from '../data/episodes.ts';
import { drawTasks, evaluateRow } from './evaluate.ts';
import { linearProbe } from './linearProbe.ts';
import { agentController } from './planningControllers.ts';
import { predictionError } from './predictionError.ts';

export interface Accuracy {
  readonly thresholds: AccuracyThresholds;
  readonly moderate: number;
  readonly strict: number;
  /** Error of true actions as a share of the smaller of shuffled actions' and copy-first's, at the card's step. */
  readonly predictionRatio: number;
  /** The lowest R² of a linear probe of a position, and which it is. */
  readonly worstPosition: { readonly name: string; readonly r2: number };
}

/** Scripted episodes for prediction and probes. */
const EPISODES = { episodes: 60, length: 40 } as const;

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
    ...(await successOf(directory, definition, thresholds, clock)),
    ...(await predictionOf(directory, definition, thresholds)),
  };
}

async function successOf(
  directory: string,
  definition: WorldDefinition,
  { episodes, seed, difficulty }: AccuracyThresholds,
  clock: Clock,
): Promise<Pick<Accuracy, 'moderate' | 'strict'>> {
  const agent = await loadLatentAgent({ directory });
  try {
    const tasks = drawTasks(definition.create(), episodes, seed, difficulty);
    return await evaluateRow(definition, tasks, agentController(agent, seed, clock));
  } finally {
    await agent.dispose();
  }
}

async function predictionOf(
  directory: string,
  definition: WorldDefinition,
  { seed, predictionStep }: AccuracyThresholds,
): Promise<Pick<Accuracy, 'predictionRatio' | 'worstPosition'>> {
  const model = await loadModel(directory, definition.spec.id);
  try {
    const episodeSeed = new Random(seed).fork('accuracy episodes').uint32();
    const { episodes } = collectEpisodes({ definition, ...EPISODES, seed: episodeSeed });
    const error = await predictionError(model.dynamics, episodes, predictionStep, seed);
    const at = (values: readonly number[]): number => values[predictionStep - 1] as number;
    const probe = await linearProbe(model.dynamics, definition.spec, episodes);
    const [name = '', r2 = 1] =
      Object.entries(probe)
        .filter(([quantity]) => definition.spec.quantities[quantity]?.kind === 'position')
        .sort((a, b) => a[1] - b[1])[0] ?? [];
    return {
      predictionRatio: at(error.trueActions) / Math.min(at(error.shuffledActions), at(error.copyFirst)),
      worstPosition: { name, r2 },
    };
  } finally {
    await model.dispose();
  }
}
