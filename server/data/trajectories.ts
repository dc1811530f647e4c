/**
 * Episodes encoded as they are collected: their frames are dropped at once, so that many more fit in memory than there
 * is room for pictures.
 */
import type { Trajectory } from '../../models/latent/trajectories.ts';
import type { Dynamics } from '../../models/planning/contracts.ts';
import { type CollectOptions, collectEpisodes, framesOf } from './episodes.ts';

/** Episodes whose frames are held at a time. */
const CHUNK = 20;

/** Collects and encodes episodes; `interrupted` ends it early with what there is. */
export async function collectTrajectories(
  dynamics: Pick<Dynamics, 'encode'>,
  { episodes, seed, onEpisode, ...rest }: CollectOptions,
  interrupted?: AbortSignal,
): Promise<Trajectory[]> {
  const trajectories: Trajectory[] = [];
  for (let chunk = 0; trajectories.length < episodes && !interrupted?.aborted; chunk++) {
    const count = Math.min(CHUNK, episodes - trajectories.length);
    const collected = collectEpisodes({ ...rest, episodes: count, seed: seed + chunk });
    for (const episode of collected.episodes) {
      const { data } = await dynamics.encode(framesOf(episode));
      trajectories.push({ steps: episode.steps, latents: data, actions: episode.actions });
    }
    onEpisode?.(trajectories.length);
  }
  return trajectories;
}
