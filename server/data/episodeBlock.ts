/**
 * Some episodes in columns: what a worker hands over, what a shard of a dataset holds, and what it is read back as. The
 * steps of all episodes lie one after another; an episode is a view of them. Plain typed arrays, so that a block moves
 * between threads at no cost.
 */
import type { Variation } from '../../shared/factors.ts';

export interface EpisodeBlock {
  /** `[episodes]`: the seed of each. */
  readonly seeds: Uint32Array;
  /** `[episodes]`: steps taken; there is one state more. */
  readonly steps: Int32Array;
  /** `[steps, action]` of all episodes. */
  readonly actions: Float32Array;
  /** `[steps + episodes, quantities]`: the true states, in the order of the world's quantities. */
  readonly states: Float64Array;
  /** `[steps]`: 1 where the world ended the episode. */
  readonly terminations: Uint8Array;
  /** `[steps]`: 1 where its time was over. */
  readonly truncations: Uint8Array;
  /** `[episodes, 32]`: SHA-256 of the frames of each. */
  readonly frameDigests: Uint8Array;
  /** What varied: a number factor as `[episodes]`, a colour as `[episodes, 3]` bytes. */
  readonly variation: Readonly<Record<string, Float64Array | Uint8Array>>;
}

/** Bytes of a digest of frames. */
export const DIGEST_BYTES = 32;

/** One episode of a dataset. All arrays are views: copy what is to be changed. */
export interface StoredEpisode {
  /** Its place in the dataset, from 0. */
  readonly index: number;
  readonly seed: number;
  readonly steps: number;
  /** `[steps, action]`. */
  readonly actions: Float32Array;
  /** `[steps + 1, quantities]`. */
  readonly states: Float64Array;
  /** `[steps]`, 0 or 1. */
  readonly terminations: Uint8Array;
  /** `[steps]`, 0 or 1. */
  readonly truncations: Uint8Array;
  readonly variation: Variation;
  /** SHA-256 of its frames, as hexadecimal digits. */
  readonly frameDigest: string;
}

/** Episodes in a block. */
export function episodesIn({ steps }: EpisodeBlock): number {
  return steps.length;
}

/** Steps of all episodes in a block. */
export function stepsIn({ steps }: EpisodeBlock): number {
  return steps.reduce((sum, count) => sum + count, 0);
}

/** The blocks as one, their episodes in the same order; the blocks must be of one world and one variation. */
export function joinBlocks(blocks: readonly EpisodeBlock[]): EpisodeBlock {
  const [first] = blocks;
  if (!first) throw new RangeError('no blocks to join');
  const variation = Object.keys(first.variation).map((name): [string, Float64Array | Uint8Array] => {
    const columns = blocks.map((block) => block.variation[name]);
    const numbers = columns.filter((column) => column instanceof Float64Array);
    const colors = columns.filter((column) => column instanceof Uint8Array);
    return [name, numbers.length > 0 ? join(Float64Array, numbers) : join(Uint8Array, colors)];
  });
  return {
    seeds: join(Uint32Array, pluck(blocks, 'seeds')),
    steps: join(Int32Array, pluck(blocks, 'steps')),
    actions: join(Float32Array, pluck(blocks, 'actions')),
    states: join(Float64Array, pluck(blocks, 'states')),
    terminations: join(Uint8Array, pluck(blocks, 'terminations')),
    truncations: join(Uint8Array, pluck(blocks, 'truncations')),
    frameDigests: join(Uint8Array, pluck(blocks, 'frameDigests')),
    variation: Object.fromEntries(variation),
  };
}

function pluck<Name extends keyof EpisodeBlock>(blocks: readonly EpisodeBlock[], name: Name): EpisodeBlock[Name][] {
  return blocks.map((block) => block[name]);
}

function join<T extends { readonly length: number; set(part: T, at: number): void }>(
  Kind: new (length: number) => T,
  parts: readonly T[],
): T {
  const all = new Kind(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The episodes of a block whose first has the index `first` in its dataset. */
export function episodesOf(block: EpisodeBlock, first: number): StoredEpisode[] {
  const total = stepsIn(block);
  const width = block.actions.length / total;
  const quantities = block.states.length / (total + episodesIn(block));
  let start = 0;
  return Array.from(block.steps, (steps, i) => {
    const from = start;
    const to = from + steps;
    start = to;
    const digest = block.frameDigests.subarray(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES);
    return {
      index: first + i,
      seed: block.seeds[i] as number,
      steps,
      actions: block.actions.subarray(from * width, to * width),
      states: block.states.subarray((from + i) * quantities, (to + i + 1) * quantities),
      terminations: block.terminations.subarray(from, to),
      truncations: block.truncations.subarray(from, to),
      variation: variationAt(block, i),
      frameDigest: Buffer.from(digest).toString('hex'),
    };
  });
}

function variationAt({ variation }: EpisodeBlock, episode: number): Variation {
  return Object.fromEntries(
    Object.entries(variation).map(([name, column]) => [
      name,
      column instanceof Float64Array
        ? (column[episode] as number)
        : `#${Buffer.from(column.subarray(3 * episode, 3 * episode + 3)).toString('hex')}`,
    ]),
  );
}
