/**
 * Trains a renderer on frozen latents in three stages, each starting from what the last one yielded: regression finds
 * what is where, with weight on rare colours until small objects are there; diffusion turns it into a denoiser;
 * consistency distillation into a painter of few steps. All that is beyond the frames and latents is drawn from the
 * seed. The run is resumed from its directory when it was interrupted.
 */
import { backbones } from '../../models/diffusion/network/backbones.ts';
import { type Backbone, type DenoiserConfig, denoiserSpecs } from '../../models/diffusion/network/denoiser.ts';
import {
  networkPlans,
  RENDERER_NETWORKS,
  type RendererNetwork,
  type StageConfig,
} from '../../models/diffusion/networks.ts';
import type { RendererWeights } from '../../models/diffusion/rendererWeights.ts';
import { backdropOf } from '../../models/pictures/backdrop.ts';
import { initialise } from '../../models/tensor/parameters.ts';
import { type Engine, float32, type HostTensors } from '../../models/tensor/program.ts';
import type { TrainingProgress } from '../../models/tensor/trainingLoop.ts';
import type { Clock } from '../../shared/clock.ts';
import { TrainingError } from '../../shared/errors.ts';
import { Random } from '../../shared/random.ts';
import { type TrainedNetworks, trainNetworks } from './networkTraining.ts';
import { RendererCheckpoint } from './rendererCheckpoint.ts';
import { type RendererData, RendererExamples } from './rendererExamples.ts';

export interface RendererTrainingConfig {
  /** The network, but for the size of its latents, which is the data's. */
  readonly denoiser: Backbone & { readonly points: number };
  /** Largest standard deviation of the noise on latents. */
  readonly latentNoise: number;
  readonly stages: Readonly<Record<RendererNetwork, StageConfig>>;
}

export const defaultRendererTrainingConfig: RendererTrainingConfig = {
  denoiser: { points: 24, ...backbones.unet },
  latentNoise: 0.05,
  stages: {
    regression: networkPlans.regression.stage,
    base: networkPlans.base.stage,
    student: networkPlans.student.stage,
  },
};

/** A first guess at the linear layer that reads points off a latent. */
export interface InitialPoints {
  /** `[latent, 2·points]`. */
  readonly kernel: Float32Array;
  /** `[2·points]`: all x, then all y, in [−1, 1] across the frame. */
  readonly bias: Float32Array;
}

export interface RendererTraining {
  readonly engine: Engine;
  readonly data: RendererData;
  readonly config: RendererTrainingConfig;
  /** Minutes of training in all, however often it is interrupted. */
  readonly minutes: number;
  readonly seed: number;
  /** Where the state is kept; nothing is kept without one. */
  readonly checkpointDir?: string;
  /** Unless given, points start at random. Its number of points must be the configuration's. */
  readonly initialPoints?: InitialPoints;
  readonly onProgress?: (stage: RendererNetwork, progress: TrainingProgress) => void;
  readonly clock: Clock;
  readonly interrupted?: AbortSignal;
}

export interface TrainedRenderer extends Pick<TrainedNetworks, 'costs'> {
  readonly weights: RendererWeights;
}

/**
 * Trains a renderer, or goes on with one.
 * @throws TrainingError when a loss is not finite, when the data don't fit together, when the directory's checkpoint
 * belongs to another run, and when the run is interrupted, which it says with where to go on from
 */
export async function trainRenderer(training: RendererTraining): Promise<TrainedRenderer> {
  const { data, config, minutes, seed, clock, engine, onProgress, interrupted, checkpointDir } = training;
  const backdrop = backdropOf(data);
  const examples = new RendererExamples(data, backdrop, config.latentNoise);
  const denoiser = { latentSize: examples.latentSize, ...config.denoiser };
  const random = new Random(seed).fork('renderer');
  const checkpoint = await RendererCheckpoint.open(checkpointDir, { denoiser, seed, data: examples.digest() });
  const { networks, costs } = await trainNetworks({
    engine,
    clock,
    denoiser,
    examples,
    minutes,
    random,
    checkpoint,
    networks: RENDERER_NETWORKS,
    stages: config.stages,
    trained: {},
    first: firstParameters(denoiser, random, training.initialPoints),
    ...(interrupted && { interrupted }),
    ...(checkpointDir !== undefined && {
      toGoOn: `run the same command with --resume to go on from "${checkpointDir}"`,
    }),
    onProgress: (network, progress) => onProgress?.(network as RendererNetwork, progress),
  });
  const weights = { config: denoiser, backdrop, networks: networks as RendererWeights['networks'] };
  return { weights, costs };
}

/** Where a renderer's first network starts. @throws TrainingError when the points are not the network's */
export function firstParameters(config: DenoiserConfig, random: Random, points?: InitialPoints): HostTensors {
  const parameters = initialise(denoiserSpecs(config), random.fork('parameters'));
  if (!points) return parameters;
  const { latentSize } = config;
  const width = 2 * config.points;
  if (points.bias.length !== width || points.kernel.length !== latentSize * width)
    throw new TrainingError(
      `the initial points are ${points.bias.length / 2}, the network has ${config.points} for latents of ${latentSize} numbers; configure as many points as are given`,
    );
  return {
    ...parameters,
    'points/kernel': float32(points.kernel, [latentSize, width]),
    'points/bias': float32(points.bias, [width]),
  };
}
