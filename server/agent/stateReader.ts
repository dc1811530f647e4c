/**
 * Reads the world's state from an agent's latents, so that a page can show what they say. It learns by lessons of one
 * scripted episode each, short enough that plans of the same thread don't wait for it, from the true states that go
 * with the frames; after the last it fits a linear readout (`linearProbe.ts`) on most of the episodes and judges it on
 * the others. The readout is a measurement: nothing that the agent does depends on it.
 */
import type { Dynamics } from '../../models/planning/contracts.ts';
import type { Quantity, WorldDefinition } from '../../shared/world.ts';
import { collectEpisodes, type Episode } from '../data/episodes.ts';
import { encodedSet, fitLinear, judge, type ProbeSet, type Readout } from '../evaluation/linearProbe.ts';
import { stateOf } from '../evaluation/stateTargets.ts';

export interface StateReaderConfig {
  /** Episodes that the readout is fitted to, and those that it is judged on. */
  readonly fitted: number;
  readonly judged: number;
  /** Steps an episode. */
  readonly length: number;
  readonly seed: number;
}

/** Few enough to be learned while one looks on. */
export const defaultStateReaderConfig: StateReaderConfig = { fitted: 24, judged: 8, length: 60, seed: 0x5ead };

/** A quantity, and how well it can be read. */
export interface ReadQuantity extends Quantity {
  readonly name: string;
  /** R² on episodes that the readout was not fitted to, of an angle the worse of sine and cosine; none if it stands still. */
  readonly r2?: number;
}

/** How far the learning has come. */
export interface Lesson {
  /** Episodes seen, and to see. */
  readonly done: number;
  readonly total: number;
  /** What can be read, in the spec's order; once all is learned. */
  readonly quantities?: readonly ReadQuantity[];
}

export class StateReader {
  private readonly dynamics: Pick<Dynamics, 'encode'>;
  private readonly definition: WorldDefinition;
  private readonly config: StateReaderConfig;
  private readonly encoded: ProbeSet[] = [];
  private learned: { readonly readout: Readout; readonly quantities: readonly ReadQuantity[] } | undefined;

  constructor(dynamics: Pick<Dynamics, 'encode'>, definition: WorldDefinition, config = defaultStateReaderConfig) {
    this.dynamics = dynamics;
    this.definition = definition;
    this.config = config;
  }

  /** Learns from one more episode; once all is learned it only says so. */
  async lesson(): Promise<Lesson> {
    const { fitted, judged } = this.config;
    const total = fitted + judged;
    if (this.learned === undefined) {
      this.encoded.push(await encodedSet(this.dynamics, [this.play(this.encoded.length)]));
      if (this.encoded.length < total) return { done: this.encoded.length, total };
      this.learned = this.fit();
      this.encoded.length = 0;
    }
    return { done: total, total, quantities: this.learned.quantities };
  }

  /** The quantities in the spec's order that a latent says; none before all is learned. */
  read(latent: Float32Array): number[] | undefined {
    if (this.learned === undefined) return undefined;
    const state = stateOf(this.definition.spec, this.learned.readout(latent));
    return this.learned.quantities.map(({ name }) => state[name] as number);
  }

  private play(index: number): Episode {
    const { length, seed } = this.config;
    const { episodes } = collectEpisodes({ definition: this.definition, episodes: 1, length, seed: seed + index });
    return episodes[0] as Episode;
  }

  private fit(): NonNullable<StateReader['learned']> {
    const { spec } = this.definition;
    const readout = fitLinear(spec, joined(this.encoded.slice(0, this.config.fitted)));
    const scores = judge(readout, spec, joined(this.encoded.slice(this.config.fitted)));
    const quantities = Object.entries(spec.quantities).map(([name, quantity]) => {
      const targets = quantity.kind === 'angle' ? [`${name}.sin`, `${name}.cos`] : [name];
      const r2 = Math.min(...targets.map((target) => scores[target] as number));
      return { name, ...quantity, ...(Number.isFinite(r2) && { r2 }) };
    });
    return { readout, quantities };
  }
}

function joined(sets: readonly ProbeSet[]): ProbeSet {
  return {
    latents: sets.flatMap(({ latents }) => latents),
    states: Float64Array.from(sets.flatMap(({ states }) => [...states])),
  };
}
