/**
 * An agent's networks as ONNX files with a manifest that says what goes in and what comes out. All files are made
 * before the first is written, and the manifest is written last: a directory that has one is whole, and belongs
 * together.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type PortableModel, type PortableTensor, portableModel } from '../../models/tensor/portableModel.ts';
import { DataError } from '../../shared/errors.ts';
import type { WorldSpec } from '../../shared/world.ts';
import { readAgentFiles } from '../agent/agentFiles.ts';
import { refuseOtherWorld } from '../agent/refuseOtherWorld.ts';
import { writeAtomically } from '../files/writeAtomically.ts';
import { type AgentNetwork, agentNetworks } from './agentNetworks.ts';

export const MANIFEST_FILE = 'manifest.json';

/** Raised when older programs could not read the manifest. */
const MANIFEST_VERSION = 1;

/** An input or output, with its unit or meaning. */
export type ManifestTensor = PortableTensor & { readonly unit: string };

export interface ManifestNetwork {
  readonly file: string;
  readonly description: string;
  readonly inputs: readonly ManifestTensor[];
  readonly outputs: readonly ManifestTensor[];
  readonly megabytes: number;
}

export interface Manifest {
  readonly format: 'reverie-networks';
  readonly manifestVersion: typeof MANIFEST_VERSION;
  readonly world: { readonly id: string; readonly version: number };
  /** Version of ONNX's operator set. */
  readonly opset: number;
  readonly networks: readonly ManifestNetwork[];
  /** How the networks make a rollout, one call a line. */
  readonly chain: readonly string[];
}

export interface ExportNetworksOptions {
  /** The world that the agent must have been trained in. */
  readonly world: Pick<WorldSpec, 'id' | 'version'>;
  /** Directory of the agent. */
  readonly agent: string;
  /** Directory to write. */
  readonly out: string;
}

/**
 * Writes the networks; returns the manifest.
 * @throws WeightsError when there is no agent, or the world is no longer the one learned; UsageError when it is of another
 *   world; DataError when a file cannot be written
 */
export async function exportNetworks({ world, agent, out }: ExportNetworksOptions): Promise<Manifest> {
  const files = await readAgentFiles(agent);
  refuseOtherWorld(agent, files.card.world, world);
  const metadata = { world: world.id, worldVersion: String(world.version), commit: files.card.commit };
  const made = agentNetworks(files).map((network) => {
    const { name, description, bytes } = network;
    const portable = portableModel(network.fn, network.signature, { name, description, bytes, metadata });
    return { network, portable, entry: entryOf(network, portable) };
  });
  const manifest: Manifest = {
    format: 'reverie-networks',
    manifestVersion: MANIFEST_VERSION,
    world: { id: world.id, version: world.version },
    opset: Math.max(...made.map(({ portable }) => portable.opset)),
    networks: made.map(({ entry }) => entry),
    chain: chainOf(files.renderer !== undefined),
  };
  await removeManifest(join(out, MANIFEST_FILE));
  for (const { portable, entry } of made) await writeAtomically(join(out, entry.file), portable.model);
  await writeAtomically(join(out, MANIFEST_FILE), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return manifest;
}

/** An earlier manifest would speak of files that are being replaced. */
async function removeManifest(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(`cannot replace "${path}" (${reason}); choose another directory`, { cause: error });
  }
}

function entryOf(
  { name, description, units }: AgentNetwork,
  { model, inputs, outputs }: PortableModel,
): ManifestNetwork {
  const withUnit = (tensor: PortableTensor): ManifestTensor => ({ ...tensor, unit: units[tensor.name] ?? '' });
  return {
    file: `${name}.onnx`,
    description,
    inputs: inputs.map(withUnit),
    outputs: outputs.map(withUnit),
    megabytes: Math.round(model.byteLength / 1e3) / 1e3,
  };
}

function chainOf(renderer: boolean): readonly string[] {
  return [
    'latents = encoder.onnx(frames)',
    'latents = predictor.onnx(latents, actions).next, once for each step of the world',
    'distance = distance.onnx(from: latents, to: the latents of a goal frame)',
    ...(renderer ? ['frames = renderer-4.onnx(latents, noise).frames, with the same noise for every frame'] : []),
  ];
}
