/**
 * Episodes of scripted or other behaviour with their frames in memory: what an agent learns from. An episode is determined by
 * its seed. It goes on for its full length, whether or not the world ends it before; datasets on disk
 * (`collectDataset.ts`) stop there. All frames lie in one block of memory, of which every episode is a view.
 */
import { FRAME_BYTES } from '../../shared/frame.ts';
import { dimensionsOf } from '../../shared/space.ts';
import type { World, WorldDefinition } from '../../shared/world.ts';
import { episodeSeed, type Play, playScript } from './playScript.ts';

export interface Episode {
  readonly seed: number;
  /** Steps taken; there is one frame more. */
  readonly steps: number;
  /** `[steps, action]`. */
  readonly actions: Float32Array;
  /** `[steps + 1, 64·64·3]`, the frames as bytes. */
  readonly frames: Uint8Array;
  /** `[steps + 1, quantities]` in the spec's order: for probes and checks, never for training. */
  readonly states: Float64Array;
}

export interface EpisodeSet {
  readonly episodes: readonly Episode[];
  /** All episodes' frames, one after another. */
  readonly frames: Uint8Array;
}

export interface CollectOptions {
  readonly definition: WorldDefinition;
  readonly episodes: number;
  /** Number of the first; 0 unless told. An episode is determined by the seed and its number. */
  readonly first?: number;
  /** Steps an episode. */
  readonly length: number;
  readonly seed: number;
  /** The world's scripted behaviour unless told. */
  readonly play?: Play;
  readonly onEpisode?: (done: number) => void;
}

/** Collects episodes. */
export function collectEpisodes({
  definition,
  episodes,
  first = 0,
  length,
  seed,
  play = playScript,
  onEpisode,
}: CollectOptions): EpisodeSet {
  const world = definition.create();
  const bytes = (length + 1) * FRAME_BYTES;
  const frames = new Uint8Array(episodes * bytes);
  return {
    frames,
    episodes: Array.from({ length: episodes }, (_, i) => {
      const own = frames.subarray(i * bytes, (i + 1) * bytes);
      const episode = playEpisode(play, world, episodeSeed(seed, first + i), length, own);
      onEpisode?.(i + 1);
      return episode;
    }),
  };
}

/** Plays for `length` steps from `reset(seed)`, and writes what is seen to `frames`. */
function playEpisode(play: Play, world: World, seed: number, length: number, frames: Uint8Array): Episode {
  const width = dimensionsOf(world.spec.action);
  const names = Object.keys(world.spec.quantities);
  const actions = new Float32Array(length * width);
  const states = new Float64Array((length + 1) * names.length);
  let t = 0;
  for (const { action } of play(world, seed)) {
    if (action) actions.set(action, t++ * width);
    frames.set(world.frame(), t * FRAME_BYTES);
    const state = world.state();
    names.forEach((name, i) => {
      states[t * names.length + i] = state[name] as number;
    });
    if (t === length) break;
  }
  return { seed, steps: length, actions, frames, states };
}

/** The frames of an episode, as views. */
export function framesOf(episode: Episode): Uint8Array[] {
  return Array.from({ length: episode.steps + 1 }, (_, t) =>
    episode.frames.subarray(t * FRAME_BYTES, (t + 1) * FRAME_BYTES),
  );
}
