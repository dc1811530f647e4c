/**
 * A whole training run: collect episodes, learn the latent model, then the temporal distance, then the renderer on the frozen latents, and write an agent's
 * directory. Every stage keeps its state in the directory, so that the run can be interrupted anywhere and resumed; data are collected again
 * from their seed, which costs seconds and saves a gigabyte.
 */
import type { RendererWeights } from '../../models/diffusion/rendererWeights.ts';
import { keypointReadout } from '../../models/latent/keypointReadout.ts';
import { defaultLatentLossConfig, latentModelConfig } from '../../models/latent/latentLoss.ts';
import { type LatentWeights, LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import { type StageOptions, trainDistance, trainLatent } from '../../models/latent/trainLatent.ts';
import type { Matrix } from '../../models/planning/contracts.ts';
import type { Engine } from '../../models/tensor/program.ts';
import type { TrainingProgress } from '../../models/tensor/trainingLoop.ts';
import type { Clock } from '../../shared/clock.ts';
import { TrainingError } from '../../shared/errors.ts';
import { FRAME_BYTES } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import { dimensionsOf } from '../../shared/space.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { collectEpisodes, type EpisodeSet, framesOf } from '../data/episodes.ts';
import { defaultRendererTrainingConfig, trainRenderer } from './rendererTraining.ts';
import { loadStage, saveStage } from './stageCheckpoint.ts';

export interface AgentTrainingConfig {
  /** Episodes to learn from, and episodes kept apart for measuring predictions. */
  readonly episodes: number;
  readonly heldOutEpisodes: number;
  /** Steps an episode. */
  readonly length: number;
  /** Shares of the minutes. */
  readonly shares: { readonly latent: number; readonly distance: number; readonly renderer: number };
}

export const defaultAgentTrainingConfig: AgentTrainingConfig = {
  episodes: 1900,
  heldOutEpisodes: 100,
  length: 50,
  shares: { latent: 0.5, distance: 0.05, renderer: 0.45 },
};

export type TrainingStage = 'collect' | 'latent' | 'distance' | 'renderer';

export interface AgentTraining {
  readonly definition: WorldDefinition;
  readonly engine: Engine;
  readonly directory: string;
  readonly minutes: number;
  readonly seed: number;
  readonly clock: Clock;
  readonly config: AgentTrainingConfig;
  /** Whether states kept in the directory are taken up; otherwise every stage begins anew. */
  readonly resume: boolean;
  /** Called often; `progress` is the fraction of the stage that is done. */
  readonly onProgress: (stage: TrainingStage, progress: number, terms: Readonly<Record<string, number>>) => void;
  readonly interrupted: AbortSignal;
}

/** Collects the run's episodes: those to learn from, then those held out. */
export function collectFor({
  definition,
  config,
  seed,
  onProgress,
}: AgentTraining): EpisodeSet & { readonly heldOut: EpisodeSet['episodes'] } {
  const episodes = config.episodes + config.heldOutEpisodes;
  const onEpisode = (done: number): void => onProgress('collect', done / episodes, {});
  const set = collectEpisodes({ definition, episodes, length: config.length, seed, onEpisode });
  return {
    episodes: set.episodes.slice(0, config.episodes),
    frames: set.frames.subarray(0, config.episodes * (config.length + 1) * FRAME_BYTES),
    heldOut: set.episodes.slice(config.episodes),
  };
}

/** Trains encoder, predictor and temporal distance. @throws TrainingError when a loss is not finite or the run is interrupted */
export async function trainLatentStages(
  training: AgentTraining,
  data: EpisodeSet,
  minutes: number,
): Promise<LatentWeights> {
  const { definition, engine, config } = training;
  const random = new Random(training.seed).fork('latent');
  const { latent, distance } = config.shares;
  const latentMinutes = (minutes * latent) / (latent + distance);
  const weights = await trainLatent({
    ...(await stageOptions(training, 'latent', latentMinutes, random)),
    data,
    model: latentModelConfig(dimensionsOf(definition.spec.action)),
    loss: defaultLatentLossConfig,
  });
  refuseInterrupted(training, 'latent');
  const head = await trainDistance({
    ...(await stageOptions(training, 'distance', minutes - latentMinutes, random.fork('distance'))),
    latents: await encodeEpisodes(engine, weights, data),
  });
  refuseInterrupted(training, 'distance');
  return { config: weights.config, tensors: { ...weights.tensors, ...head } };
}

/** Trains the renderer on the frozen latents. @throws TrainingError likewise */
export async function trainRendererStages(
  training: AgentTraining,
  data: EpisodeSet,
  latent: LatentWeights,
  minutes: number,
): Promise<RendererWeights> {
  const { engine, clock, seed, directory, interrupted, onProgress } = training;
  const encoded = await encodeEpisodes(engine, latent, data);
  const size = encoded[0]?.columns ?? 0;
  const count = data.frames.length / FRAME_BYTES;
  const latents = new Float32Array(count * size);
  let row = 0;
  for (const { data: values, rows } of encoded) {
    latents.set(values, row * size);
    row += rows;
  }
  return trainRenderer({
    engine,
    clock,
    seed,
    minutes,
    interrupted,
    checkpointDir: directory,
    data: { count, latents, frames: data.frames },
    config: {
      ...defaultRendererTrainingConfig,
      denoiser: { ...defaultRendererTrainingConfig.denoiser, points: latent.config.encoder.keypoints },
    },
    initialPoints: keypointReadout(latent),
    onProgress: (stage, { progress, terms }) => onProgress('renderer', progress, { [stage]: terms.loss ?? Number.NaN }),
  });
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
  stage: 'latent' | 'distance',
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
    onStep: (_state, { progress, terms }: TrainingProgress) => onProgress(stage, progress, terms),
    onCheckpoint: (state, { elapsed }) => saveStage(directory, stage, state, elapsed),
  };
}

function refuseInterrupted({ interrupted, directory }: AgentTraining, stage: string): void {
  if (interrupted.aborted)
    throw new TrainingError(
      `the training was interrupted in its stage "${stage}"; run the same command with --resume to go on from "${directory}"`,
    );
}
