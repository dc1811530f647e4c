/**
 * Training of the latent model, in stages: encoder and predictor together (`latentLoss.ts`), then, on latents
 * that no longer move, the predictor (`dynamicsLoss.ts`), the learned distances (`temporalDistance.ts`,
 * `thingDistance.ts`) and the proposal (`proposal.ts`).
 */

import { FRAME_BYTES, type Frame } from '../../shared/frame.ts';
import { backdropOf, packBackdrop } from '../pictures/backdrop.ts';
import { Rarity } from '../pictures/rarity.ts';
import { initialise, learnedOrInitialised } from '../tensor/parameters.ts';
import { float32, type HostTensor, type HostTensors } from '../tensor/program.ts';
import { defaultScheduleConfig, type ScheduleConfig } from '../tensor/schedule.ts';
import type { TrainState } from '../tensor/trainStep.ts';
import { actionFeatureSize } from './actionFeatures.ts';
import type { DistanceNetworkConfig } from './distanceNetwork.ts';
import { type DistancePairsConfig, defaultDistancePairsConfig, drawDistancePairs } from './distancePairs.ts';
import { type DynamicsLossConfig, defaultDynamicsLossConfig, dynamicsLoss } from './dynamicsLoss.ts';
import { poseSizeOf } from './keypointEncoder.ts';
import {
  type LatentLossConfig,
  type LatentModelConfig,
  latentBatchSignature,
  latentBuffers,
  latentLoss,
  latentSpecs,
  windowFrames,
} from './latentLoss.ts';
import type { LatentWeights } from './learnedDynamics.ts';
import { latentSizeOf } from './motion.ts';
import { predictorSpecs } from './predictor.ts';
import { defaultProposalConfig, type ProposalConfig, proposalLoss, proposalSpecs } from './proposal.ts';
import { drawProposalPairs } from './proposalPairs.ts';
import { runStage, type StageOptions } from './runStage.ts';
import { SIGREG_FLOOR, sigregOfCollapsed } from './sigreg.ts';
import {
  defaultTemporalDistanceConfig,
  type TemporalDistanceConfig,
  temporalDistanceLoss,
  temporalDistanceSpecs,
} from './temporalDistance.ts';
import { defaultThingDistanceConfig, THING_MASK, thingDistanceLoss, thingDistanceSpecs } from './thingDistance.ts';
import { drawThingPairs } from './thingPairs.ts';
import {
  drawTrajectoryWindows,
  latentSizeOfTrajectory,
  type Trajectory,
  trajectoryWindowSignature,
} from './trajectories.ts';
import { drawWindows, type SeenEpisodes } from './windows.ts';

export const latentSchedule: ScheduleConfig = { ...defaultScheduleConfig, peak: 2e-3 };

/** Trains encoder and predictor. */
export async function trainLatent(
  options: StageOptions & {
    readonly data: SeenEpisodes;
    readonly model: LatentModelConfig;
    readonly loss: LatentLossConfig;
  },
): Promise<LatentWeights> {
  const { data, model, loss, random } = options;
  const store = { count: data.frames.length / FRAME_BYTES, frames: data.frames };
  const pictures = { backdrop: backdropOf(store), rarity: new Rarity(store) };
  const parameters = latentSpecs(model, loss);
  const state = await runStage(
    options,
    {
      parameters,
      buffers: latentBuffers(model),
      batch: latentBatchSignature(model, loss),
      loss: (params, batch, buffers) => latentLoss(params, batch, buffers, model, loss),
    },
    {
      start: initialise(parameters, random.fork('parameters')),
      drawBatch: (draws) => drawWindows(data.episodes, pictures, model, loss, draws),
      schedule: latentSchedule,
      predictionTerm: 'prediction',
      landmarks: {
        sigregFloor: SIGREG_FLOOR,
        sigregCollapsed: sigregOfCollapsed(loss.batch * windowFrames(model, loss.horizon)),
      },
    },
  );
  return latentWeights(model, state, pictures.backdrop);
}

