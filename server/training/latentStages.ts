/**
 * The stages of a run that need no renderer: encoder and predictor together, then, on the latents of many more episodes,
 * the predictor further, the temporal distance, and the distance to things where they are told from the agent's body.
 */
import { actionFeatures } from '../../models/latent/actionFeatures.ts';
import { thingsOf } from '../../models/latent/body.ts';
import { poseSizeOf } from '../../models/latent/keypointEncoder.ts';
import { defaultLatentLossConfig, latentModelConfig } from '../../models/latent/latentLoss.ts';
import { type LatentWeights, LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import { defaultTemporalDistanceConfig } from '../../models/latent/temporalDistance.ts';
import { defaultThingDistanceConfig, THING_MASK } from '../../models/latent/thingDistance.ts';
import {
  type StageOptions,
  trainDistance,
  trainDynamics,
  trainLatent,
  trainThings,
} from '../../models/latent/trainLatent.ts';
import type { Trajectory } from '../../models/latent/trajectories.ts';
import type { HostTensors } from '../../models/tensor/program.ts';
import type { TrainingProgress } from '../../models/tensor/trainingLoop.ts';
import { TrainingError, UsageError } from '../../shared/errors.ts';
import { Random } from '../../shared/random.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import type { EpisodeSet } from '../data/episodes.ts';
import { playHeld } from '../data/playHeld.ts';
import { type Play, playScript } from '../data/playScript.ts';
import { collectTrajectories } from '../data/trajectories.ts';
import type { AgentTraining } from './agentTraining.ts';
import { loadStage, saveStage } from './stageCheckpoint.ts';

/**
 * Trains encoder, predictor and distances. @throws TrainingError when a loss is not finite or the run is
 * interrupted
 */
export async function trainLatentStages(
  training: AgentTraining,
  data: EpisodeSet,
  minutes: number,
): Promise<LatentWeights> {
  const { definition, config } = training;
  const { latent, dynamics, distance, things } = config.shares;
  const encoderMinutes = (minutes * latent) / (latent + dynamics + distance + things);
  const first = await trainLatent({
    ...(await stageOptions(training, 'latent', encoderMinutes, latentRandom(training))),
    data: { frames: data.frames, episodes: data.episodes.map((episode) => seenBy(definition, episode)) },
    model: latentModelConfig(definition.spec.action),
    loss: defaultLatentLossConfig,
  });
  refuseInterrupted(training, 'latent');
  return trainFrozenStages(training, first, minutes - encoderMinutes);
}

/** Goes on with the predictor, and learns the distances anew, for an encoder as it is. @throws likewise */
export async function trainFrozenStages(
  training: AgentTraining,
  weights: LatentWeights,
  minutes: number,
): Promise<LatentWeights> {
  const random = latentRandom(training);
  const { scripted: trajectories, held } = await encodeMore(training, weights, true);
  refuseInterrupted(training, 'encode');
  const things = dividedThings(weights, trajectories);
  const { shares } = training.config;
  const whole = shares.dynamics + shares.distance + (things ? shares.things : 0);
  const minutesOf = (stage: 'dynamics' | 'distance' | 'things'): number => (minutes * shares[stage]) / whole;
  const predictor = await trainDynamics({
    ...(await stageOptions(training, 'dynamics', minutesOf('dynamics'), random.fork('dynamics'))),
    trajectories: [...trajectories, ...held],
    weights,
  });
  refuseInterrupted(training, 'dynamics');
  // Beside a distance to things it counts a quarter, and one head is enough.
  const heads = things ? 1 : defaultTemporalDistanceConfig.heads;
  const head = await trainDistance({
    ...(await stageOptions(training, 'distance', minutesOf('distance'), random.fork('distance'))),
    trajectories,
    config: { ...defaultTemporalDistanceConfig, heads },
  });
  refuseInterrupted(training, 'distance');
  const further: LatentWeights = {
    config: { ...weights.config, distance: { heads } },
    tensors: { ...withoutDistance(weights.tensors), ...predictor, ...head },
  };
  return things ? withThings(training, further, { trajectories, things }, minutesOf('things')) : withoutThings(further);
}

/** Learns the distance to things anew, for encoder and predictor as they are. @throws likewise */
export async function trainThingsStage(
  training: AgentTraining,
  weights: LatentWeights,
  minutes: number,
): Promise<LatentWeights> {
  const { scripted: trajectories } = await encodeMore(training, weights, false);
  refuseInterrupted(training, 'encode');
  const things = dividedThings(weights, trajectories);
  if (things === undefined)
    throw new UsageError(
      `in ${training.definition.spec.id} the agent tells no things from its body, so that the stage "things" has nothing to learn; train --stage dynamics`,
    );
  return withThings(training, weights, { trajectories, things }, minutes);
}

async function withThings(
  training: AgentTraining,
  weights: LatentWeights,
  seen: { readonly trajectories: readonly Trajectory[]; readonly things: Float32Array },
  minutes: number,
): Promise<LatentWeights> {
  const { config, tensors } = withoutThings(weights);
  const options = await stageOptions(training, 'things', minutes, latentRandom(training).fork('things'));
  const learned = await trainThings({ ...options, ...seen, poseSize: poseSizeOf(config.encoder) });
  refuseInterrupted(training, 'things');
  const { heads } = defaultThingDistanceConfig;
  return { config: { ...config, things: { heads } }, tensors: { ...tensors, ...learned } };
}

/** Another number of heads must leave none of the others behind. */
function withoutDistance(tensors: HostTensors): HostTensors {
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => !name.startsWith('distance/')));
}

