/**
 * Trains further methods of painting into an agent that has a renderer: from the data that its base model learned from,
 * played again from the renderer's seed on its card, on the same frozen latents, from that model. What the agent has
 * stays as it is; a new network gets a file of its own, and the card a line. The student of `mcm`, which every renderer
 * has, is taught anew and takes its own place. An interrupted training goes on when the same command is given again.
 */
import type { RenderMethod } from '../../models/diffusion/methodNames.ts';
import { missingNetworks, type Networks, renderMethods } from '../../models/diffusion/methods.ts';
import { EXTRA_NETWORKS, type NetworkName, type StageConfig } from '../../models/diffusion/networks.ts';
import type { RendererWeights } from '../../models/diffusion/rendererWeights.ts';
import type { Engine } from '../../models/tensor/program.ts';
import type { Clock } from '../../shared/clock.ts';
import { UsageError } from '../../shared/errors.ts';
import { Random } from '../../shared/random.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import type { AgentCard } from '../agent/agentCard.ts';
import { addNetworks, networkFile, readAgentFiles } from '../agent/agentFiles.ts';
import { refuseOtherWorld } from '../agent/refuseOtherWorld.ts';
import { type AgentTraining, collectFor, defaultAgentTrainingConfig, rendererData } from './agentTraining.ts';
import { type TrainedNetworks, trainNetworks } from './networkTraining.ts';
import { codeCommit } from './provenance.ts';
import { RendererCheckpoint } from './rendererCheckpoint.ts';
import { type RendererData, RendererExamples } from './rendererExamples.ts';
import { defaultRendererTrainingConfig } from './rendererTraining.ts';

const CHECKPOINT_FILE = 'methods-training.safetensors';

interface Common {
  readonly engine: Engine;
  /** Holds the agent, and the training's state. */
  readonly directory: string;
  readonly methods: readonly RenderMethod[];
  /** For all of them. */
  readonly minutes: number;
  readonly clock: Clock;
  readonly onProgress: AgentTraining['onProgress'];
  readonly interrupted: AbortSignal;
}

export interface MethodsTraining extends Common {
  readonly definition: WorldDefinition;
  /** For the card. */
  readonly command: string;
}

/**
 * Trains the methods and returns the agent's new card.
 * @throws UsageError when the agent is of another world, has no renderer, or knows all the methods already;
 *   TrainingError when a loss is not finite, the directory holds the state of another training, or this one is
 *   interrupted
 */
export async function trainMethods(training: MethodsTraining): Promise<AgentCard> {
  const { definition, engine, directory, methods, minutes, command } = training;
  const { card, latent, renderer } = await readAgentFiles(directory);
  refuseOtherWorld(directory, card.world, definition.spec);
  if (!renderer)
    throw new UsageError(
      `the agent in "${directory}" has no base model yet, from which ${methods.join(', ')} would start; train its renderer first, without --method`,
    );
  const kept = keptFor(methods, renderer);
  const unlearned = methods.filter((method) => missingNetworks(method, kept).length > 0);
  if (unlearned.length === 0) throw learnedAlready(directory, methods);
  const { episodes, stepsPerEpisode } = card.data;
  const config = { ...defaultAgentTrainingConfig, episodes, heldOutEpisodes: 0, length: stepsPerEpisode };
  const seed = card.rendererSeed ?? card.recipe.seed;
  const data = collectFor({ ...training, config, seed });
  const learned = await trainInto(renderer, await rendererData(engine, latent, data), seed, training);
  const record = { command, minutes, commit: codeCommit() };
  const added = { ...card.methods, ...Object.fromEntries(unlearned.map((method) => [method, record])) };
  const newCard = { ...card, methods: added, training: { ...card.training, ...learned.costs } };
  await addNetworks(directory, { card: newCard, latent, renderer }, learned.networks);
  await learned.forget();
  return newCard;
}

/** Networks that a training has made, still in its checkpoint until that is forgotten. */
export interface Learned extends TrainedNetworks {
  forget(): Promise<void>;
}

export interface TrainInto extends Omit<Common, 'directory'> {
  /** Where the state is kept; nothing is kept without one. */
  readonly directory: string | undefined;
  /** Instead of the networks' own plans. */
  readonly stages?: Readonly<Partial<Record<NetworkName, StageConfig>>>;
}

/** What need not be trained for these methods: all that the renderer has, but for a student that is to be taught anew. */
function keptFor(methods: readonly RenderMethod[], { networks }: RendererWeights): Networks {
  const { student: _, ...others } = networks;
  return methods.includes('mcm') ? others : networks;
}

/** Trains the methods' networks that the renderer has not, and the student where it is asked for. */
export async function trainInto(
  renderer: RendererWeights,
  data: RendererData,
  seed: number,
  { engine, directory, methods, minutes, clock, onProgress, interrupted, stages }: TrainInto,
): Promise<Learned> {
  const examples = new RendererExamples(data, renderer.backdrop, defaultRendererTrainingConfig.latentNoise);
  const identity = { denoiser: renderer.config, seed, data: examples.digest(), methods, minutes };
  const checkpoint = await RendererCheckpoint.open(directory, identity, CHECKPOINT_FILE);
  const trained = await trainNetworks({
    engine,
    clock,
    denoiser: renderer.config,
    examples,
    minutes,
    random: new Random(seed).fork('renderer'),
    checkpoint,
    networks: methods.flatMap((method) => renderMethods[method].networks),
    trained: keptFor(methods, renderer),
    ...(stages && { stages }),
    onProgress: (network, at) => onProgress(network, at.progress, at.terms, at),
    interrupted,
    ...(directory !== undefined && { toGoOn: 'run the same command again to go on' }),
  });
  return { ...trained, forget: () => checkpoint.remove() };
}

function learnedAlready(directory: string, methods: readonly RenderMethod[]): UsageError {
  const files = EXTRA_NETWORKS.filter((name) =>
    methods.some((method) => renderMethods[method].networks.includes(name)),
  );
  const again =
    files.length > 0
      ? `remove ${files.map(networkFile).join(', ')} from there to train again`
      : 'every renderer has what it needs';
  return new UsageError(`the agent in "${directory}" has learned ${methods.join(', ')} already; ${again}`);
}