/** What inference needs of a training state: the aids are dropped. */
export function latentWeights(config: LatentModelConfig, state: TrainState, backdrop: Frame): LatentWeights {
  const kept = Object.entries(state.parameters).filter(([name]) => /^(encoder|predictor)\//.test(name));
  return { config, tensors: { ...Object.fromEntries(kept), ...state.buffers, backdrop: packBackdrop(backdrop) } };
}

export const dynamicsSchedule: ScheduleConfig = { ...defaultScheduleConfig, peak: 1e-3 };

/** Trains the predictor further on the latents of a frozen encoder; returns its parameters. */
export async function trainDynamics(
  options: StageOptions & {
    readonly trajectories: readonly Trajectory[];
    /** The predictor to go on from. */
    readonly weights: LatentWeights;
    readonly loss?: DynamicsLossConfig;
  },
): Promise<HostTensors> {
  const { trajectories, weights, loss = defaultDynamicsLossConfig } = options;
  const { config } = weights;
  const actionSize = actionFeatureSize(config.actions);
  const parameters = predictorSpecs(config.predictor, config, actionSize);
  const start = Object.fromEntries(Object.keys(parameters).map((name) => [name, weights.tensors[name] as HostTensor]));
  const state = await runStage(
    options,
    {
      parameters,
      batch: trajectoryWindowSignature(loss.batch, loss.horizon, latentSizeOf(config), actionSize),
      loss: (params, batch) => dynamicsLoss(params, batch, config.predictor, poseSizeOf(config.encoder), loss.softness),
    },
    {
      start,
      drawBatch: (draws) => drawTrajectoryWindows(trajectories, loss.batch, loss.horizon, draws),
      schedule: dynamicsSchedule,
      predictionTerm: 'loss',
    },
  );
  return state.parameters;
}

export const distanceSchedule: ScheduleConfig = { ...defaultScheduleConfig, peak: 1e-3 };

/** Trains the temporal-distance heads on the latents of whole episodes; returns their parameters. */
export async function trainDistance(
  options: StageOptions & {
    readonly trajectories: readonly Trajectory[];
    /** Heads to go on from, if they are among these; new ones otherwise. */
    readonly learned?: HostTensors;
    readonly poseSize: number;
    readonly config?: TemporalDistanceConfig;
    readonly pairs?: DistancePairsConfig;
  },
): Promise<HostTensors> {
  const {
    trajectories,
    poseSize,
    random,
    learned = {},
    config = defaultTemporalDistanceConfig,
    pairs = defaultDistancePairsConfig,
  } = options;
  const size = latentSizeOfTrajectory(trajectories[0] as Trajectory);
  const parameters = temporalDistanceSpecs(config, size);
  const state = await runStage(
    options,
    {
      parameters,
      batch: {
        from: { shape: [pairs.batch, size] },
        to: { shape: [pairs.batch, size] },
        steps: { shape: [pairs.batch] },
      },
      loss: (params, batch) => ({ loss: temporalDistanceLoss(params, batch, config), terms: {} }),
    },
    {
      start: learnedOrInitialised(parameters, learned, random.fork('parameters')),
      drawBatch: (draws) => drawDistancePairs(trajectories, poseSize, config.unit, pairs, draws),
      schedule: distanceSchedule,
    },
  );
  return state.parameters;
}

export const proposalSchedule: ScheduleConfig = { ...defaultScheduleConfig, peak: 1e-3 };

/** Trains the proposal on the agent's own play; returns its parameters. */
export async function trainProposal(
  options: StageOptions & {
    readonly trajectories: readonly Trajectory[];
    readonly poseSize: number;
    readonly config?: ProposalConfig;
    readonly pairs?: DistancePairsConfig;
  },
): Promise<HostTensors> {
  const { trajectories, poseSize, random } = options;
  const { config = defaultProposalConfig, pairs = { ...defaultDistancePairsConfig, batch: 256 } } = options;
  const [first] = trajectories as [Trajectory, ...Trajectory[]];
  const latent = latentSizeOfTrajectory(first);
  const action = first.actions.length / first.steps;
  const parameters = proposalSpecs(config, { latent, pose: poseSize, action });
  const state = await runStage(
    options,
    {
      parameters,
      batch: {
        from: { shape: [pairs.batch, latent] },
        to: { shape: [pairs.batch, latent] },
        actions: { shape: [pairs.batch, config.steps, action] },
        counted: { shape: [pairs.batch, config.steps] },
      },
      loss: (params, batch) => ({ loss: proposalLoss(params, batch, poseSize, config), terms: {} }),
    },
    {
      start: initialise(parameters, random.fork('parameters')),
      drawBatch: (draws) => drawProposalPairs(trajectories, config.steps, pairs, draws),
      schedule: proposalSchedule,
    },
  );
  return state.parameters;
}

/**
 * Trains the distance to things for trajectories in which things are told from the body; returns its parameters and the
 * mask of things `[latent]`, `thingsOf`'s.
 */
export async function trainThings(
  options: StageOptions & {
    readonly trajectories: readonly Trajectory[];
    /** `[latent]`. */
    readonly things: Float32Array;
    readonly poseSize: number;
    /** Heads to go on from, if they are among these; new ones otherwise. */
    readonly learned?: HostTensors;
    readonly config?: DistanceNetworkConfig;
    readonly pairs?: DistancePairsConfig;
  },
): Promise<HostTensors> {
  const { trajectories, things, poseSize, random, learned = {} } = options;
  const { config = defaultThingDistanceConfig, pairs = defaultDistancePairsConfig } = options;
  const size = things.length;
  const parameters = thingDistanceSpecs(config, size);
  const state = await runStage(
    options,
    {
      parameters,
      batch: {
        from: { shape: [pairs.batch, size] },
        to: { shape: [pairs.batch, size] },
        things: { shape: [size] },
        distance: { shape: [pairs.batch] },
      },
      loss: (params, batch) => ({ loss: thingDistanceLoss(params, batch, config), terms: {} }),
    },
    {
      start: learnedOrInitialised(parameters, learned, random.fork('parameters')),
      drawBatch: (draws) => drawThingPairs(trajectories, things, poseSize, pairs, draws),
      schedule: distanceSchedule,
    },
  );
  return { ...state.parameters, [THING_MASK]: float32(things, [size]) };
}
