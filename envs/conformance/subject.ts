/**
 * What a check is given: a definition to make worlds of, a clock if time may be read, and how much to do. Amounts are
 * written for the full size; a slow world is checked by less of everything, and each result says how much was done.
 */
import type { Clock } from '../../shared/clock.ts';
import type { Variation } from '../../shared/factors.ts';
import type { World, WorldDefinition, WorldSpec } from '../../shared/world.ts';
import { createWorld } from '../validateDefinition.ts';
import { type Calls, WatchedWorld } from './watchedWorld.ts';

/** How much is done; `scant` is for worlds that take many milliseconds a step. */
export type Size = 'full' | 'quick' | 'scant';

const shares: Readonly<Record<Size, number>> = { full: 1, quick: 0.25, scant: 0.05 };

/** What a check that found no fault says. */
export interface Verdict {
  /** One sentence: what held. */
  readonly detail: string;
  /** What breaks no promise and is worth a look all the same, a sentence each. */
  readonly remarks?: readonly string[];
}

/** Tries one promise on new worlds: says what held, or throws a `Fault` with what was seen and what was expected. */
export type PromptCheck = (subject: Subject) => string | Verdict;

/** The same, or one that has to wait for something, such as for memory to be freed. */
export type Check = PromptCheck | ((subject: Subject) => Promise<string | Verdict>);

export class Subject {
  readonly definition: WorldDefinition;
  readonly clock: Clock | undefined;
  readonly calls: Calls = { current: undefined, last: 'create' };
  private readonly size: Size;

  constructor(definition: WorldDefinition, size: Size, clock?: Clock) {
    this.definition = definition;
    this.size = size;
    this.clock = clock;
  }

  get spec(): WorldSpec {
    return this.definition.spec;
  }

  /** A new world, varied if asked for, whose calls are noted. */
  world(variation: Variation = {}): World {
    this.calls.current = 'create';
    const world = createWorld(this.definition, variation);
    this.calls.current = undefined;
    return this.watched(world);
  }

  /** The world, with its calls noted. */
  watched(world: World): World {
    return new WatchedWorld(world, this.calls);
  }

  /** The share of `full` that this size does, rounded, and never less than `least`. */
  amount(full: number, least = 1): number {
    return Math.max(least, Math.round(full * shares[this.size]));
  }
}
