/**
 * What is learned for an encoder that no longer moves: the predictor further, the temporal distance, and the distance to
 * things where they are told from the agent's body. A run does so once from script and held actions, and once more when
 * the agent has practised; then what it did teaches it where to begin a search.
 */
import { thingsOf } from '../../models/latent/body.ts';
import { poseSizeOf } from '../../models/latent/keypointEncoder.ts';
import type { LatentWeights } from '../../models/latent/learnedDynamics.ts';
import { defaultProposalConfig } from '../../models/latent/proposal.ts';
import type { StageOptions } from '../../models/latent/runStage.ts';
import { defaultTemporalDistanceConfig } from '../../models/latent/temporalDistance.ts';
import { defaultThingDistanceConfig, THING_MASK } from '../../models/latent/thingDistance.ts';
import { trainDistance, trainDynamics, trainProposal, trainThings } from '../../models/latent/trainLatent.ts';
import type { Trajectory } from '../../models/latent/trajectories.ts';
import type { HostTensors } from '../../models/tensor/program.ts';
import type { TrainingProgress } from '../../models/tensor/trainingLoop.ts';
import { TrainingError } from '../../shared/errors.ts';
import { Random } from '../../shared/random.ts';
import type { AgentTraining, TrainingStage } from './agentTraining.ts';
import type { EncodedPlay } from './encodedPlay.ts';
import { type KeptStage, loadStage, saveStage } from './stageCheckpoint.ts';

/** What a pass learns from; with anything practised its stages are called `practised-…`, and it learns to propose. */
export interface FrozenPlay extends EncodedPlay {
  readonly practised: readonly Trajectory[];
}

/**
 * Goes on with the predictor, and with the distances if there are any. @throws TrainingError when a loss is not finite or
 * the run is interrupted
 */
export async function trainFrozenPass(
  training: AgentTraining,
  weights: LatentWeights,
  play: FrozenPlay,
  minutes: number,
): Promise<LatentWeights> {
  const { shares, practisedShare, proposalShare, dynamicsLoss } = training.config;
  const prefix = play.practised.length > 0 ? 'practised-' : '';
  const random = latentRandom(training);
  const things = thingsToldFrom(weights, play.scripted);
  const proposing = play.practised.length > 0 && weights.config.actions.kind === 'box' && proposalShare > 0;
  const toPropose = proposing ? minutes * proposalShare : 0;
  const whole = shares.dynamics + shares.distance + (things ? shares.things : 0);
  const minutesOf = (stage: 'dynamics' | 'distance' | 'things'): number =>
    ((minutes - toPropose) * shares[stage]) / whole;
  const trajectories = blended(play.scripted, play.practised, practisedShare);

  const dynamics = `${prefix}dynamics` as const;
  const predictor = await trainDynamics({
    ...(await stageOptions(training, dynamics, minutesOf('dynamics'), random.fork(dynamics))),
    trajectories: blended([...play.scripted, ...play.held], play.practised, practisedShare),
    weights,
    ...(dynamicsLoss && { loss: dynamicsLoss }),
  });
  refuseInterrupted(training, dynamics);

  // Beside a distance to things it counts a quarter, and one head is enough.
  const heads = things ? 1 : defaultTemporalDistanceConfig.heads;
  const distance = `${prefix}distance` as const;
  const head = await trainDistance({
    ...(await stageOptions(training, distance, minutesOf('distance'), random.fork(distance))),
    trajectories,
    poseSize: poseSizeOf(weights.config.encoder),
    learned: weights.tensors,
    config: { ...defaultTemporalDistanceConfig, heads },
  });
  refuseInterrupted(training, distance);

  const further: LatentWeights = {
    config: { ...weights.config, distance: { heads } },
    tensors: { ...withoutDistance(weights.tensors), ...predictor, ...head },
  };
  const judging = things
    ? await withThings(training, further, { stage: `${prefix}things`, trajectories, things }, minutesOf('things'))
    : withoutThings(further);
  if (proposing) return withProposal(training, judging, play.practised, toPropose);
  return proposalShare > 0 ? judging : withoutProposal(judging);
}

