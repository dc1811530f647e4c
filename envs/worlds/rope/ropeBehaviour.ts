/**
 * The scripted behaviour of `rope`, blind to any goal: it leads the handle through one leg after another. Some legs
 * walk to a random place of the table and leave the rope slack, some pull outwards and draw it taut, over whatever pegs
 * are in the way, and some circle a peg, so that the rope is wound around it and unwound. A tenth of the actions are
 * uniform, and the others noisy. A leg ends after some steps, or as soon as the taut rope or a peg holds the handle.
 */
import type { Random } from '../../../shared/random.ts';
import type { Point } from '../../../shared/scene.ts';
import type { Action } from '../../../shared/space.ts';
import type { Behaviour, State } from '../../../shared/world.ts';
import { anchor, arenaSize, distanceBetween, pegs, ropeLength } from './ropeGeometry.ts';

export interface RopeBehaviourConfig {
  /** Share of the actions that are uniform over the space. */
  readonly uniformShare: number;
  /** Standard deviation of the noise on the other actions. */
  readonly noise: number;
  /** Shares of the legs that circle a peg and that pull outwards; the others walk. */
  readonly circleShare: number;
  readonly pullShare: number;
}

export const defaultRopeBehaviourConfig: RopeBehaviourConfig = {
  uniformShare: 0.1,
  noise: 0.15,
  circleShare: 0.3,
  pullShare: 0.2,
};

/** Units that a step covers at full action along one axis. */
const stepLength = 24;

/** A walk ends this near its destination, in units. */
const arrived = 12;

/** A handle that moved less than this in a step is held by the rope or a peg, in units. */
const held = 2;

/** Angle by which the handle's aim runs ahead of it on a circle. */
const lead = 0.8;

/** What a leg aims at, given where the handle is; undefined when it has arrived. */
interface Leg {
  readonly aim: (handle: Point) => Point | undefined;
  readonly speed: number;
  stepsLeft: number;
}

export class RopeBehaviour implements Behaviour {
  private readonly random: Random;
  private readonly config: RopeBehaviourConfig;
  private leg: Leg | undefined;
  private before: Point | undefined;

  constructor(random: Random, config: RopeBehaviourConfig = defaultRopeBehaviourConfig) {
    this.random = random;
    this.config = config;
  }

  act(state: State): Action {
    const { random, config } = this;
    if (random.chance(config.uniformShare)) return [random.uniform(-1, 1), random.uniform(-1, 1)];
    const { x, y } = this.nextVelocity(state);
    return [x, y].map((v) => Math.min(1, Math.max(-1, v + random.normal(0, config.noise))));
  }

  /** The noiseless action of the current leg, or of a new one. */
  private nextVelocity(state: State): Point {
    const handle = { x: state.handleX ?? 0, y: state.handleY ?? 0 };
    const isHeld = this.before !== undefined && distanceBetween(handle, this.before) < held;
    this.before = handle;
    const goesOn = this.leg && this.leg.stepsLeft > 0 && !isHeld && this.leg.aim(handle);
    const leg = (goesOn ? this.leg : undefined) ?? this.nextLeg(handle, { x: state.link7X ?? 0, y: state.link7Y ?? 0 });
    this.leg = leg;
    leg.stepsLeft--;
    return towards(handle, leg.aim(handle) ?? handle, leg.speed);
  }

  private nextLeg(handle: Point, link7: Point): Leg {
    const { random, config } = this;
    const speed = random.uniform(0.5, 1.2);
    const kind = random.uniform();
    if (kind < config.circleShare) return { aim: this.circle(), speed, stepsLeft: 4 + random.integer(9) };
    if (kind < config.circleShare + config.pullShare)
      return { aim: this.pull(handle, link7), speed, stepsLeft: 2 + random.integer(5) };
    return { aim: this.walk(), speed, stepsLeft: 10 };
  }

  /** Around one of the pegs, either way. */
  private circle(): Leg['aim'] {
    const { random } = this;
    const peg = random.choice(pegs);
    const radius = random.uniform(34, 50);
    const ahead = random.choice([-lead, lead]);
    return (handle) => {
      const angle = Math.atan2(handle.y - peg.y, handle.x - peg.x) + ahead;
      return { x: peg.x + radius * Math.cos(angle), y: peg.y + radius * Math.sin(angle) };
    };
  }

  /** About the way that the rope's end, or the whole rope, points. */
  private pull(handle: Point, link7: Point): Leg['aim'] {
    const { random } = this;
    const from = random.chance(0.5) ? anchor : link7;
    const heading = Math.atan2(handle.y - from.y, handle.x - from.x) + random.normal(0, 0.4);
    const far = { x: handle.x + arenaSize * Math.cos(heading), y: handle.y + arenaSize * Math.sin(heading) };
    return () => far;
  }

  /** To a place that the rope can nearly reach, not too near the anchor. */
  private walk(): Leg['aim'] {
    const { random } = this;
    for (;;) {
      const place = { x: random.uniform(15, arenaSize - 15), y: random.uniform(15, arenaSize - 15) };
      const distance = distanceBetween(place, anchor);
      if (distance > 60 && distance < 1.1 * ropeLength)
        return (handle) => (distanceBetween(handle, place) < arrived ? undefined : place);
    }
  }
}

/** The given share of full speed towards the point, slower when it is less than a step away. */
function towards(from: Point, to: Point, speed: number): Point {
  const dx = (to.x - from.x) / stepLength;
  const dy = (to.y - from.y) / stepLength;
  const excess = Math.max(1, Math.hypot(dx, dy));
  return { x: (speed * dx) / excess, y: (speed * dy) / excess };
}
