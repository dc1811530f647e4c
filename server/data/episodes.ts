/**
 * Episodes of scripted behaviour: what an agent learns from. An episode is determined by its seed, so that a data set is a list of seeds and
 * the frames can be drawn again at any time. Actions are rounded to float32 before they are applied, since that is how they are
 * stored: a replay from disk is then exact. All frames lie in one block of memory, of which every episode is a view.
 */
import { FRAME_BYTES } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import { clamp, dimensionsOf } from '../../shared/space.ts';
import type { World, WorldDefinition } from '../../shared/world.ts';

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
  /** Steps an episode. */
  readonly length: number;
  readonly seed: number;
  readonly onEpisode?: (done: number) => void;
}

/** Collects episodes of the world's scripted behaviour. */
export function collectEpisodes({ definition, episodes, length, seed, onEpisode }: CollectOptions): EpisodeSet {
  const world = definition.create();
  const root = new Random(seed);
  const bytes = (length + 1) * FRAME_BYTES;
  const frames = new Uint8Array(episodes * bytes);
  return {
    frames,
    episodes: Array.from({ length: episodes }, (_, i) => {
      const episode = playScript(world, root.fork(i).uint32(), length, frames.subarray(i * bytes, (i + 1) * bytes));
      onEpisode?.(i + 1);
      return episode;
    }),
  };
}

/** Plays the scripted behaviour for `length` steps from `reset(seed)`, and writes what is seen to `frames`. */
function playScript(world: World, seed: number, length: number, frames: Uint8Array): Episode {
  const width = dimensionsOf(world.spec.action);
  const names = Object.keys(world.spec.quantities);
  const actions = new Float32Array(length * width);
  const states = new Float64Array((length + 1) * names.length);
  const record = (t: number): void => {
    frames.set(world.frame(), t * FRAME_BYTES);
    const state = world.state();
    names.forEach((name, i) => {
      states[t * names.length + i] = state[name] as number;
    });
  };
  world.reset(seed);
  const behaviour = world.behaviour(new Random(seed).fork('behaviour'));
  record(0);
  for (let t = 0; t < length; t++) {
    actions.set(clamp(world.spec.action, behaviour.act(world.state())), t * width);
    world.step(Array.from(actions.subarray(t * width, (t + 1) * width)));
    record(t + 1);
  }
  return { seed, steps: length, actions, frames, states };
}

/** The frames of an episode, as views. */
export function framesOf(episode: Episode): Uint8Array[] {
  return Array.from({ length: episode.steps + 1 }, (_, t) =>
    episode.frames.subarray(t * FRAME_BYTES, (t + 1) * FRAME_BYTES),
  );
}
