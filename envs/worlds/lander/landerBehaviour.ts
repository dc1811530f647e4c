/**
 * The scripted behaviour of `lander`: one manoeuvre after another, blind to any goal. It collects the training data,
 * and it is the floor that an agent must beat.
 *
 * It flies to points and waits there, lands softly and hard and stands for a while, falls with the engine off and a
 * turn, so that it tips over and lies there, and keeps to random actions for some steps; the next flight rights it and
 * takes off again. Landings are anywhere, half of them close by; few seek the pad, which the state shows, or the blind
 * would meet goals too often. A tenth of the actions are uniform, and the others noisy.
 */
import type { Random } from '../../../shared/random.ts';
import type { Action } from '../../../shared/space.ts';
import type { Behaviour, State } from '../../../shared/world.ts';
import { land, steer, velocityTowards } from './landerAutopilot.ts';
import { arenaSize, groundY } from './landerGeometry.ts';
import type { LanderPhysics } from './landerPhysics.ts';

export interface LanderBehaviourConfig {
  /** Share of the actions that are uniform over the space. */
  readonly uniformShare: number;
  /** Standard deviation of the noise on the other actions. */
  readonly noise: number;
  /** How often each kind of manoeuvre is drawn, relative to the others. */
  readonly weights: { readonly flight: number; readonly landing: number; readonly fall: number; readonly whim: number };
  /** Share of the landings that seek the pad. */
  readonly padShare: number;
}

export const defaultLanderBehaviourConfig: LanderBehaviourConfig = {
  uniformShare: 0.1,
  noise: 0.15,
  weights: { flight: 5, landing: 4, fall: 3, whim: 1 },
  padShare: 0.22,
};

/** Least distance from the edges and the ground of a point to fly to, in units. */
const margin = 50;

/** Deviation of a landing's place from where the craft is, and from the pad's middle, in units. */
const spread = { near: 20, far: 120, pad: 10 };

/** A craft stands when it is no more than this above standing height, in units, and off upright, in radians. */
const standing = { height: 4, tilt: 0.3 };

/** Most steps that a landing may take. */
const patience = 40;

/** What to do for a while; `act` gives the noiseless action. */
interface Manoeuvre {
  act(state: State): Action;
  stepsLeft: number;
}

export class LanderBehaviour implements Behaviour {
  private readonly random: Random;
  private readonly physics: LanderPhysics;
  private readonly standingY: number;
  private readonly config: LanderBehaviourConfig;
  private manoeuvre: Manoeuvre | undefined;

  /** @param standingY `landerY` of a craft that stands. */
  constructor(random: Random, physics: LanderPhysics, standingY: number, config = defaultLanderBehaviourConfig) {
    this.random = random;
    this.physics = physics;
    this.standingY = standingY;
    this.config = config;
  }

  act(state: State): Action {
    const { random, config } = this;
    if (!this.manoeuvre || this.manoeuvre.stepsLeft <= 0) this.manoeuvre = this.nextManoeuvre(state);
    this.manoeuvre.stepsLeft--;
    const action = this.manoeuvre.act(state);
    if (random.chance(config.uniformShare)) return [random.uniform(-1, 1), random.uniform(-1, 1)];
    return action.map((value) => Math.min(1, Math.max(-1, value + random.normal(0, config.noise))));
  }

  private nextManoeuvre(state: State): Manoeuvre {
    const { random } = this;
    const { flight, landing, fall, whim } = this.config.weights;
    const draw = random.uniform(0, flight + landing + fall + whim);
    if (draw < flight) return this.flight();
    if (draw < flight + landing) return this.landing(state);
    if (draw < flight + landing + fall) {
      return keepTo([-1, random.uniform(0.3, 1) * random.choice([-1, 1])], 3 + random.integer(8));
    }
    return keepTo([random.uniform(-1, 1), random.uniform(-1, 1)], 2 + random.integer(4));
  }

  /** To a point anywhere in the air, where it waits if there are steps left. */
  private flight(): Manoeuvre {
    const { random, physics } = this;
    const point = { x: random.uniform(margin, arenaSize - margin), y: random.uniform(margin, groundY - margin) };
    const fastest = random.uniform(1, 3.5);
    return {
      act: (state) => steer(state, velocityTowards(state, point, fastest), physics),
      stepsLeft: 5 + random.integer(14),
    };
  }

  /** Down to a place, softly or hard, and some steps of standing there. */
  private landing(state: State): Manoeuvre {
    const { random, physics, standingY } = this;
    const target = { x: this.landingPlace(state), standingY, touchdown: random.uniform(0.2, 2.5) };
    const stepsToStand = 2 + random.integer(6);
    return {
      act(now) {
        const { landerY = 0, landerAngle = 0 } = now;
        if (standingY - landerY > standing.height || Math.abs(landerAngle) > standing.tilt) {
          return land(now, target, physics);
        }
        this.stepsLeft = Math.min(this.stepsLeft, stepsToStand);
        return [-1, 0];
      },
      stepsLeft: patience,
    };
  }

  private landingPlace({ landerX = 0, padX = 0 }: State): number {
    const { random, config } = this;
    if (random.chance(config.padShare)) return padX + random.normal(0, spread.pad);
    const x = landerX + random.normal(0, random.choice([spread.near, spread.far]));
    return Math.min(arenaSize - margin, Math.max(margin, x));
  }
}

function keepTo(action: Action, steps: number): Manoeuvre {
  return { act: () => action, stepsLeft: steps };
}
