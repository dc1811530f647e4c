/**
 * How good an agent's latents are before anybody plans with them: how much better true actions predict than the best
 * that needs none, and how well the worst position can be read. On scripted episodes that no training saw.
 */
import { Random } from '../../shared/random.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { loadModel } from '../agent/loadedModel.ts';
import { collectEpisodes } from '../data/episodes.ts';
import { linearProbe } from './linearProbe.ts';
import { predictionError } from './predictionError.ts';

export interface LatentAccuracy {
  /** Error of true actions as a share of the smaller of shuffled actions' and copy-first's, at the step asked for. */
  readonly predictionRatio: number;
  /** The lowest R² of a linear probe of a position, and which it is. */
  readonly worstPosition: { readonly name: string; readonly r2: number };
}

const EPISODES = { episodes: 60, length: 40 } as const;

/** Measures the agent in the directory, `step` steps ahead. @throws WeightsError when it cannot be read */
export async function latentAccuracy(
  directory: string,
  definition: WorldDefinition,
  seed: number,
  step: number,
): Promise<LatentAccuracy> {
  const model = await loadModel(directory, definition.spec);
  try {
    const episodeSeed = new Random(seed).fork('accuracy episodes').uint32();
    const { episodes } = collectEpisodes({ definition, ...EPISODES, seed: episodeSeed });
    const error = await predictionError(model.dynamics, episodes, step, seed);
    const at = (values: readonly number[]): number => values[step - 1] as number;
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
