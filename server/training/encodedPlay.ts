/** Play of which only latents are kept, for the stages that need no pixels. */
import { actionFeatures } from '../../models/latent/actionFeatures.ts';
import { type LatentWeights, LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import type { Trajectory } from '../../models/latent/trajectories.ts';
import { Random } from '../../shared/random.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { playHeld } from '../data/playHeld.ts';
import { type Play, playScript } from '../data/playScript.ts';
import { collectTrajectories } from '../data/trajectories.ts';
import type { AgentTraining } from './agentTraining.ts';

export interface EncodedPlay {
  /** Of the scripted behaviour. */
  readonly scripted: readonly Trajectory[];
  /** Of held actions; from these the predictor alone learns, since they lead nowhere. */
  readonly held: readonly Trajectory[];
}

/** Plays and encodes the run's further episodes. */
export async function encodePlay(
  training: AgentTraining,
  weights: LatentWeights,
  withHeld: boolean,
): Promise<EncodedPlay> {
  const { definition, engine, config, seed, interrupted, onProgress } = training;
  const dynamics = new LearnedDynamics(engine, weights);
  const heldEpisodes = withHeld ? config.heldEpisodes : 0;
  const all = config.encodedEpisodes + heldEpisodes;
  const collect = async (name: string, episodes: number, before: number, play: Play): Promise<Trajectory[]> => {
    const options = {
      definition,
      episodes,
      length: config.length,
      seed: new Random(seed).fork(name).uint32(),
      play,
      onEpisode: (done: number): void => onProgress('encode', (before + done) / all, {}),
    };
    const trajectories = await collectTrajectories(dynamics, options, interrupted);
    return trajectories.map((trajectory) => seenBy(definition, trajectory));
  };
  const scripted = await collect('encoded episodes', config.encodedEpisodes, 0, playScript);
  const held = await collect('held episodes', heldEpisodes, config.encodedEpisodes, playHeld);
  await dynamics.dispose();
  return { scripted, held };
}

/** The same with the actions as the model sees them. */
export function seenBy<T extends { readonly actions: Float32Array }>({ spec }: WorldDefinition, played: T): T {
  return { ...played, actions: actionFeatures(spec.action, played.actions) };
}
