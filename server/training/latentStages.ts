/**
 * The stages of a run that need no renderer: encoder and predictor together, then, on the latents of many more episodes,
 * the predictor further and the distances (`frozenPass.ts`); at last the agent practises what it can (`practice.ts`),
 * and these are learned once more, from what it came to see too.
 */
import { defaultLatentLossConfig, type LatentLossConfig, latentModelConfig } from '../../models/latent/latentLoss.ts';
import type { LatentWeights } from '../../models/latent/learnedDynamics.ts';
import { trainLatent } from '../../models/latent/trainLatent.ts';
import type { Trajectory } from '../../models/latent/trajectories.ts';
import type { SeenEpisodes } from '../../models/latent/windows.ts';
import { UsageError } from '../../shared/errors.ts';
import type { EpisodeSet } from '../data/episodes.ts';
import type { AgentTraining } from './agentTraining.ts';
import { type EncodedPlay, encodePlay, seenBy } from './encodedPlay.ts';
import {
  latentRandom,
  refuseInterrupted,
  stageOptions,
  thingsToldFrom,
  trainFrozenPass,
  withThings,
} from './frozenPass.ts';
import { practise } from './practice.ts';
import { loadPractice, savePractice } from './practiceCheckpoint.ts';
import { type PracticeSearch, practiceSearch } from './practiceSearch.ts';
import { supervisedStates } from './supervisedStates.ts';

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
  const { latent, dynamics, distance, things, practice } = config.shares;
  const share = minutes / (latent + dynamics + distance + things + practice);
  const first = await trainLatent({
    ...(await stageOptions(training, 'latent', share * latent, latentRandom(training))),
    ...learnedFrom(training, data),
    model: { ...latentModelConfig(definition.spec.action), ...config.layout },
  });
  refuseInterrupted(training, 'latent');
  const play = await encodeMore(training, first, true);
  const further = await trainFrozenPass(
    training,
    first,
    { ...play, practised: [] },
    share * (dynamics + distance + things),
  );
  return practiseAndLearn(training, further, play, share * practice);
}

/** What the encoder learns from, and its loss: frames and actions, and states where they are asked for. */
function learnedFrom(
  { definition, config: { stateWeight: weight } }: AgentTraining,
  { frames, episodes }: EpisodeSet,
): { readonly data: SeenEpisodes; readonly loss: LatentLossConfig } {
  const seen = episodes.map((episode) => seenBy(definition, episode));
  if (weight === undefined) return { data: { frames, episodes: seen }, loss: defaultLatentLossConfig };
  const { targets, states } = supervisedStates(definition.spec, episodes);
  const supervised = seen.map((episode, i) => ({ ...episode, targets: states[i] as Float32Array }));
  return { data: { frames, episodes: supervised }, loss: { ...defaultLatentLossConfig, states: { targets, weight } } };
}

/** Goes on with predictor and distances, for an encoder as it is. @throws likewise */
export async function trainDynamicsStages(
  training: AgentTraining,
  weights: LatentWeights,
  minutes: number,
): Promise<LatentWeights> {
  const play = await encodeMore(training, weights, true);
  return trainFrozenPass(training, weights, { ...play, practised: [] }, minutes);
}

/** Practises with an agent as it is, and learns predictor and distances from that too. @throws likewise */
export async function trainPracticeStages(
  training: AgentTraining,
  weights: LatentWeights,
  minutes: number,
): Promise<LatentWeights> {
  return practiseAndLearn(training, weights, await encodeMore(training, weights, true), minutes);
}

/** Goes on with the distance to things, for encoder and predictor as they are. @throws likewise */
export async function trainThingsStage(
  training: AgentTraining,
  weights: LatentWeights,
  minutes: number,
): Promise<LatentWeights> {
  const { scripted: trajectories } = await encodeMore(training, weights, false);
  const things = thingsToldFrom(weights, trajectories);
  if (things === undefined)
    throw new UsageError(
      `in ${training.definition.spec.id} the agent tells no things from its body, so that the stage "things" has nothing to learn; train --stage dynamics`,
    );
  return withThings(training, weights, { stage: 'things', trajectories, things }, minutes);
}

async function practiseAndLearn(
  training: AgentTraining,
  weights: LatentWeights,
  play: EncodedPlay,
  minutes: number,
): Promise<LatentWeights> {
  if (minutes === 0) return weights;
  const toPlay = minutes * training.config.playShare;
  const movesThings = thingsToldFrom(weights, play.scripted) !== undefined;
  const practised = await practiseFor(training, weights, practiceSearch(movesThings), toPlay);
  refuseInterrupted(training, 'practice');
  return trainFrozenPass(training, weights, { ...play, practised }, minutes - toPlay);
}

async function practiseFor(
  training: AgentTraining,
  weights: LatentWeights,
  search: PracticeSearch,
  minutes: number,
): Promise<readonly Trajectory[]> {
  const { definition, engine, directory, resume, config, clock, interrupted, onProgress } = training;
  const start = resume ? await loadPractice(directory) : undefined;
  return practise({
    definition,
    engine,
    weights,
    search,
    minutes,
    length: config.length,
    random: latentRandom(training).fork('practice'),
    clock,
    interrupted,
    ...(start && { resume: start }),
    onEpisode: (episodes, progress) => onProgress('practice', progress, { episodes }),
    onCheckpoint: (practised) => savePractice(directory, practised),
  });
}

async function encodeMore(training: AgentTraining, weights: LatentWeights, withHeld: boolean): Promise<EncodedPlay> {
  const play = await encodePlay(training, weights, withHeld);
  refuseInterrupted(training, 'encode');
  return play;
}
