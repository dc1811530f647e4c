/**
 * From nothing to an agent's directory: the stages of `agentTraining.ts` in order, the measurements of prediction, and
 * the card. What is finished is written at once, so that a latent model is usable while its renderer still trains.
 */
import type { RendererWeights } from '../../models/diffusion/rendererWeights.ts';
import { type LatentWeights, LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import type { AgentCard } from '../agent/agentCard.ts';
import { readAgentFiles, writeAgentFiles } from '../agent/agentFiles.ts';
import type { Episode } from '../data/episodes.ts';
import { linearProbe } from '../evaluation/linearProbe.ts';
import { type PredictionError, predictionError } from '../evaluation/predictionError.ts';
import { type AgentTraining, collectFor, trainLatentStages, trainRendererStages } from './agentTraining.ts';
import { codeCommit, softwareVersions } from './provenance.ts';

/** Which networks to train: `renderer` takes the latent model that is in the directory. */
export type StageChoice = 'latent' | 'renderer' | 'all';

/** What training measures on held-out episodes. */
export interface LatentMetrics {
  readonly predictionError: PredictionError;
  /** R² of a linear probe on encoded latents. */
  readonly probe: Readonly<Record<string, number>>;
}

/** Trains the chosen stages and returns the card. */
export async function trainAgent(training: AgentTraining, stage: StageChoice, command: string): Promise<AgentCard> {
  const { directory, minutes, config } = training;
  const rendererShare = config.shares.renderer;
  const data = collectFor(training);
  const rendererMinutes = stage === 'renderer' ? minutes : minutes * rendererShare;
  const latentMinutes = stage === 'latent' ? minutes : minutes * (1 - rendererShare);

  const write = async (
    latent: LatentWeights,
    metrics: LatentMetrics,
    renderer?: RendererWeights,
  ): Promise<AgentCard> => {
    const card = cardOf(training, command, latent, metrics, renderer);
    await writeAgentFiles(directory, { card, latent, renderer });
    return card;
  };

  const latent =
    stage === 'renderer'
      ? (await readAgentFiles(directory)).latent
      : await trainLatentStages(training, data, latentMinutes);
  const metrics = await measureLatent(training, latent, data.heldOut);
  const card = await write(latent, metrics);
  if (stage === 'latent') return card;
  return write(latent, metrics, await trainRendererStages(training, data, latent, rendererMinutes));
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

function cardOf(
  { definition, seed, minutes, config }: AgentTraining,
  command: string,
  latent: LatentWeights,
  metrics: LatentMetrics,
  renderer: RendererWeights | undefined,
): AgentCard {
  return {
    cardVersion: 1,
    world: { id: definition.spec.id, version: definition.spec.version },
    supervision: 'frames and actions',
    recipe: { command, seed, minutes },
    data: {
      episodes: config.episodes,
      encodedEpisodes: config.encodedEpisodes,
      stepsPerEpisode: config.length,
      behaviour: 'the scripted behaviour of the world',
    },
    latent: latent.config,
    ...(renderer && { renderer: renderer.config }),
    metrics: { ...metrics },
    software: softwareVersions(),
    commit: codeCommit(),
  };
}
