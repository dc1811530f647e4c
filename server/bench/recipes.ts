/**
 * The recipes of the few-step methods against each other, ours and as published: each is trained into the same renderer
 * for the same number of steps, on the same examples, and measured on the same frames that training has not seen. Steps
 * rather than minutes, so that a comparison can be repeated anywhere; what a step costs is told beside it.
 */
import type { RenderMethod } from '../../models/diffusion/methodNames.ts';
import { type Networks, renderMethods } from '../../models/diffusion/methods.ts';
import { withEveryStep } from '../../models/diffusion/network/studentSteps.ts';
import { type NetworkPlan, networkPlans } from '../../models/diffusion/networks.ts';
import type { RendererWeights } from '../../models/diffusion/rendererWeights.ts';
import {
  consistencyTraining,
  publishedConsistencyTraining,
} from '../../models/diffusion/training/consistencyTraining.ts';
import { easyConsistencyTuning, publishedEasyTuning } from '../../models/diffusion/training/easyConsistencyTuning.ts';
import { multistepDistillation } from '../../models/diffusion/training/multistepDistillation.ts';
import { multistepTraining } from '../../models/diffusion/training/multistepTraining.ts';
import { annealedGrid, constantGrid } from '../../models/diffusion/training/teacherGrid.ts';
import type { Engine, HostTensors } from '../../models/tensor/program.ts';
import { type Clock, ManualClock } from '../../shared/clock.ts';
import { TrainingError } from '../../shared/errors.ts';
import { Random } from '../../shared/random.ts';
import type { RendererExamples } from '../training/rendererExamples.ts';
import { runRendererStage } from '../training/rendererStage.ts';
import type { RecipeName } from './recipeNames.ts';

interface Recipe {
  /** What it is painted by. */
  readonly method: RenderMethod;
  /** Instead of how that method's one network is trained. */
  readonly training?: NetworkPlan['method'];
}

const aDDIM = 0.75;

export const recipes: Readonly<Record<RecipeName, Recipe>> = {
  mcm: { method: 'mcm' },
  'mcm-addim': {
    method: 'mcm',
    training: (teacher) => multistepDistillation(teacher, { grid: constantGrid(16), keptVariance: aDDIM }),
  },
  'mcm-published': {
    method: 'mcm',
    training: (teacher) => multistepDistillation(teacher, { grid: annealedGrid(), keptVariance: aDDIM }),
  },
  mct: { method: 'mct' },
  'mct-published': { method: 'mct', training: () => multistepTraining(annealedGrid()) },
  cd: { method: 'cd' },
  ct: { method: 'ct' },
  'ct-published': { method: 'ct', training: () => consistencyTraining(publishedConsistencyTraining) },
  ect: { method: 'ect' },
  'ect-published': { method: 'ect', training: () => easyConsistencyTuning(publishedEasyTuning) },
  progressive: { method: 'progressive' },
};

export interface RecipeTraining {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly renderer: RendererWeights;
  readonly examples: RendererExamples;
  /** Training steps of a recipe, divided among its networks. */
  readonly steps: number;
  /** Highest learning rate, instead of the methods' own. */
  readonly learningRate?: number;
  readonly seed: number;
  readonly onProgress: (label: string, progress: number, terms: Readonly<Record<string, number>>) => void;
  readonly interrupted: AbortSignal;
}

/** A renderer that has learned the recipe, and what a step of it took. */
export interface TaughtRenderer {
  readonly weights: RendererWeights;
  readonly method: RenderMethod;
  readonly msPerStep: number;
}

/** Trains a recipe. @throws TrainingError when a loss is not finite or the run is interrupted */
export async function trainRecipe(run: RecipeTraining, name: RecipeName): Promise<TaughtRenderer> {
  const { method, training } = recipes[name];
  const began = run.clock.now();
  const made: Partial<Record<string, HostTensors>> = {};
  const known: Networks = run.renderer.networks;
  const { networks } = renderMethods[method];
  const steps = Math.max(1, Math.round(run.steps / networks.length));
  for (const network of networks) {
    const plan = networkPlans[network];
    const from = plan.startsFrom ?? network;
    const start = withEveryStep((made[from] ?? known[from]) as HostTensors);
    const clock = new ManualClock();
    const { average } = await runRendererStage({
      engine: run.engine,
      clock, // a millisecond a step: the schedules follow the steps
      denoiser: run.renderer.config,
      method: (training ?? plan.method)(start),
      config: { ...plan.stage, learningRate: run.learningRate ?? plan.stage.learningRate },
      examples: run.examples,
      budget: steps,
      random: new Random(run.seed).fork('recipes'),
      parameters: start,
      interrupted: run.interrupted,
      onProgress: ({ progress, terms }) => {
        clock.advance(1);
        run.onProgress(networks.length > 1 ? network : name, progress, terms);
      },
    });
    if (run.interrupted.aborted) throw new TrainingError('interrupted; run the bench again for the whole table');
    made[network] = average;
  }
  const msPerStep = (run.clock.now() - began) / (steps * networks.length);
  return { weights: { ...run.renderer, networks: { ...run.renderer.networks, ...made } }, method, msPerStep };
}
