/**
 * The job of collecting: plays a few neighbouring episodes of the scripted behaviour and hands them over in columns. It
 * is a function of its input alone, so that a dataset has the same bytes whoever plays which part.
 */
import { createHash } from 'node:crypto';
import { loadWorld } from '../../envs/registry.ts';
import { createWorld } from '../../envs/validateDefinition.ts';
import { ReverieError, WorldError } from '../../shared/errors.ts';
import type { Variation } from '../../shared/factors.ts';
import { dimensionsOf } from '../../shared/space.ts';
import type { World, WorldDefinition } from '../../shared/world.ts';
import type { Job } from '../executor/executor.ts';
import { DIGEST_BYTES, type EpisodeBlock, joinBlocks } from './episodeBlock.ts';
import { digestFrames, frameOf, redrawFrames } from './frameDigest.ts';
import { episodeSeed, playScript } from './playScript.ts';
import { type VariationPlan, variationOf } from './variationPlan.ts';

export interface CollectPart {
  /** What `loadWorld` takes: an id, an absolute path, or a package. */
  readonly world: string;
  /** Of the dataset. */
  readonly seed: number;
  /** Index of the first episode in the dataset, and how many follow from it. */
  readonly first: number;
  readonly count: number;
  /** Steps after which an episode is truncated. */
  readonly length: number;
  readonly plan: VariationPlan;
}

export const collectPartJob: Job<CollectPart, EpisodeBlock> = { module: import.meta.url, name: 'collectPart' };

/** Plays the episodes. @throws WorldError naming the seed of the episode in which the world failed */
export async function collectPart(part: CollectPart): Promise<EpisodeBlock> {
  const definition = await loadWorld(part.world);
  const shared = createWorld(definition, part.plan.fixed);
  const blocks = Array.from({ length: part.count }, (_, i) => {
    const seed = episodeSeed(part.seed, part.first + i);
    const variation = variationOf(part.plan, definition.spec.factors ?? {}, seed);
    return blamingWorld(definition, seed, () => {
      const world = part.plan.drawn.length > 0 ? createWorld(definition, variation) : shared;
      const block = playEpisode(world, seed, part.length, variation);
      if (part.first + i === 0) refuseForgetfulStates(definition, block, variation);
      return block;
    });
  });
  return joinBlocks(blocks);
}

/** What a world's own code throws is the world's fault. */
function blamingWorld<T>({ spec }: WorldDefinition, seed: number, play: () => T): T {
  try {
    return play();
  } catch (cause) {
    if (cause instanceof ReverieError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WorldError(
      `'${spec.id}' threw "${reason}" in the episode with seed ${seed}: run \`reverie check\` on it`,
      { cause },
    );
  }
}

/** Plays until the episode ends or `length` steps are taken. */
function playEpisode(world: World, seed: number, length: number, variation: Variation): EpisodeBlock {
  const names = Object.keys(world.spec.quantities);
  const width = dimensionsOf(world.spec.action);
  const actions = new Float32Array(length * width);
  const states = new Float64Array((length + 1) * names.length);
  const terminations = new Uint8Array(length);
  const truncations = new Uint8Array(length);
  const frames = createHash('sha256');
  let t = 0;
  for (const { action, terminated, truncated } of playScript(world, seed)) {
    if (action) {
      actions.set(action, t * width);
      terminations[t] = Number(terminated);
      t++;
      truncations[t - 1] = Number(truncated || t === length);
    }
    states.set(finiteState(world, names, seed, t), t * names.length);
    frames.update(frameOf(world));
    if (terminated || truncated || t === length) break;
  }
  return {
    seeds: Uint32Array.of(seed),
    steps: Int32Array.of(t),
    actions: actions.subarray(0, t * width),
    states: states.subarray(0, (t + 1) * names.length),
    terminations: terminations.subarray(0, t),
    truncations: truncations.subarray(0, t),
    frameDigests: frames.digest().subarray(0, DIGEST_BYTES),
    variation: Object.fromEntries(Object.entries(variation).map(([name, value]) => [name, columnOf(value)])),
  };
}

function finiteState(world: World, names: readonly string[], seed: number, t: number): number[] {
  const state = world.state();
  return names.map((name) => {
    const value = state[name];
    if (value !== undefined && Number.isFinite(value)) return value;
    throw new WorldError(
      `'${world.spec.id}' has ${name} = ${value} after step ${t} of the episode with seed ${seed}: run \`reverie check\` on it`,
    );
  });
}

function columnOf(value: number | string): Float64Array | Uint8Array {
  return typeof value === 'number' ? Float64Array.of(value) : Uint8Array.from(Buffer.from(value.slice(1), 'hex'));
}

/** A world whose states don't give back their frames is of no use to a dataset that keeps states alone. */
function refuseForgetfulStates(definition: WorldDefinition, block: EpisodeBlock, variation: Variation): void {
  const names = Object.keys(definition.spec.quantities);
  const redrawn = digestFrames([redrawFrames(definition, variation, names, block.states)]);
  if (!redrawn.equals(block.frameDigests)) {
    throw new WorldError(
      `placing the states of '${definition.spec.id}' doesn't give their frames again, which datasets rely on: let the frame depend on the state alone, and run \`reverie check\` on it`,
    );
  }
}
