/**
 * The scripted behaviour of `puck`: one stroke after another, blind to any goal. It collects the training data, and it
 * is the floor that an agent must beat.
 *
 * A stroke is a direction for the puck and a speed. The mallet walks to behind the puck, around it if it is in the way,
 * drives through where the puck will be, and then leaves it alone for a while, so that pucks are seen gliding,
 * rebounding and coming to rest. Where it cannot get behind the puck, it strikes from beside it, often into the
 * cushion. A tenth of the actions are uniform, and the others noisy.
 */
import type { Random } from '../../../shared/random.ts';
import type { Point } from '../../../shared/scene.ts';
import type { Action } from '../../../shared/space.ts';
import type { Behaviour, State } from '../../../shared/world.ts';
import { wrapAngle } from '../../angle.ts';
import {
  distanceBetween,
  malletOf,
  malletRadius,
  malletReach,
  malletSpeed,
  type PuckProperties,
  puckOf,
  subSteps,
  velocityOf,
  within,
} from './puckTable.ts';
import { stanceFor } from './stanceFor.ts';

export interface PuckBehaviourConfig {
  /** Share of the actions that are uniform over the space. */
  readonly uniformShare: number;
  /** Standard deviation of the noise on the other actions. */
  readonly noise: number;
}

export const defaultPuckBehaviourConfig: PuckBehaviourConfig = { uniformShare: 0.1, noise: 0.1 };

/** Units that a step covers at full action, along one axis. */
const stepLength = malletSpeed * subSteps;

/** Units between mallet and puck before a stroke. */
const gap = 14;

/** Steps after which an approach that has not arrived becomes a stroke from where it is. */
const approachPatience = 12;

/** Most steps of a stroke, and of the pause after it: half the pauses are short, in the others the puck may stop. */
const longest = { strike: 8, shortPause: 3, longPause: 10 };

/** Shares of the mallet's speed along one axis at which strokes are made: the fastest ones only slantwise. */
const strokeSpeed = { least: 0.3, most: 1.3 };

/** Directions among which a stroke looks for one that the mallet can get behind. */
const candidates = 4;

interface Stroke {
  /** Where the puck is to go, an angle in radians. */
  readonly heading: number;
  /** Share of the mallet's full speed. */
  readonly speed: number;
  /** Where the mallet goes in the pause. */
  readonly resort: Point;
  phase: 'approach' | 'strike' | 'pause';
  /** Steps left of the phase. */
  left: number;
}

export class PuckBehaviour implements Behaviour {
  private readonly random: Random;
  private readonly config: PuckBehaviourConfig;
  /** Between the centres of mallet and puck when they touch. */
  private readonly contact: number;
  private stroke: Stroke | undefined;

  constructor(random: Random, { radius }: PuckProperties, config: PuckBehaviourConfig = defaultPuckBehaviourConfig) {
    this.random = random;
    this.config = config;
    this.contact = radius + malletRadius;
  }

  act(state: State): Action {
    const { random, config } = this;
    if (random.chance(config.uniformShare)) return [random.uniform(-1, 1), random.uniform(-1, 1)];
    const velocity = this.nextVelocity(malletOf(state), aheadOf(state));
    return [velocity.x, velocity.y].map((v) => Math.min(1, Math.max(-1, v + random.normal(0, config.noise))));
  }