/** Learns to propose from the agent's own play. @throws TrainingError likewise */
async function withProposal(
  training: AgentTraining,
  { config, tensors }: LatentWeights,
  trajectories: readonly Trajectory[],
  minutes: number,
): Promise<LatentWeights> {
  const options = await stageOptions(training, 'proposal', minutes, latentRandom(training).fork('proposal'));
  const learned = await trainProposal({ ...options, trajectories, poseSize: poseSizeOf(config.encoder) });
  refuseInterrupted(training, 'proposal');
  const { ways, steps } = defaultProposalConfig;
  return { config: { ...config, proposal: { ways, steps } }, tensors: { ...tensors, ...learned } };
}

/**
 * Learns the distance to things, further if there is one, for encoder and predictor as they are. @throws TrainingError
 * likewise
 */
export async function withThings(
  training: AgentTraining,
  weights: LatentWeights,
  {
    stage,
    ...seen
  }: {
    readonly stage: 'things' | 'practised-things';
    readonly trajectories: readonly Trajectory[];
    readonly things: Float32Array;
  },
  minutes: number,
): Promise<LatentWeights> {
  const { config, tensors } = withoutThings(weights);
  const options = await stageOptions(training, stage, minutes, latentRandom(training).fork(stage));
  const poseSize = poseSizeOf(config.encoder);
  const learned = await trainThings({ ...options, ...seen, poseSize, learned: weights.tensors });
  refuseInterrupted(training, stage);
  const { heads } = defaultThingDistanceConfig;
  return { config: { ...config, things: { heads } }, tensors: { ...tensors, ...learned } };
}

/** Which numbers of a latent are of things; nothing where they are not told from the body. */
export function thingsToldFrom(
  { config }: LatentWeights,
  trajectories: readonly Trajectory[],
): Float32Array | undefined {
  const things = thingsOf(trajectories, poseSizeOf(config.encoder));
  return things.every((is) => is === 1) ? undefined : things;
}

/** All episodes, those of practice as often as it takes for them to be at least such a share of all. */
function blended(
  episodes: readonly Trajectory[],
  practised: readonly Trajectory[],
  share: number,
): readonly Trajectory[] {
  if (practised.length === 0) return episodes;
  const times = Math.ceil((share * episodes.length) / ((1 - share) * practised.length));
  return [...episodes, ...Array.from({ length: times }, () => practised).flat()];
}

/** Another number of heads must leave none of the others behind. */
function withoutDistance(tensors: HostTensors): HostTensors {
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => !name.startsWith('distance/')));
}

function withoutProposal({ config: { proposal: _, ...config }, tensors }: LatentWeights): LatentWeights {
  const kept = Object.entries(tensors).filter(([name]) => !name.startsWith('proposal/'));
  return { config, tensors: Object.fromEntries(kept) };
}

function withoutThings({ config: { things: _, ...config }, tensors }: LatentWeights): LatentWeights {
  const kept = Object.entries(tensors).filter(([name]) => name !== THING_MASK && !name.startsWith('things/'));
  return { config, tensors: Object.fromEntries(kept) };
}

export function latentRandom({ seed }: AgentTraining): Random {
  return new Random(seed).fork('latent');
}

/** What a stage trains with, going on from what is kept of it where the run is resumed. */
export async function stageOptions(
  { engine, clock, directory, resume, interrupted, onProgress }: AgentTraining,
  stage: KeptStage,
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

export function refuseInterrupted({ interrupted, directory }: AgentTraining, stage: TrainingStage): void {
  if (interrupted.aborted)
    throw new TrainingError(
      `the training was interrupted in its stage "${stage}"; run the same command with --resume to go on from "${directory}"`,
    );
}
