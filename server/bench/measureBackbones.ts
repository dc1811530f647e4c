/** The scaling curve of a world's agent: the networks learn from the latents of its encoder. */
import { keypointReadout } from '../../models/latent/keypointReadout.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { readAgentFiles } from '../agent/agentFiles.ts';
import { refuseOtherWorld } from '../agent/refuseOtherWorld.ts';
import { benchData } from './benchData.ts';
import { type ScalingCurve, type ScalingRow, scalingCurve } from './scalingCurve.ts';

export interface BackbonesMeasurement
  extends Pick<ScalingCurve, 'engine' | 'clock' | 'backbones' | 'steps' | 'seed' | 'onProgress' | 'interrupted'> {
  readonly definition: WorldDefinition;
  /** Of the agent whose encoder gives the latents. */
  readonly directory: string;
  readonly episodes: number;
  /** Frames to measure on. */
  readonly frames: number;
}

/** @throws WeightsError when there is no agent; UsageError when the world's objects cannot be told apart by colour */
export async function measureBackbones(measurement: BackbonesMeasurement): Promise<ScalingRow[]> {
  const { definition, directory, episodes, onProgress } = measurement;
  const { card, latent } = await readAgentFiles(directory);
  refuseOtherWorld(directory, card.world, definition.spec);
  const onEpisode = (done: number): void => onProgress('collect', done / episodes, {});
  const data = await benchData({ ...measurement, latent, onEpisode });
  return scalingCurve({ ...measurement, ...data, initialPoints: keypointReadout(latent) });
}