function withoutThings({ config: { things: _, ...config }, tensors }: LatentWeights): LatentWeights {
  const kept = Object.entries(tensors).filter(([name]) => name !== THING_MASK && !name.startsWith('things/'));
  return { config, tensors: Object.fromEntries(kept) };
}

/** Which numbers of a latent are of things; nothing where they are not told from the body. */
function dividedThings({ config }: LatentWeights, trajectories: readonly Trajectory[]): Float32Array | undefined {
  const things = thingsOf(trajectories, poseSizeOf(config.encoder));
  return things.every((is) => is === 1) ? undefined : things;
}

function latentRandom({ seed }: AgentTraining): Random {
  return new Random(seed).fork('latent');
}

/** The same with the actions as the model sees them. */
function seenBy<T extends { readonly actions: Float32Array }>({ spec }: WorldDefinition, played: T): T {
  return { ...played, actions: actionFeatures(spec.action, played.actions) };
}

interface Encoded {
  /** Of the scripted behaviour. */
  readonly scripted: readonly Trajectory[];
  /** Of held actions; from these the predictor alone learns, since they lead nowhere. */
  readonly held: readonly Trajectory[];
}

/** Plays and encodes the episodes of which only latents are kept. */
async function encodeMore(training: AgentTraining, weights: LatentWeights, withHeld: boolean): Promise<Encoded> {
  const { definition, engine, config, seed, interrupted, onProgress } = training;
  const dynamics = new LearnedDynamics(engine, weights);
  const heldEpisodes = withHeld ? config.heldEpisodes : 0;
  const all = config.encodedEpisodes + heldEpisodes;
  const collect = async (name: string, episodes: number, before: number, play: Play): Promise<Trajectory[]> => {
    const options = {
      definition,
      episodes,
      length: config.length,
      seed: new Random(seed).fork(name).uint32(),
      play,
      onEpisode: (done: number): void => onProgress('encode', (before + done) / all, {}),
    };
    const trajectories = await collectTrajectories(dynamics, options, interrupted);
    return trajectories.map((trajectory) => seenBy(definition, trajectory));
  };
  const scripted = await collect('encoded episodes', config.encodedEpisodes, 0, playScript);
  const held = await collect('held episodes', heldEpisodes, config.encodedEpisodes, playHeld);
  await dynamics.dispose();
  return { scripted, held };
}

async function stageOptions(
  { engine, clock, directory, resume, interrupted, onProgress }: AgentTraining,
  stage: 'latent' | 'dynamics' | 'distance' | 'things',
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
