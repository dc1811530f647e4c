/**
 * A whole training run: collect episodes, learn the latent model, then dynamics and temporal distance on many more
 * encoded episodes, then the renderer on the frozen latents. Every stage keeps its state in the directory, so that the
 * run can be interrupted anywhere and resumed; data are collected again from their seed, which costs seconds and saves
 * a gigabyte.
 */
import { backbones } from '../../models/diffusion/network/backbones.ts';
import type { Backbone } from '../../models/diffusion/network/denoiser.ts';
import type { NetworkName } from '../../models/diffusion/networks.ts';
import { actionFeatures } from '../../models/latent/actionFeatures.ts';
import { poseSizeOf } from '../../models/latent/keypointEncoder.ts';
import { keypointReadout } from '../../models/latent/keypointReadout.ts';
import { defaultLatentLossConfig, latentModelConfig } from '../../models/latent/latentLoss.ts';
import { type LatentWeights, LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import { posesOf } from '../../models/latent/motion.ts';
import { defaultTemporalDistanceConfig } from '../../models/latent/temporalDistance.ts';
import { type StageOptions, trainDistance, trainDynamics, trainLatent } from '../../models/latent/trainLatent.ts';
import type { Trajectory } from '../../models/latent/trajectories.ts';
import type { Matrix } from '../../models/planning/contracts.ts';
import type { Engine } from '../../models/tensor/program.ts';
import type { TrainingProgress } from '../../models/tensor/trainingLoop.ts';
import type { Clock } from '../../shared/clock.ts';
import { TrainingError } from '../../shared/errors.ts';
import { FRAME_BYTES } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { collectEpisodes, type EpisodeSet, framesOf } from '../data/episodes.ts';
import { collectTrajectories } from '../data/trajectories.ts';
import type { RendererData } from './rendererExamples.ts';
import { defaultRendererTrainingConfig, type TrainedRenderer, trainRenderer } from './rendererTraining.ts';
import { loadStage, saveStage } from './stageCheckpoint.ts';

export interface AgentTrainingConfig {
  /** Episodes to learn from, and episodes kept apart for measuring predictions. */
  readonly episodes: number;
  readonly heldOutEpisodes: number;
  /** Episodes of which only latents are kept, for the stages that need no pixels. */
  readonly encodedEpisodes: number;
  /** Steps an episode. */
  readonly length: number;
  /** Shares of the minutes. */
  readonly shares: Readonly<Record<'latent' | 'dynamics' | 'distance' | 'renderer', number>>;
}

export const defaultAgentTrainingConfig: AgentTrainingConfig = {
  episodes: 900,
  heldOutEpisodes: 100,
  encodedEpisodes: 4000,
  length: 50,
  shares: { latent: 0.25, dynamics: 0.22, distance: 0.18, renderer: 0.35 },
};

/**
 * What a run is at: `collect` plays episodes, `encode` plays more and keeps their latents, the others train; the last
 * are the renderer's networks.
 */
export type TrainingStage = 'collect' | 'latent' | 'encode' | 'dynamics' | 'distance' | NetworkName;

export interface AgentTraining {
  readonly definition: WorldDefinition;
  readonly engine: Engine;
  readonly directory: string;
  readonly minutes: number;
  readonly seed: number;
  readonly clock: Clock;
  readonly config: AgentTrainingConfig;
  /** The renderer's network; the default U-Net unless told. */
  readonly backbone?: Backbone;
  /** Whether states kept in the directory are taken up; otherwise every stage begins anew. */
  readonly resume: boolean;
  /** Called often; `progress` is the fraction of the stage that is done, `at` where its training is, if it trains. */
  readonly onProgress: (
    stage: TrainingStage,
    progress: number,
    terms: Readonly<Record<string, number>>,
    at?: Pick<TrainingProgress, 'step' | 'elapsed'>,
  ) => void;
  readonly interrupted: AbortSignal;
}

/** Collects the run's episodes: those to learn from, then those held out. */
export function collectFor({
  definition,
  config,
  seed,
  onProgress,
}: Pick<AgentTraining, 'definition' | 'config' | 'seed' | 'onProgress'>): EpisodeSet & {
  readonly heldOut: EpisodeSet['episodes'];
} {
  const episodes = config.episodes + config.heldOutEpisodes;
  const onEpisode = (done: number): void => onProgress('collect', done / episodes, {});
  const set = collectEpisodes({ definition, episodes, length: config.length, seed, onEpisode });
  return {
    episodes: set.episodes.slice(0, config.episodes),
    frames: set.frames.subarray(0, config.episodes * (config.length + 1) * FRAME_BYTES),
    heldOut: set.episodes.slice(config.episodes),
  };
}

/**
 * Trains encoder, predictor and temporal distance. @throws TrainingError when a loss is not finite or the run is
 * interrupted
 */
export async function trainLatentStages(
  training: AgentTraining,
  data: EpisodeSet,
  minutes: number,
): Promise<LatentWeights> {
  const { definition, config } = training;
  const { latent, dynamics, distance } = config.shares;
  const encoderMinutes = (minutes * latent) / (latent + dynamics + distance);
  const first = await trainLatent({
    ...(await stageOptions(training, 'latent', encoderMinutes, latentRandom(training))),
    data: { frames: data.frames, episodes: data.episodes.map((episode) => seenBy(definition, episode)) },
    model: latentModelConfig(definition.spec.action),
    loss: defaultLatentLossConfig,
  });
  refuseInterrupted(training, 'latent');
  return trainFrozenStages(training, first, minutes - encoderMinutes);
}

/** Goes on with the predictor, and learns temporal distance anew, for an encoder as it is. @throws likewise */
export async function trainFrozenStages(
  training: AgentTraining,
  weights: LatentWeights,
  minutes: number,
): Promise<LatentWeights> {
  const { dynamics, distance } = training.config.shares;
  const minutesOf = (share: number): number => (minutes * share) / (dynamics + distance);
  const random = latentRandom(training);
  const trajectories = await encodeMore(training, weights);
  refuseInterrupted(training, 'encode');
  const predictor = await trainDynamics({
    ...(await stageOptions(training, 'dynamics', minutesOf(dynamics), random.fork('dynamics'))),
    trajectories,
    weights,
  });
  refuseInterrupted(training, 'dynamics');
  const head = await trainDistance({
    ...(await stageOptions(training, 'distance', minutesOf(distance), random.fork('distance'))),
    trajectories,
  });
  refuseInterrupted(training, 'distance');
  const { heads } = defaultTemporalDistanceConfig;
  return { config: { ...weights.config, distance: { heads } }, tensors: { ...weights.tensors, ...predictor, ...head } };
}

function latentRandom({ seed }: AgentTraining): Random {
  return new Random(seed).fork('latent');
}

/** The same with the actions as the model sees them. */
function seenBy<T extends { readonly actions: Float32Array }>({ spec }: WorldDefinition, played: T): T {
  return { ...played, actions: actionFeatures(spec.action, played.actions) };
}

/** Plays and encodes the episodes of which only latents are kept. */
async function encodeMore(training: AgentTraining, weights: LatentWeights): Promise<Trajectory[]> {
  const { definition, engine, config, seed, interrupted, onProgress } = training;
  const dynamics = new LearnedDynamics(engine, weights);
  const options = {
    definition,
    episodes: config.encodedEpisodes,
    length: config.length,
    seed: new Random(seed).fork('encoded episodes').uint32(),
    onEpisode: (done: number): void => onProgress('encode', done / config.encodedEpisodes, {}),
  };
  const trajectories = await collectTrajectories(dynamics, options, interrupted);
  await dynamics.dispose();
  return trajectories.map((trajectory) => seenBy(definition, trajectory));
}

/** Trains the renderer on the frozen latents. @throws TrainingError likewise */
export async function trainRendererStages(
  training: AgentTraining,
  data: EpisodeSet,
  latent: LatentWeights,
  minutes: number,
): Promise<TrainedRenderer> {
  const { engine, clock, seed, directory, interrupted, onProgress, backbone = backbones.unet } = training;
  return trainRenderer({
    engine,
    clock,
    seed,
    minutes,
    interrupted,
    checkpointDir: directory,
    data: await rendererData(engine, latent, data),
    config: {
      ...defaultRendererTrainingConfig,
      denoiser: { points: latent.config.encoder.keypoints, ...backbone },
    },
    initialPoints: keypointReadout(latent),
    onProgress: (network, at) => onProgress(network, at.progress, at.terms, at),
  });
}

/** The frames of the episodes with their poses, an episode after the other. */
export async function rendererData(engine: Engine, latent: LatentWeights, data: EpisodeSet): Promise<RendererData> {
  const size = poseSizeOf(latent.config.encoder);
  const encoded = (await encodeEpisodes(engine, latent, data)).map((clip) => posesOf(clip, size));
  const count = data.frames.length / FRAME_BYTES;
  const latents = new Float32Array(count * size);
  const starts: number[] = [];
  let row = 0;
  for (const { data: values, rows } of encoded) {
    starts.push(row);
    latents.set(values, row * size);
    row += rows;
  }
  return { count, latents, starts, frames: data.frames };
}

async function encodeEpisodes(engine: Engine, weights: LatentWeights, data: EpisodeSet): Promise<Matrix[]> {
  const dynamics = new LearnedDynamics(engine, weights);
  const encoded: Matrix[] = [];
  for (const episode of data.episodes) encoded.push(await dynamics.encode(framesOf(episode)));
  await dynamics.dispose();
  return encoded;
}

async function stageOptions(
  { engine, clock, directory, resume, interrupted, onProgress }: AgentTraining,
  stage: 'latent' | 'dynamics' | 'distance',
  minutes: number,
  random: Random,
): Promise<StageOptions> {
  const start = resume ? await loadStage(directory, stage) : undefined;
  return {
    engine,
    minutes,
    random,
    clock,
    interrupted,
    ...(start && { resume: start }),
    onStep: (_state, at: TrainingProgress) => onProgress(stage, at.progress, at.terms, at),
    onCheckpoint: (state, { elapsed }) => saveStage(directory, stage, state, elapsed),
  };
}

function refuseInterrupted({ interrupted, directory }: AgentTraining, stage: string): void {
  if (interrupted.aborted)
    throw new TrainingError(
      `the training was interrupted in its stage "${stage}"; run the same command with --resume to go on from "${directory}"`,
    );
}
