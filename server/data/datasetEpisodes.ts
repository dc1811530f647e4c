/**
 * A dataset's episodes with their frames in memory, drawn again and checked, in the form of `collectEpisodes`.
 */
import { FRAME_BYTES } from '../../shared/frame.ts';
import type { Dataset } from './dataset.ts';
import type { Episode, EpisodeSet } from './episodes.ts';

/**
 * The episodes from `first` on, `count` of them (all that follow when left out), with their frames in one block: 12,288
 * bytes for each of their steps and one more.
 * @throws DataError when a file or a frame is not what was collected; RangeError when there are not so many episodes
 */
export async function loadEpisodes(
  dataset: Dataset,
  {
    first = 0,
    count = dataset.metadata.total_episodes - first,
    onEpisode,
  }: { readonly first?: number; readonly count?: number; readonly onEpisode?: (done: number) => void } = {},
): Promise<EpisodeSet> {
  const stored = [];
  for (let i = 0; i < count; i++) stored.push(await dataset.episode(first + i));
  const frames = new Uint8Array(stored.reduce((sum, { steps }) => sum + (steps + 1) * FRAME_BYTES, 0));
  const episodes: Episode[] = [];
  let at = 0;
  for (const episode of stored) {
    const { seed, steps, actions, states } = episode;
    const own = frames.subarray(at, at + (steps + 1) * FRAME_BYTES);
    own.set(await dataset.framesOf(episode));
    episodes.push({ seed, steps, actions, states, frames: own });
    at += own.length;
    onEpisode?.(episodes.length);
  }
  return { episodes, frames };
}
