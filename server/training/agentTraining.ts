/**
 * What a training run is made of, the episodes that it collects, and its renderer; the stages before that are in
 * `latentStages.ts`. Every stage keeps its state in the directory, so that the run can be interrupted anywhere and
 * resumed. Data are not kept but played again from their seed, which saves a gigabyte. The collected episodes cost
 * seconds; those that are played and encoded for predictor and distances cost minutes, and are left out once all that
 * learns from them is written (`trainAgent.ts`).
 */
import { backbones } from '../../models/diffusion/network/backbones.ts';
import type { Backbone } from '../../models/diffusion/network/denoiser.ts';
import type { NetworkName } from '../../models/diffusion/networks.ts';
import type { DynamicsLossConfig } from '../../models/latent/dynamicsLoss.ts';
import { poseSizeOf } from '../../models/latent/keypointEncoder.ts';
import { keypointReadout } from '../../models/latent/keypointReadout.ts';
import { type LatentWeights, LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import { type LatentLayout, posesOf } from '../../models/latent/motion.ts';
import type { Matrix } from '../../models/planning/contracts.ts';
import type { Engine } from '../../models/tensor/program.ts';
import type { TrainingProgress } from '../../models/tensor/trainingLoop.ts';
import type { Clock } from '../../shared/clock.ts';
import { FRAME_BYTES } from '../../shared/frame.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { collectEpisodes, type EpisodeSet, framesOf } from '../data/episodes.ts';
import type { RendererData } from './rendererExamples.ts';
import { defaultRendererTrainingConfig, type TrainedRenderer, trainRenderer } from './rendererTraining.ts';
import type { KeptStage } from './stageCheckpoint.ts';

export interface AgentTrainingConfig {
  /** Episodes to learn from, and episodes kept apart for measuring predictions. */
  readonly episodes: number;
  readonly heldOutEpisodes: number;
  /** Episodes of which only latents are kept, for the stages that need no pixels. */
  readonly encodedEpisodes: number;
  /** Further ones of held actions (`playHeld.ts`), for the predictor. */
  readonly heldEpisodes: number;
  /** Steps an episode. */
  readonly length: number;
  /** Shares of the minutes; `practice` is play, and learning predictor and distances from it. */
  readonly shares: Readonly<Record<'latent' | 'dynamics' | 'distance' | 'things' | 'practice' | 'renderer', number>>;
  /** The part of the practice's minutes in which the agent plays. */
  readonly playShare: number;
  /** Least share of the episodes learned from afterwards that are its own play. */
  readonly practisedShare: number;
  /** The part of the minutes of learning from it that teaches the proposal; 0 for an agent without one. */
  readonly proposalShare: number;
  /** What a latent is made of, and what the predictor's own stage minimises, where they are not the defaults. */
  readonly layout?: LatentLayout;
  readonly dynamicsLoss?: DynamicsLossConfig;
  /** What reading the true state from the latent counts in the encoder's loss; it is not read unless told. */
  readonly stateWeight?: number;
}

export const defaultAgentTrainingConfig: AgentTrainingConfig = {
  episodes: 900,
  heldOutEpisodes: 100,
  encodedEpisodes: 4000,
  heldEpisodes: 1500,
  length: 50,
  shares: { latent: 0.2, dynamics: 0.2, distance: 0.05, things: 0.075, practice: 0.225, renderer: 0.25 },
  playShare: 0.35,
  practisedShare: 0.35,
  proposalShare: 0.1,
};

/**
 * What a run is at: `collect` plays episodes, `encode` plays more and keeps their latents, in `practice` the agent plays,
 * the others train, those called `practised-…` from that play too and `proposal` from that alone; the last are the
 * renderer's networks.
 */
export type TrainingStage = 'collect' | 'encode' | KeptStage | NetworkName;

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

/** Collects the run's episodes: those to learn from, and those held out, which are the same where they are all. */
export function collectFor(
  { definition, config, seed, onProgress }: Pick<AgentTraining, 'definition' | 'config' | 'seed' | 'onProgress'>,
  which: 'all' | 'held out' = 'all',
): EpisodeSet & { readonly heldOut: EpisodeSet['episodes'] } {
  const learnedFrom = which === 'all' ? config.episodes : 0;
  const first = config.episodes - learnedFrom;
  const episodes = learnedFrom + config.heldOutEpisodes;
  const onEpisode = (done: number): void => onProgress('collect', done / episodes, {});
  const set = collectEpisodes({ definition, first, episodes, length: config.length, seed, onEpisode });
  return {
    episodes: set.episodes.slice(0, learnedFrom),
    frames: set.frames.subarray(0, learnedFrom * (config.length + 1) * FRAME_BYTES),
    heldOut: set.episodes.slice(learnedFrom),
  };
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