  /** The noiseless action of the current stroke or of a new one, for a puck that will be where it is said to be. */
  private nextVelocity(mallet: Point, puck: Point): Point {
    if (!this.stroke || (this.stroke.phase === 'pause' && this.stroke.left <= 0)) this.stroke = this.chooseStroke(puck);
    const { stroke } = this;
    const stance = stanceFor(mallet, puck, stroke.heading, this.contact + gap);
    if (stroke.phase === 'approach' && (stroke.left <= 0 || distanceBetween(mallet, stance) < gap)) {
      const steps = (distanceBetween(mallet, puck) - this.contact) / (stroke.speed * stepLength);
      Object.assign(stroke, { phase: 'strike', left: Math.min(longest.strike, 1 + Math.ceil(Math.max(0, steps))) });
    } else if (stroke.phase === 'strike' && stroke.left <= 0) {
      const most = this.random.chance(0.5) ? longest.shortPause : longest.longPause;
      Object.assign(stroke, { phase: 'pause', left: 1 + this.random.integer(most) });
    }
    stroke.left--;
    if (stroke.phase === 'strike') return along(mallet, puck, stroke.speed);
    return towards(mallet, this.around(mallet, puck, stroke.phase === 'approach' ? stance : stroke.resort));
  }

  /** A random stroke, of some that come to mind the first that no cushion hinders. */
  private chooseStroke(puck: Point): Stroke {
    const { random } = this;
    let heading = random.uniform(-Math.PI, Math.PI);
    for (let i = 1; i < candidates && isHindered(puck, heading, this.contact); i++) {
      heading = random.uniform(-Math.PI, Math.PI);
    }
    const { low, high } = malletReach;
    return {
      heading,
      speed: random.uniform(strokeSpeed.least, strokeSpeed.most),
      resort: { x: random.uniform(low, high), y: random.uniform(low, high) },
      phase: 'approach',
      left: approachPatience,
    };
  }

  /** The point itself if the way there is clear of the puck, otherwise the next point on a circle around the puck. */
  private around(mallet: Point, puck: Point, point: Point): Point {
    if (distanceToWay(mallet, point, puck) > this.contact + 2) return point;
    const now = Math.atan2(mallet.y - puck.y, mallet.x - puck.x);
    const turn = wrapAngle(Math.atan2(point.y - puck.y, point.x - puck.x) - now);
    const radius = this.contact + gap;
    const onCircle = (angle: number) => ({
      x: puck.x + radius * Math.cos(angle),
      y: puck.y + radius * Math.sin(angle),
    });
    const sides = [Math.sign(turn), -Math.sign(turn)].map((side) =>
      onCircle(now + side * Math.min(Math.abs(turn), 0.8)),
    );
    const open = sides.find((side) => distanceBetween(side, within(malletReach, side)) < 1);
    return open ?? within(malletReach, sides[0] ?? point);
  }
}

/** Whether the mallet would touch a cushion at the place where it would strike the puck. */
function isHindered(puck: Point, heading: number, contact: number): boolean {
  const place = { x: puck.x - contact * Math.cos(heading), y: puck.y - contact * Math.sin(heading) };
  return distanceBetween(place, within(malletReach, place)) > 0;
}

/** Where the puck will be in the middle of the next step if it meets nothing. */
function aheadOf(state: State): Point {
  const [{ x, y }, velocity] = [puckOf(state), velocityOf(state)];
  return { x: x + (velocity.x * subSteps) / 2, y: y + (velocity.y * subSteps) / 2 };
}

/** The action that moves the mallet in the direction of the point, at the given speed or as fast as it can. */
function along(mallet: Point, point: Point, speed: number): Point {
  const scale = speed / Math.max(1e-9, distanceBetween(mallet, point));
  const [x, y] = [(point.x - mallet.x) * scale, (point.y - mallet.y) * scale];
  const excess = Math.max(1, Math.abs(x), Math.abs(y));
  return { x: x / excess, y: y / excess };
}

/** The action that moves the mallet to the point, or a step's length towards it. */
function towards(mallet: Point, point: Point): Point {
  return along(mallet, point, Math.min(strokeSpeed.most, distanceBetween(mallet, point) / stepLength));
}

/** How near the straight way between two points comes to a third. */
function distanceToWay(from: Point, to: Point, point: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const along = ((point.x - from.x) * dx + (point.y - from.y) * dy) / Math.max(1e-9, dx ** 2 + dy ** 2);
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(from.x + share * dx - point.x, from.y + share * dy - point.y);
}
