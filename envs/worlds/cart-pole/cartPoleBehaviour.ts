/**
 * The scripted behaviour of `cart-pole`, blind to any goal. It collects the training data, and it is the floor that an
 * agent must beat.
 *
 * Most of the time it swings the pole up and holds it over a random place, searching a little at every step, and soon
 * chooses another place. In between it lets go, so that the pole falls and swings freely, or shoves the cart with a
 * constant action, often into a stop. A tenth of the actions are uniform, and the others noisy.
 */
import type { Random } from '../../../shared/random.ts';
import type { Action } from '../../../shared/space.ts';
import type { Behaviour, State } from '../../../shared/world.ts';
import { type Motion, motionOf, rail } from './cartPolePhysics.ts';
import type { CartPoleSearch } from './cartPoleSearch.ts';

export interface CartPoleBehaviourConfig {
  /** Share of the actions that are uniform over the space. */
  readonly uniformShare: number;
  /** Standard deviation of the noise on the other actions. */
  readonly noise: number;
  /** Share of the spells in which the pole is held up; the others let go or shove, as often. */
  readonly holdShare: number;
  /** Least and most steps of a spell of holding, and of another one. */
  readonly hold: readonly [number, number];
  readonly other: readonly [number, number];
}

export const defaultCartPoleBehaviourConfig: CartPoleBehaviourConfig = {
  uniformShare: 0.1,
  noise: 0.1,
  holdShare: 0.7,
  hold: [8, 28],
  other: [2, 7],
};

/** How near the rail's ends the pole is held, in units. */
const margin = 10;

interface Spell {
  /** Over which place to hold the pole; if over none, the action is constant. */
  readonly place: number | undefined;
  readonly action: number;
  stepsLeft: number;
}

export class CartPoleBehaviour implements Behaviour {
  private readonly random: Random;
  private readonly search: CartPoleSearch;
  private readonly config: CartPoleBehaviourConfig;
  private spell: Spell;

  constructor(random: Random, search: CartPoleSearch, config = defaultCartPoleBehaviourConfig) {
    this.random = random;
    this.search = search;
    this.config = config;
    this.spell = this.nextSpell();
  }

  act(state: State): Action {
    const { random, config } = this;
    if (this.spell.stepsLeft === 0) this.spell = this.nextSpell();
    this.spell.stepsLeft--;
    const action = this.steer(motionOf(state));
    if (random.chance(config.uniformShare)) return [random.uniform(-1, 1)];
    return [Math.min(1, Math.max(-1, action + random.normal(0, config.noise)))];
  }

  private steer(motion: Motion): number {
    const { place, action } = this.spell;
    return place === undefined ? action : this.search.act(motion, place);
  }

  private nextSpell(): Spell {
    const { random, config } = this;
    const steps = ([least, most]: readonly [number, number]) => least + random.integer(most - least + 1);
    if (random.chance(config.holdShare)) {
      const place = random.uniform(rail.left + margin, rail.right - margin);
      return { place, action: 0, stepsLeft: steps(config.hold) };
    }
    const action = random.chance(0.5) ? 0 : random.uniform(-1, 1);
    return { place: undefined, action, stepsLeft: steps(config.other) };
  }
}
