/**
 * A shard: some hundreds of neighbouring episodes of a dataset as one file of named arrays. Reading trusts nothing: the
 * arrays must fit each other and what the dataset says, so that what comes out can be used without further checks.
 */
import { DataError } from '../../shared/errors.ts';
import { contains, dimensionsOf, type Space } from '../../shared/space.ts';
import { type ArrayFile, decodeArrays, encodeArrays, type ShapedArray } from './arrayFile.ts';
import { DIGEST_BYTES, type EpisodeBlock, episodesIn, stepsIn } from './episodeBlock.ts';

/** What a dataset says about all its shards. */
export interface ShardShape {
  readonly action: Space;
  /** Numbers in a state. */
  readonly quantities: number;
  /** The factors that vary. */
  readonly factors: readonly string[];
}

const variationPrefix = 'variation/';

/** The bytes of a shard; `notes` are free text, which reading it compares. */
export function encodeShard(
  block: EpisodeBlock,
  shape: ShardShape,
  notes: Readonly<Record<string, string>>,
): Uint8Array {
  const episodes = episodesIn(block);
  const steps = stepsIn(block);
  const arrays: Record<string, ShapedArray> = {
    seeds: { data: block.seeds, shape: [episodes] },
    steps: { data: block.steps, shape: [episodes] },
    actions: { data: block.actions, shape: [steps, dimensionsOf(shape.action)] },
    states: { data: block.states, shape: [steps + episodes, shape.quantities] },
    terminations: { data: block.terminations, shape: [steps], flags: true },
    truncations: { data: block.truncations, shape: [steps], flags: true },
    frame_digests: { data: block.frameDigests, shape: [episodes, DIGEST_BYTES] },
  };
  for (const [name, data] of Object.entries(block.variation)) {
    arrays[variationPrefix + name] = { data, shape: data instanceof Uint8Array ? [episodes, 3] : [episodes] };
  }
  return encodeArrays({ arrays, metadata: notes });
}

/** The episodes of a shard. @throws DataError saying what is damaged, or does not fit */
export function decodeShard(
  file: Uint8Array,
  shape: ShardShape,
  notes: Readonly<Record<string, string>>,
): EpisodeBlock {
  const { arrays, metadata }: ArrayFile = decodeArrays(file);
  for (const [name, text] of Object.entries(notes)) {
    if (metadata[name] !== text) throw new DataError(`its ${name} is ${metadata[name]}, and in metadata.json ${text}`);
  }
  const steps = take(arrays, 'steps', Int32Array);
  if (steps.some((count) => count < 1)) throw new DataError('it has an episode without steps');
  const episodes = steps.length;
  const total = steps.reduce((sum, count) => sum + count, 0);
  const block: EpisodeBlock = {
    steps,
    seeds: take(arrays, 'seeds', Uint32Array, [episodes]),
    actions: take(arrays, 'actions', Float32Array, [total, dimensionsOf(shape.action)]),
    states: take(arrays, 'states', Float64Array, [total + episodes, shape.quantities]),
    terminations: take(arrays, 'terminations', Uint8Array, [total]),
    truncations: take(arrays, 'truncations', Uint8Array, [total]),
    frameDigests: take(arrays, 'frame_digests', Uint8Array, [episodes, DIGEST_BYTES]),
    variation: Object.fromEntries(shape.factors.map((name) => [name, takeVariation(arrays, name, episodes)])),
  };
  refuseOddNumbers(block, shape.action);
  return block;
}

function refuseOddNumbers({ actions, states }: EpisodeBlock, space: Space): void {
  const width = dimensionsOf(space);
  for (let at = 0; at < actions.length; at += width) {
    const action = Array.from(actions.subarray(at, at + width));
    if (!contains(space, action)) throw new DataError(`its action [${action}] lies outside the action space`);
  }
  const odd = states.find((value) => !Number.isFinite(value));
  if (odd !== undefined) throw new DataError(`a state in it is ${odd}`);
}

function takeVariation(arrays: ArrayFile['arrays'], factor: string, episodes: number): Float64Array | Uint8Array {
  const name = variationPrefix + factor;
  return arrays[name]?.data instanceof Uint8Array
    ? take(arrays, name, Uint8Array, [episodes, 3])
    : take(arrays, name, Float64Array, [episodes]);
}

function take<T>(
  arrays: ArrayFile['arrays'],
  name: string,
  Kind: new (...none: never[]) => T,
  shape?: readonly number[],
): T {
  const array = arrays[name];
  if (!array) throw new DataError(`it lacks the array "${name}"`);
  if (!(array.data instanceof Kind)) throw new DataError(`its array "${name}" is not a ${Kind.name}`);
  if (shape && shape.join() !== array.shape.join()) {
    throw new DataError(`its array "${name}" has the shape [${array.shape}] where [${shape}] belongs`);
  }
  return array.data;
}
