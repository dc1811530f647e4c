/**
 * An agent on disk: a directory with `card.json`, `latent.safetensors` and `renderer.safetensors`. Whatever does not
 * fit the card is refused with the tensor's name, before any network is compiled.
 */
import { join } from 'node:path';
import { packRenderer, type RendererWeights, unpackRenderer } from '../../models/diffusion/rendererWeights.ts';
import { actionFeatureSize } from '../../models/latent/actionFeatures.ts';
import { encoderSpecs, poseSizeOf } from '../../models/latent/keypointEncoder.ts';
import type { LatentModelConfig } from '../../models/latent/latentLoss.ts';
import type { LatentWeights } from '../../models/latent/learnedDynamics.ts';
import { latentSizeOf } from '../../models/latent/motion.ts';
import { predictorSpecs } from '../../models/latent/predictor.ts';
import { defaultTemporalDistanceConfig, temporalDistanceSpecs } from '../../models/latent/temporalDistance.ts';
import { BACKDROP_SHAPE } from '../../models/pictures/backdrop.ts';
import { signatureOf } from '../../models/tensor/parameters.ts';
import type { Signature } from '../../models/tensor/program.ts';
import { checkTensors } from '../../models/tensor/safetensors.ts';
import { aboutFile, readTensorFile, writeTensorFile } from '../files/tensorFile.ts';
import { writeAtomically } from '../files/writeAtomically.ts';
import { type AgentCard, CARD_FILE, readAgentCard } from './agentCard.ts';

const LATENT_FILE = 'latent.safetensors';
const RENDERER_FILE = 'renderer.safetensors';

export interface AgentFiles {
  readonly card: AgentCard;
  readonly latent: LatentWeights;
  readonly renderer: RendererWeights | undefined;
}

/** Reads an agent's directory. @throws WeightsError naming the file, and the tensor where one is at fault */
export async function readAgentFiles(directory: string): Promise<AgentFiles> {
  const card = await readAgentCard(directory);
  return { card, latent: await readLatent(directory, card), renderer: await readRenderer(directory, card) };
}

/** Writes the weights, then the card that makes them an agent. */
export async function writeAgentFiles(directory: string, { card, latent, renderer }: AgentFiles): Promise<void> {
  await writeTensorFile(join(directory, LATENT_FILE), { tensors: latent.tensors, metadata: {} });
  if (renderer)
    await writeTensorFile(join(directory, RENDERER_FILE), { tensors: packRenderer(renderer), metadata: {} });
  await writeAtomically(join(directory, CARD_FILE), `${JSON.stringify(card, undefined, 2)}\n`);
}

async function readLatent(directory: string, { latent: config }: AgentCard): Promise<LatentWeights> {
  const path = join(directory, LATENT_FILE);
  const { tensors } = await readTensorFile(path);
  return { config, tensors: aboutFile(path, () => checkTensors(tensors, latentSignature(config))) };
}

async function readRenderer(directory: string, { renderer: config }: AgentCard): Promise<RendererWeights | undefined> {
  if (!config) return undefined;
  const path = join(directory, RENDERER_FILE);
  const { tensors } = await readTensorFile(path);
  return aboutFile(path, () => unpackRenderer(tensors, config));
}

/** The tensors of a latent model that is ready for use. */
function latentSignature(config: LatentModelConfig): Signature {
  const { encoder, predictor, actions } = config;
  const size = poseSizeOf(encoder);
  return {
    ...signatureOf(encoderSpecs(encoder)),
    ...signatureOf(predictorSpecs(predictor, config, actionFeatureSize(actions))),
    ...signatureOf(temporalDistanceSpecs(defaultTemporalDistanceConfig, latentSizeOf(config))),
    mean: { shape: [size] },
    variance: { shape: [size] },
    backdrop: { shape: BACKDROP_SHAPE, dtype: 'int32' },
  };
}
