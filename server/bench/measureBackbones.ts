/**
 * The scaling curve of a world's agent: its encoder's latents of episodes played for the purpose, from a seed of the
 * bench's own, and of frames that no training has seen.
 */

import { poseSizeOf } from '../../models/latent/keypointEncoder.ts';
import { keypointReadout } from '../../models/latent/keypointReadout.ts';
import { LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import { posesOf } from '../../models/latent/motion.ts';
import { FRAME_BYTES, type Frame } from '../../shared/frame.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { readAgentFiles } from '../agent/agentFiles.ts';
import { collectEpisodes } from '../data/episodes.ts';
import { rendererData } from '../training/agentTraining.ts';
import { heldOutFrames } from './heldOutFrames.ts';
import { createReadout } from './readout.ts';
import { type ScalingCurve, type ScalingRow, scalingCurve } from './scalingCurve.ts';

export interface BackbonesMeasurement
  extends Pick<ScalingCurve, 'engine' | 'clock' | 'backbones' | 'minutes' | 'seed' | 'onProgress' | 'interrupted'> {
  readonly definition: WorldDefinition;
  /** Of the agent whose encoder gives the latents. */
  readonly directory: string;
  readonly episodes: number;
  /** Frames to measure on. */
  readonly frames: number;
}

const EPISODE_STEPS = 50;

/** @throws WeightsError when there is no agent; UsageError when the world's objects cannot be told apart by colour */
export async function measureBackbones(measurement: BackbonesMeasurement): Promise<ScalingRow[]> {
  const { definition, engine, directory, episodes, frames, seed, onProgress } = measurement;
  const { latent } = await readAgentFiles(directory);
  const heldOut = heldOutFrames(definition, frames, seed);
  const readout = createReadout(definition.spec.objects, heldOut.backdrop);
  const onEpisode = (done: number): void => onProgress('collect', done / episodes, {});
  const set = collectEpisodes({ definition, episodes, length: EPISODE_STEPS, seed, onEpisode });
  const dynamics = new LearnedDynamics(engine, latent);
  const poses = posesOf(await dynamics.encode(heldOut.frames), poseSizeOf(latent.config.encoder));
  await dynamics.dispose();
  return scalingCurve({
    ...measurement,
    data: await rendererData(engine, latent, set),
    initialPoints: keypointReadout(latent),
    unseen: { count: heldOut.frames.length, frames: together(heldOut.frames), latents: poses.data },
    heldOut,
    readout,
  });
}

function together(frames: readonly Frame[]): Uint8Array {
  const bytes = new Uint8Array(frames.length * FRAME_BYTES);
  frames.forEach((frame, i) => {
    bytes.set(frame, i * FRAME_BYTES);
  });
  return bytes;
}
