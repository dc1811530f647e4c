/**
 * One stage of a renderer's training: a method, run on random batches for a number of minutes, from given parameters to
 * their moving average. The learning rate and the emphasis on rare colours follow the share of the time that is spent,
 * so that a stage fits any budget and an interrupted one goes on where it was.
 */
import { NoisePool } from '../../models/diffusion/frameNoise.ts';
import { type DenoiserConfig, denoiserSpecs } from '../../models/diffusion/network/denoiser.ts';
import type { StageConfig } from '../../models/diffusion/networks.ts';
import {
  conditionSignature,
  contextSignature,
  drawConditions,
} from '../../models/diffusion/training/conditionInputs.ts';
import { exampleSignature, type TrainingMethod } from '../../models/diffusion/training/trainingMethod.ts';
import { defaultAdamWConfig } from '../../models/tensor/adamW.ts';
import { emaOf } from '../../models/tensor/ema.ts';
import type { Engine, HostTensors } from '../../models/tensor/program.ts';
import { runTraining, type TrainingProgress } from '../../models/tensor/trainingLoop.ts';
import { compileTrainStep, type TrainState } from '../../models/tensor/trainStep.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Random } from '../../shared/random.ts';
import type { RendererExamples } from './rendererExamples.ts';

/** All that a stage must remember. */
export interface StageState {
  readonly train: TrainState;
  /** The moving average of the parameters, which is what the stage yields. */
  readonly average: HostTensors;
  /** Milliseconds trained. */
  readonly elapsed: number;
}

export interface StageRun {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly denoiser: DenoiserConfig;
  readonly method: TrainingMethod;
  readonly config: StageConfig;
  readonly examples: RendererExamples;
  /** Milliseconds that the stage may last in all. */
  readonly budget: number;
  readonly random: Random;
  /** Where the stage starts. */
  readonly parameters: HostTensors;
  /** Where it was interrupted, if it was. */
  readonly resume?: StageState;
  readonly onProgress?: (progress: TrainingProgress) => void;
  readonly onCheckpoint?: (state: StageState) => Promise<void>;
  readonly interrupted?: AbortSignal;
}

const AVERAGE_DECAY = 0.998;
const schedule = { warmupSteps: 100, floor: 0.03 };
const optimiser = { ...defaultAdamWConfig, weightDecay: 0 };

/**
 * Runs a stage to the end of its budget, or until it is interrupted.
 * @throws TrainingError when the loss is not finite
 */
export async function runRendererStage(run: StageRun): Promise<StageState> {
  const { config, method, examples, parameters, random, resume } = run;
  const trainStep = await compileTrainStep(run.engine, {
    parameters: denoiserSpecs(run.denoiser),
    batch: {
      ...exampleSignature(config.batch, run.denoiser.latentSize),
      ...contextSignature(config.batch, run.denoiser),
      ...conditionSignature(config.batch, run.denoiser),
      ...method.signature(config.batch),
    },
    loss: (params, batch) => ({ loss: method.loss(params, batch), terms: {} }),
    optimiser,
  });
  const noise = new NoisePool(random.fork('noise'));
  const [most, least] = config.emphasis;
  let average = resume?.average ?? parameters;
  let elapsed = resume?.elapsed ?? 0;
  try {
    const train = await runTraining({
      trainStep,
      state: resume?.train ?? trainStep.start(parameters),
      elapsed,
      budget: run.budget,
      random: random.fork('batches'),
      clock: run.clock,
      schedule: { ...schedule, peak: config.learningRate },
      drawBatch: (draw, progress) => ({
        ...examples.draw(config.batch, least + (most - least) * (1 - progress) ** 2, draw, run.denoiser.context),
        ...method.draw({ batch: config.batch, progress, random: draw, noise }),
        ...drawConditions({ batch: config.batch, random: draw, noise }, run.denoiser),
      }),
      onStep(state, progress) {
        average = emaOf(state.parameters, average, AVERAGE_DECAY, state.step);
        elapsed = progress.elapsed;
        run.onProgress?.(progress);
      },
      async onCheckpoint(state, progress) {
        elapsed = progress.elapsed;
        await run.onCheckpoint?.({ train: state, average, elapsed });
      },
      ...(run.interrupted && { interrupted: run.interrupted }),
    });
    return { train, average, elapsed };
  } finally {
    await trainStep.dispose();
  }
}
