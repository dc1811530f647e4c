/**
 * An agent on disk: a directory with `card.json`, `latent.safetensors` and `renderer.safetensors`, and a file
 * `renderer-NETWORK.safetensors` for each network that its renderer has besides the usual three. Whatever does not fit
 * the card is refused with the tensor's name, before any network is compiled.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RENDER_METHODS } from '../../models/diffusion/methodNames.ts';
import { type Networks, renderMethods } from '../../models/diffusion/methods.ts';
import type { DenoiserConfig } from '../../models/diffusion/network/denoiser.ts';
import { EXTRA_NETWORKS, type ExtraNetwork } from '../../models/diffusion/networks.ts';
import {
  checkNetwork,
  packRenderer,
  type RendererWeights,
  unpackRenderer,
} from '../../models/diffusion/rendererWeights.ts';
import { actionFeatureSize } from '../../models/latent/actionFeatures.ts';
import { encoderSpecs, poseSizeOf } from '../../models/latent/keypointEncoder.ts';
import type { LatentModelConfig } from '../../models/latent/latentLoss.ts';
import type { LatentWeights } from '../../models/latent/learnedDynamics.ts';
import { latentSizeOf } from '../../models/latent/motion.ts';
import { predictorSpecs } from '../../models/latent/predictor.ts';
import { defaultProposalConfig, proposalSpecs } from '../../models/latent/proposal.ts';
import { defaultTemporalDistanceConfig, temporalDistanceSpecs } from '../../models/latent/temporalDistance.ts';
import { defaultThingDistanceConfig, THING_MASK, thingDistanceSpecs } from '../../models/latent/thingDistance.ts';
import { BACKDROP_SHAPE } from '../../models/pictures/backdrop.ts';
import { signatureOf } from '../../models/tensor/parameters.ts';
import type { HostTensors, Signature } from '../../models/tensor/program.ts';
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
  await writeCard(directory, card);
}

/**
 * Adds networks to an agent's renderer, and exchanges its student where there is another: their files, then the card
 * that tells of them.
 */
export async function addNetworks(
  directory: string,
  { card, renderer }: AgentFiles,
  networks: Networks,
): Promise<void> {
  const { student } = networks;
  if (renderer && student) {
    const exchanged = { ...renderer, networks: { ...renderer.networks, student } };
    await writeTensorFile(join(directory, RENDERER_FILE), { tensors: packRenderer(exchanged), metadata: {} });
  }
  for (const name of EXTRA_NETWORKS) {
    const tensors = networks[name];
    if (tensors) await writeTensorFile(join(directory, networkFile(name)), { tensors, metadata: {} });
  }
  await writeCard(directory, card);
}

/** Name of the file of a further network. */
export function networkFile(name: ExtraNetwork): string {
  return `renderer-${name}.safetensors`;
}

type ExtraNetworks = Readonly<Partial<Record<ExtraNetwork, HostTensors>>>;

async function writeCard(directory: string, card: AgentCard): Promise<void> {
  await writeAtomically(join(directory, CARD_FILE), `${JSON.stringify(card, undefined, 2)}\n`);
}

async function readLatent(directory: string, { latent: config }: AgentCard): Promise<LatentWeights> {
  const path = join(directory, LATENT_FILE);
  const { tensors } = await readTensorFile(path);
  return { config, tensors: aboutFile(path, () => checkTensors(tensors, latentSignature(config))) };
}

async function readRenderer(directory: string, card: AgentCard): Promise<RendererWeights | undefined> {
  const { renderer: config } = card;
  if (!config) return undefined;
  const path = join(directory, RENDERER_FILE);
  const { tensors } = await readTensorFile(path);
  const renderer = aboutFile(path, () => unpackRenderer(tensors, config));
  return { ...renderer, networks: { ...renderer.networks, ...(await readNetworks(directory, card, config)) } };
}

/** The networks of the methods that the card tells of. One whose file was removed is not there, as if never learned. */
async function readNetworks(
  directory: string,
  { methods = {} }: AgentCard,
  config: DenoiserConfig,
): Promise<ExtraNetworks> {
  const told = RENDER_METHODS.filter((method) => methods[method]).flatMap((method) => renderMethods[method].networks);
  const networks: Partial<Record<ExtraNetwork, HostTensors>> = {};
  for (const name of EXTRA_NETWORKS) {
    const path = join(directory, networkFile(name));
    if (!told.includes(name) || !existsSync(path)) continue;
    const { tensors } = await readTensorFile(path);
    networks[name] = aboutFile(path, () => checkNetwork(tensors, config));
  }
  return networks;
}

/** The tensors of a latent model that is ready for use. */
function latentSignature(config: LatentModelConfig): Signature {
  const { encoder, predictor, actions } = config;
  const size = poseSizeOf(encoder);
  return {
    ...signatureOf(encoderSpecs(encoder)),
    ...signatureOf(predictorSpecs(predictor, config, actionFeatureSize(actions))),
    ...signatureOf(
      temporalDistanceSpecs({ ...defaultTemporalDistanceConfig, ...config.distance }, latentSizeOf(config)),
    ),
    ...(config.things && {
      ...signatureOf(thingDistanceSpecs({ ...defaultThingDistanceConfig, ...config.things }, latentSizeOf(config))),
      [THING_MASK]: { shape: [latentSizeOf(config)] },
    }),
    ...(config.proposal &&
      signatureOf(
        proposalSpecs(
          { ...defaultProposalConfig, ...config.proposal },
          { latent: latentSizeOf(config), pose: size, action: actionFeatureSize(actions) },
        ),
      )),
    mean: { shape: [size] },
    variance: { shape: [size] },
    backdrop: { shape: BACKDROP_SHAPE, dtype: 'int32' },
  };
}
