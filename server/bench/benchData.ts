/**
 * What a bench trains and measures painters on: episodes played for the purpose, with the latents that the agent's own
 * encoder gives them, and frames that no training has seen, with theirs.
 */
import { poseSizeOf } from '../../models/latent/keypointEncoder.ts';
import { type LatentWeights, LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import { posesOf } from '../../models/latent/motion.ts';
import type { Engine } from '../../models/tensor/program.ts';
import { FRAME_BYTES, type Frame } from '../../shared/frame.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { collectEpisodes } from '../data/episodes.ts';
import { rendererData } from '../training/agentTraining.ts';
import type { RendererData } from '../training/rendererExamples.ts';
import { type HeldOutFrames, heldOutFrames } from './heldOutFrames.ts';
import { createReadout, type Readout } from './readout.ts';

export interface BenchDataRequest {
  readonly definition: WorldDefinition;
  readonly engine: Engine;
  readonly latent: LatentWeights;
  /** Episodes to learn from, and frames to measure on. */
  readonly episodes: number;
  readonly frames: number;
  readonly seed: number;
  /** Called after each episode with how many are done. */
  readonly onEpisode: (done: number) => void;
}

export interface BenchData {
  readonly data: RendererData;
  readonly unseen: RendererData;
  readonly heldOut: HeldOutFrames;
  readonly readout: Readout;
}

const EPISODE_STEPS = 50;

/** @throws UsageError when the world's objects cannot be told apart by colour */
export async function benchData(request: BenchDataRequest): Promise<BenchData> {
  const { definition, engine, latent, episodes, frames, seed, onEpisode } = request;
  const heldOut = heldOutFrames(definition, frames, seed);
  const readout = createReadout(definition.spec.objects, heldOut.backdrop);
  const set = collectEpisodes({ definition, episodes, length: EPISODE_STEPS, seed, onEpisode });
  const dynamics = new LearnedDynamics(engine, latent);
  const poses = posesOf(await dynamics.encode(heldOut.frames), poseSizeOf(latent.config.encoder));
  await dynamics.dispose();
  return {
    data: await rendererData(engine, latent, set),
    unseen: { count: heldOut.frames.length, frames: together(heldOut.frames), latents: poses.data },
    heldOut,
    readout,
  };
}

function together(frames: readonly Frame[]): Uint8Array {
  const bytes = new Uint8Array(frames.length * FRAME_BYTES);
  frames.forEach((frame, i) => {
    bytes.set(frame, i * FRAME_BYTES);
  });
  return bytes;
}
