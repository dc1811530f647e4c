/**
 * From nothing to an agent's directory: the stages of `agentTraining.ts` in order, the measurements of prediction, and
 * the card. What is finished is written at once, so that a latent model is usable while its renderer still trains.
 */
import { isDeepStrictEqual } from 'node:util';
import { EXTRA_NETWORKS } from '../../models/diffusion/networks.ts';
import { type LatentWeights, LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import type { HostTensor } from '../../models/tensor/program.ts';
import type { AgentCard } from '../agent/agentCard.ts';
import { type AgentFiles, readAgentFiles, writeAgentFiles } from '../agent/agentFiles.ts';
import { refuseOtherWorld } from '../agent/refuseOtherWorld.ts';
import { hasWeights } from '../agent/weightsDirectory.ts';
import type { Episode, EpisodeSet } from '../data/episodes.ts';
import { linearProbe } from '../evaluation/linearProbe.ts';
import { type PredictionError, predictionError } from '../evaluation/predictionError.ts';
import { type AgentTraining, collectFor, trainRendererStages } from './agentTraining.ts';
import { trainDynamicsStages, trainLatentStages, trainPracticeStages, trainThingsStage } from './latentStages.ts';
import { codeCommit, softwareVersions } from './provenance.ts';
import { type Recipe, recipeAfter } from './recipe.ts';
import type { TrainedRenderer } from './rendererTraining.ts';
import { goesOnWithAgent, type StageChoice } from './trainingOptions.ts';

/** What training measures on held-out episodes. */
export interface LatentMetrics {
  readonly predictionError: PredictionError;
  /** R² of a linear probe on encoded latents. */
  readonly probe: Readonly<Record<string, number>>;
}

/** What is to be trained, and what is known of it from before where it is resumed. */
export interface AskedStage {
  readonly stage: StageChoice;
  /** The command, for the card. */
  readonly command: string;
  /** What had made the agent before; what its card says unless told. */
  readonly recipe?: Recipe;
  /** Whether the latent model in the directory is what this stage made of it, so that at most a renderer is left. */
  readonly learned?: boolean;
  /** Called when it is. */
  readonly onLearned?: () => Promise<void>;
}

/** Trains the chosen stages and returns the card. */
export async function trainAgent(training: AgentTraining, asked: AskedStage): Promise<AgentCard> {
  const { directory, minutes, config } = training;
  const { stage } = asked;
  const rendererMinutes = stage === 'renderer' ? minutes : minutes * config.shares.renderer;
  const latentMinutes = stage === 'all' ? minutes - rendererMinutes : minutes;
  const goesOn = goesOnWithAgent(stage);
  const before = goesOn || hasWeights(directory) ? await readAgentFiles(directory) : undefined;
  if (goesOn && before) refuseOtherWorld(directory, before.card.world, training.definition.spec);
  const learned = asked.learned ? before?.latent : undefined;
  const added = { command: asked.command, seed: training.seed, minutes, resumed: training.resume };
  const recipe = recipeAfter(added, asked.recipe, goesOn ? before?.card.recipe : undefined);
  const fromFrames = stage === 'all' || stage === 'renderer' || (stage === 'latent' && !learned);
  const data = collectFor(training, fromFrames ? 'all' : 'held out');

  const write = async (
    latent: LatentWeights,
    metrics: LatentMetrics,
    renderer?: TrainedRenderer,
  ): Promise<AgentCard> => {
    const kept = {
      ...keptOf(before, latent),
      ...(goesOn && before?.card.accuracy && { accuracy: before.card.accuracy }),
    };
    // Neither stage brings the encoder or the predictor other data.
    const same = stage === 'things' || stage === 'renderer' ? before?.card.data : undefined;
    const card = cardOf(training, { recipe, data: same ?? dataOf(training, stage) }, latent, metrics, renderer, kept);
    await writeAgentFiles(directory, { card, latent, renderer: renderer?.weights });
    return card;
  };

  const latent =
    learned ?? (await trainLatentParts(training, stage, goesOn ? before?.latent : undefined, data, latentMinutes));
  const metrics = await measureLatent(training, latent, data.heldOut);
  if (stage !== 'renderer') {
    const card = await write(latent, metrics);
    await asked.onLearned?.();
    if (stage !== 'all') return card;
  }
  return write(latent, metrics, await trainRendererStages(training, data, latent, rendererMinutes));
}

async function trainLatentParts(
  training: AgentTraining,
  stage: StageChoice,
  before: LatentWeights | undefined,
  data: EpisodeSet,
  minutes: number,
): Promise<LatentWeights> {
  if (!before) return trainLatentStages(training, data, minutes);
  if (stage === 'dynamics') return trainDynamicsStages(training, before, minutes);
  if (stage === 'practice') return trainPracticeStages(training, before, minutes);
  return stage === 'things' ? trainThingsStage(training, before, minutes) : before;
}

type Kept = Pick<AgentCard, 'renderer' | 'rendererSeed' | 'methods' | 'training' | 'accuracy'>;

/** What the card told of the renderer, where the encoder is the same, so that it paints the same latents still. */
function keptOf(before: AgentFiles | undefined, { tensors }: LatentWeights): Kept {
  if (!before?.card.renderer) return {};
  const known = before.latent.tensors;
  const same = Object.entries(tensors).every(
    ([name, { data }]) =>
      /^(predictor|distance|things|proposal)\/|^thingMask$/.test(name) ||
      (known[name] !== undefined && Buffer.compare(bytesOf(data), bytesOf(known[name].data)) === 0),
  );
  if (!same) return {};
  const { renderer, rendererSeed = before.card.recipe.seed, methods, training } = before.card;
  return { renderer, rendererSeed, ...(methods && { methods }), ...(training && { training }) };
}

function bytesOf({ buffer, byteOffset, byteLength }: HostTensor['data']): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

const PREDICTION_HORIZON = 10;

async function measureLatent(
  { engine, definition, seed }: AgentTraining,
  weights: LatentWeights,
  heldOut: readonly Episode[],
): Promise<LatentMetrics> {
  const dynamics = new LearnedDynamics(engine, weights);
  const metrics = {
    predictionError: await predictionError(dynamics, heldOut, PREDICTION_HORIZON, seed),
    probe: await linearProbe(dynamics, definition.spec, heldOut),
  };
  await dynamics.dispose();
  return metrics;
}

function dataOf({ config }: AgentTraining, stage: StageChoice): AgentCard['data'] {
  const practised = stage === 'dynamics' || config.shares.practice === 0 ? '' : ', then play of its own';
  return {
    episodes: config.episodes,
    encodedEpisodes: config.encodedEpisodes,
    heldEpisodes: config.heldEpisodes,
    stepsPerEpisode: config.length,
    behaviour: `the scripted behaviour of the world; for the predictor held actions too${practised}`,
  };
}

function cardOf(
  { definition, config, seed }: AgentTraining,
  origin: Pick<AgentCard, 'recipe' | 'data'>,
  latent: LatentWeights,
  metrics: LatentMetrics,
  renderer: TrainedRenderer | undefined,
  kept: Kept,
): AgentCard {
  return {
    cardVersion: 1,
    world: { id: definition.spec.id, version: definition.spec.version },
    supervision: config.stateWeight === undefined ? 'frames and actions' : 'frames, actions and states',
    ...origin,
    latent: latent.config,
    ...(renderer ? paintedBy(renderer, seed, kept) : kept),
    metrics: { ...metrics },
    software: softwareVersions(),
    commit: codeCommit(),
  };
}

/** The renderer and what it took, and the further methods of the one before where they have the same network. */
function paintedBy(
  { weights: { config }, costs }: TrainedRenderer,
  rendererSeed: number,
  { renderer, methods, training = {} }: Kept,
): Kept {
  const same = renderer !== undefined && isDeepStrictEqual({ ...renderer }, { ...config });
  const extras = EXTRA_NETWORKS.flatMap((name) => (training[name] ? [[name, training[name]] as const] : []));
  return {
    renderer: config,
    rendererSeed,
    ...(same && methods && { methods }),
    training: { ...(same && Object.fromEntries(extras)), ...costs },
  };
}
