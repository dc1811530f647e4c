/** Every recipe trained into a world's agent, and how well it paints at each of its step counts. */
import type { RenderMethod } from '../../models/diffusion/methodNames.ts';
import { renderMethods } from '../../models/diffusion/methods.ts';
import { createRenderer } from '../../models/diffusion/renderer.ts';
import type { RendererWeights } from '../../models/diffusion/rendererWeights.ts';
import type { Engine } from '../../models/tensor/program.ts';
import type { Clock } from '../../shared/clock.ts';
import { WeightsError } from '../../shared/errors.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { readAgentFiles } from '../agent/agentFiles.ts';
import { refuseOtherWorld } from '../agent/refuseOtherWorld.ts';
import { RendererExamples } from '../training/rendererExamples.ts';
import { defaultRendererTrainingConfig } from '../training/rendererTraining.ts';
import { type BenchData, benchData } from './benchData.ts';
import { RandomFeatures } from './randomFeatures.ts';
import type { RecipeName } from './recipeNames.ts';
import { trainRecipe } from './recipes.ts';
import { type RendererScore, scoreRenderer } from './rendererScore.ts';

export interface RecipesMeasurement {
  readonly definition: WorldDefinition;
  readonly engine: Engine;
  readonly clock: Clock;
  /** Of the agent that is taught; nothing is written there. */
  readonly directory: string;
  readonly recipes: readonly RecipeName[];
  /** Training steps of each. */
  readonly steps: number;
  /** Highest learning rate, instead of the methods' own. */
  readonly learningRate?: number;
  readonly episodes: number;
  readonly frames: number;
  readonly seed: number;
  readonly onProgress: (label: string, progress: number, terms: Readonly<Record<string, number>>) => void;
  readonly interrupted: AbortSignal;
}

export interface RecipeRow extends RendererScore {
  /** A recipe, or the base model and the mean frame that they are to be compared with. */
  readonly recipe: RecipeName | 'regression' | 'base';
  readonly steps: number;
  /** Milliseconds of a training step, on this machine as busy as it was; absent for what was trained before. */
  readonly msPerTrainingStep?: number;
}

const STUDENT_COUNTS = [1, 2, 4, 8, 16];
const BASE_COUNTS = [1, 2, 4, 8, 16, 64];

/** @throws WeightsError when the agent has no renderer; UsageError when it is of another world, or its objects cannot be told apart */
export async function measureRecipes(measurement: RecipesMeasurement): Promise<RecipeRow[]> {
  const { definition, engine, directory, episodes, onProgress, recipes } = measurement;
  const { card, latent, renderer } = await readAgentFiles(directory);
  refuseOtherWorld(directory, card.world, definition.spec);
  if (!renderer) throw new WeightsError(`the agent in "${directory}" has no renderer yet; train it first`);
  const onEpisode = (done: number): void => onProgress('collect', done / episodes, {});
  const data = await benchData({ ...measurement, latent, onEpisode });
  const examples = new RendererExamples(data.data, renderer.backdrop, defaultRendererTrainingConfig.latentNoise);
  const features = await RandomFeatures.create(engine);
  const score = (weights: RendererWeights, method: RenderMethod, counts: readonly number[]) =>
    scores(measurement, data, features, weights, method, counts);
  try {
    const rows: RecipeRow[] = [
      ...(await score(renderer, 'regression', [1])).map((row) => ({ recipe: 'regression' as const, ...row })),
      ...(await score(renderer, 'ddim', BASE_COUNTS)).map((row) => ({ recipe: 'base' as const, ...row })),
    ];
    for (const recipe of recipes) {
      const { weights, method, msPerStep } = await trainRecipe({ ...measurement, renderer, examples }, recipe);
      const known = renderMethods[method].steps(weights.networks);
      const counts = STUDENT_COUNTS.filter((count) => typeof known === 'number' || known.includes(count));
      for (const row of await score(weights, method, counts))
        rows.push({ recipe, ...row, msPerTrainingStep: msPerStep });
    }
    return rows;
  } finally {
    await features.dispose();
  }
}

async function scores(
  { engine, seed }: RecipesMeasurement,
  { heldOut, unseen, readout }: BenchData,
  features: RandomFeatures,
  weights: RendererWeights,
  method: RenderMethod,
  counts: readonly number[],
): Promise<(RendererScore & { readonly steps: number })[]> {
  const renderer = createRenderer(engine, weights);
  const latents = { rows: unseen.count, columns: renderer.latentSize, data: unseen.latents };
  const rows: (RendererScore & { readonly steps: number })[] = [];
  for (const steps of counts) {
    const painted = await renderer.render(latents, { method, steps, seed });
    rows.push({ steps, ...(await scoreRenderer(painted, heldOut, readout, features)) });
  }
  await renderer.dispose();
  return rows;
}
