/** An agent whose renderer can be guided and sees the frame before; it has learned nothing, and uses all its paths. */
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DenoiserConfig } from '../../models/diffusion/network/denoiser.ts';
import type { RendererWeights } from '../../models/diffusion/rendererWeights.ts';
import { poseSizeOf } from '../../models/latent/keypointEncoder.ts';
import { readAgentFiles, writeAgentFiles } from '../../server/agent/agentFiles.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { FRAME_BYTES } from '../../shared/frame.ts';
import { randomNetwork } from '../diffusion/randomNetwork.ts';

/** Writes it, for `two-room`, into a new directory; returns that. */
export async function writeConditionedAgent(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'reverie-conditioned-'));
  await cp(weightsDirectory('two-room'), directory, { recursive: true });
  const files = await readAgentFiles(directory);
  const latentSize = poseSizeOf(files.latent.config.encoder);
  const options = { context: 1, unconditional: true };
  const config: DenoiserConfig = { latentSize, points: 2, channels: [8, 8], embedding: 8, ...options };
  const network = randomNetwork(config, 4);
  const renderer: RendererWeights = {
    config,
    backdrop: new Uint8Array(FRAME_BYTES).fill(128),
    networks: { regression: network, base: network, student: network },
  };
  await writeAgentFiles(directory, { ...files, renderer, card: { ...files.card, renderer: config } });
  return directory;
}
