/**
 * N worlds of one definition stepped together, after Gymnasium's vector environments
 * (https://gymnasium.farama.org/api/vector/): one call takes an action for each and gives flags, frames and states as
 * blocks of N rows, as a network wants them. The worlds know nothing of each other, so a row is what its world alone
 * would have given, to the bit.
 *
 * Nothing is reset unless asked for: a world whose episode has ended goes on as `World.step` does, and says so at every
 * step. With `autoreset`, the call of `step` after the one that ended an episode begins the next episode of that world
 * instead of stepping it: its action is not used and both its flags are 0, in Gymnasium's words the mode "next step".
 */
import { WorldError } from '../shared/errors.ts';
import type { Variation } from '../shared/factors.ts';
import { FRAME_BYTES } from '../shared/frame.ts';
import { type Action, contains, dimensionsOf } from '../shared/space.ts';
import type { Snapshot, State, World, WorldDefinition, WorldSpec } from '../shared/world.ts';
import { createWorld } from './validateDefinition.ts';

export interface VectorOptions {
  /** Whether an episode that ended is followed by another at the next step; false when left out. */
  readonly autoreset?: boolean;
  /** One variation for all worlds, or one for each. */
  readonly variation?: Variation | readonly Variation[];
}

/** How a step left the N episodes: 1 where it holds, 0 elsewhere. New arrays each time. */
export interface VectorStepResult {
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
}

/** @example `const worlds = new VectorWorld(definition, 64); worlds.restore(snapshot); worlds.step(actions);` */
export class VectorWorld {
  /** The definition's; a world that is varied has the colours of its own spec. */
  readonly spec: WorldSpec;
  /** Each can also be asked, placed or stepped alone. */
  readonly worlds: readonly World[];
  /** Names of the columns of `states`, in the spec's order. */
  readonly quantities: readonly string[];
  private readonly autoreset: boolean;
  private readonly seeds: number[];
  private readonly ended: Uint8Array;

  /**
   * World i at the start of the episode of seed i.
   * @throws WorldError when `size` is no positive integer, or there are variations but not one for each world.
   */
  constructor(definition: WorldDefinition, size: number, { autoreset = false, variation = {} }: VectorOptions = {}) {
    if (!(Number.isInteger(size) && size > 0)) throw new WorldError(`${size} worlds cannot be made: ask for 1 or more`);
    this.spec = definition.spec;
    this.worlds = oneEach(variation, size, 'variations').map((varied) => createWorld(definition, varied));
    this.quantities = Object.keys(definition.spec.quantities);
    this.autoreset = autoreset;
    this.seeds = new Array<number>(size).fill(0);
    this.ended = new Uint8Array(size);
    this.reset(0);
  }

  /** N, the number of worlds. */
  get size(): number {
    return this.worlds.length;
  }

  /**
   * Begins the episodes that the seeds determine: one seed for each world, or a first one from which world i is given
   * `seed + i`. With `autoreset`, the next episodes of a world have its seed plus N, plus 2N and so on, so that worlds
   * with consecutive seeds never play the same episode.
   */
  reset(seeds: number | readonly number[]): void {
    const { size } = this;
    const given = typeof seeds === 'number' ? this.worlds.map((_, i) => seeds + i) : oneEach(seeds, size, 'seeds');
    given.forEach((seed, i) => {
      this.begin(i, seed);
    });
  }

  /**
   * Advances each world by its action: a list of N actions, or all of them in one row, `[N, dimensions]`.
   * @throws WorldError when there are not N actions or one lies outside `spec.action`; no world has moved then.
   */
  step(actions: readonly Action[] | Float32Array): VectorStepResult {
    const { worlds, ended, size } = this;
    const rows = this.checkedActions(actions);
    const terminated = new Uint8Array(size);
    const truncated = new Uint8Array(size);
    for (let i = 0; i < size; i++) {
      if (this.autoreset && ended[i]) {
        this.begin(i, (this.seeds[i] as number) + size);
        continue;
      }
      const result = (worlds[i] as World).step(rows[i] as Action);
      terminated[i] = result.terminated ? 1 : 0;
      truncated[i] = result.truncated ? 1 : 0;
      ended[i] = result.terminated || result.truncated ? 1 : 0;
    }
    return { terminated, truncated };
  }

  /** What an agent sees now in each world: `[N, 64, 64, 3]` bytes, written into `into` if it is given. */
  frames(into = new Uint8Array(this.size * FRAME_BYTES)): Uint8Array {
    this.worlds.forEach((world, i) => {
      into.set(world.frame(), i * FRAME_BYTES);
    });
    return into;
  }

  /** The quantities of each world: `[N, quantities]` numbers, written into `into` if it is given. */
  states(into = new Float64Array(this.size * this.quantities.length)): Float64Array {
    const { quantities } = this;
    this.worlds.forEach((world, i) => {
      const state = world.state();
      for (let q = 0; q < quantities.length; q++) {
        into[i * quantities.length + q] = state[quantities[q] as string] as number;
      }
    });
    return into;
  }

  /** Puts all worlds into one state, or each into its own, and begins new episodes there: as `World.place`. */
  place(states: State | readonly State[]): void {
    oneEach(states, this.size, 'states').forEach((state, i) => {
      this.worlds[i]?.place(state);
    });
    this.ended.fill(0);
  }

  /** One snapshot for each world. */
  snapshots(): Snapshot[] {
    return this.worlds.map((world) => world.snapshot());
  }

  /** Returns all worlds to one snapshot, or each to its own, to the bit: as `World.restore`. */
  restore(snapshots: Snapshot | readonly Snapshot[]): void {
    oneEach(snapshots, this.size, 'snapshots').forEach((snapshot, i) => {
      this.worlds[i]?.restore(snapshot);
    });
    this.ended.fill(0);
  }

  private begin(i: number, seed: number): void {
    this.worlds[i]?.reset(seed);
    this.seeds[i] = seed;
    this.ended[i] = 0;
  }

  private checkedActions(actions: readonly Action[] | Float32Array): readonly Action[] {
    const { action: space, id } = this.spec;
    const rows = oneEach(
      actions instanceof Float32Array ? rowsOf(actions, dimensionsOf(space)) : actions,
      this.size,
      'actions',
    );
    const outside = rows.findIndex((action) => !contains(space, action));
    if (outside >= 0) {
      const action = rows[outside]?.join(', ');
      throw new WorldError(`action ${outside}, [${action}], is outside the action space of '${id}': clamp it first`);
    }
    return rows;
  }
}

/** The row cut into actions; what is left over becomes an action that is too short. */
function rowsOf(actions: Float32Array, width: number): Action[] {
  const count = Math.ceil(actions.length / width);
  return Array.from({ length: count }, (_, i) => Array.from(actions.subarray(i * width, (i + 1) * width)));
}

/** The same thing for all, or the list of one for each. */
function oneEach<T>(given: T | readonly T[], size: number, what: string): readonly T[] {
  if (!isList(given)) return new Array<T>(size).fill(given);
  if (given.length !== size) {
    throw new WorldError(`${given.length} ${what} are given for ${size} worlds: give one for each`);
  }
  return given;
}

function isList<T>(given: T | readonly T[]): given is readonly T[] {
  return Array.isArray(given);
}
