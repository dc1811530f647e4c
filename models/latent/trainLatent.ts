/**
 * Training of the latent model, in two stages on the same episodes: encoder and predictor together (`latentLoss.ts`), then the temporal-distance head
 * on latents that no longer move (`temporalDistance.ts`).
 */
import type { Clock } from '../../shared/clock.ts';
import { FRAME_BYTES, type Frame } from '../../shared/frame.ts';
import type { Random } from '../../shared/random.ts';
import { backdropOf, packBackdrop } from '../pictures/backdrop.ts';
import { Rarity } from '../pictures/rarity.ts';
import type { Matrix } from '../planning/contracts.ts';
import { initialise } from '../tensor/parameters.ts';
import type { Engine, HostTensors } from '../tensor/program.ts';
import { defaultScheduleConfig, type ScheduleConfig } from '../tensor/schedule.ts';
import { runTraining, type TrainingProgress } from '../tensor/trainingLoop.ts';
import { compileTrainStep, type TrainState } from '../tensor/trainStep.ts';
import { type DistancePairsConfig, defaultDistancePairsConfig, drawDistancePairs } from './distancePairs.ts';
import {
  type LatentLossConfig,
  type LatentModelConfig,
  latentBatchSignature,
  latentBuffers,
  latentLoss,
  latentSpecs,
} from './latentLoss.ts';
import type { LatentWeights } from './learnedDynamics.ts';
import {
  defaultTemporalDistanceConfig,
  type TemporalDistanceConfig,
  temporalDistanceLoss,
  temporalDistanceSpecs,
} from './temporalDistance.ts';
import { drawWindows, type SeenEpisodes } from './windows.ts';

/** A stage as far as it was trained before. */
export interface StageStart {
  readonly state: TrainState;
  readonly elapsed: number;
}

/** What both stages take. */
export interface StageOptions {
  readonly engine: Engine;
  readonly minutes: number;
  readonly random: Random;
  readonly clock: Clock;
  /** Where an interrupted run left off. */
  readonly resume?: StageStart;
  readonly onStep?: (state: TrainState, progress: TrainingProgress) => void;
  readonly onCheckpoint?: (state: TrainState, progress: TrainingProgress) => Promise<void>;
  readonly interrupted?: AbortSignal;
}

export const latentSchedule: ScheduleConfig = { ...defaultScheduleConfig, peak: 2e-3 };

/** Trains encoder and predictor. */
export async function trainLatent(
  options: StageOptions & {
    readonly data: SeenEpisodes;
    readonly model: LatentModelConfig;
    readonly loss: LatentLossConfig;
  },
): Promise<LatentWeights> {
  const { engine, data, model, loss, random } = options;
  const store = { count: data.frames.length / FRAME_BYTES, frames: data.frames };
  const pictures = { backdrop: backdropOf(store), rarity: new Rarity(store) };
  const parameters = latentSpecs(model, loss);
  const trainStep = await compileTrainStep(engine, {
    parameters,
    buffers: latentBuffers(model),
    batch: latentBatchSignature(model, loss),
    loss: (params, batch, buffers) => latentLoss(params, batch, buffers, model, loss),
  });
  const state = await runTraining({
    ...options,
    trainStep,
    state: options.resume?.state ?? trainStep.start(initialise(parameters, random.fork('parameters'))),
    elapsed: options.resume?.elapsed ?? 0,
    budget: options.minutes * 60_000,
    drawBatch: (draws) => drawWindows(data.episodes, pictures, model, loss, draws),
    schedule: latentSchedule,
    random: random.fork('batches'),
  });
  await trainStep.dispose();
  return latentWeights(model, state, pictures.backdrop);
}

/** What inference needs of a training state: the aids are dropped. */
export function latentWeights(config: LatentModelConfig, state: TrainState, backdrop: Frame): LatentWeights {
  const kept = Object.entries(state.parameters).filter(([name]) => /^(encoder|predictor)\//.test(name));
  return { config, tensors: { ...Object.fromEntries(kept), ...state.buffers, backdrop: packBackdrop(backdrop) } };
}

export const distanceSchedule: ScheduleConfig = { ...defaultScheduleConfig, peak: 1e-3 };

/** Trains the temporal-distance head on the latents of whole episodes; returns its parameters. */
export async function trainDistance(
  options: StageOptions & {
    readonly latents: readonly Matrix[];
    readonly config?: TemporalDistanceConfig;
    readonly pairs?: DistancePairsConfig;
  },
): Promise<HostTensors> {
  const {
    engine,
    latents,
    random,
    config = defaultTemporalDistanceConfig,
    pairs = defaultDistancePairsConfig,
  } = options;
  const size = (latents[0] as Matrix).columns;
  const parameters = temporalDistanceSpecs(config, size);
  const trainStep = await compileTrainStep(engine, {
    parameters,
    batch: {
      from: { shape: [pairs.batch, size] },
      to: { shape: [pairs.batch, size] },
      steps: { shape: [pairs.batch] },
    },
    loss: (params, batch) => ({ loss: temporalDistanceLoss(params, batch, config), terms: {} }),
  });
  const state = await runTraining({
    ...options,
    trainStep,
    state: options.resume?.state ?? trainStep.start(initialise(parameters, random.fork('parameters'))),
    elapsed: options.resume?.elapsed ?? 0,
    budget: options.minutes * 60_000,
    drawBatch: (draws) => drawDistancePairs(latents, config.unit, pairs, draws),
    schedule: distanceSchedule,
    random: random.fork('pairs'),
  });
  await trainStep.dispose();
  return state.parameters;
}
