/**
 * The scripted behaviour of `push-t`: one push after another, blind to any goal. It collects the training data, and it
 * is the floor that an agent must beat.
 *
 * A push is a point on the T, often the end of an arm so that the T turns, and a direction. The pusher walks to just
 * outside the T behind that point, around the T if it is in the way, and then goes through. Of several random pushes it
 * prefers one that moves the T towards the middle of the arena and that it needn't walk far for: otherwise the T would
 * soon be stuck at a wall. A tenth of the actions are uniform, and the others noisy.
 */
import type { Random } from '../../../shared/random.ts';
import type { Point } from '../../../shared/scene.ts';
import type { Action } from '../../../shared/space.ts';
import type { Behaviour, State } from '../../../shared/world.ts';
import { arenaSize, distanceToBlock, onBlock } from './pushTGeometry.ts';

export interface PushTBehaviourConfig {
  /** Share of the actions that are uniform over the space. */
  readonly uniformShare: number;
  /** Standard deviation of the noise on the other actions. */
  readonly noise: number;
  /** Random pushes among which each push is chosen. */
  readonly candidates: number;
}

export const defaultPushTBehaviourConfig: PushTBehaviourConfig = { uniformShare: 0.1, noise: 0.15, candidates: 8 };

/** Units that a step covers at full action. */
const stepLength = 40;

/** Gap between pusher and T before a push, in units. */
const gap = 6;

/** Distance from the block's origin that the pusher's edge keeps when it goes around; the T reaches out to 81 units. */
const detourRadius = 89;

/** Gap between pusher and T, in units, at which a push has slid off. */
const lostGap = 20;

/** Steps after which an approach that has not arrived is given up. */
const approachPatience = 10;

/** Ends of the three arms, relative to the block. */
const armEnds: readonly Point[] = [
  { x: -50, y: -26 },
  { x: 50, y: -26 },
  { x: 0, y: 66 },
];

interface Push {
  readonly from: Point;
  readonly direction: Point;
  readonly speed: number;
  stepsToApproach: number;
  stepsToPush: number;
}

export class PushTBehaviour implements Behaviour {
  private readonly random: Random;
  private readonly pusherRadius: number;
  private readonly config: PushTBehaviourConfig;
  private push: Push | undefined;

  /** @param pusherRadius in units. */
  constructor(random: Random, pusherRadius: number, config: PushTBehaviourConfig = defaultPushTBehaviourConfig) {
    this.random = random;
    this.pusherRadius = pusherRadius;
    this.config = config;
  }

  act(state: State): Action {
    const { random, config } = this;
    if (random.chance(config.uniformShare)) return [random.uniform(-1, 1), random.uniform(-1, 1)];
    const velocity = this.nextVelocity(state);
    return [velocity.x, velocity.y].map((v) => Math.min(1, Math.max(-1, v + random.normal(0, config.noise))));
  }

  /** The noiseless action towards the next stretch of the current push, or of a new one. */
  private nextVelocity(state: State): Point {
    const { pusherRadius } = this;
    const pusher = { x: state.pusherX ?? 0, y: state.pusherY ?? 0 };
    const push = this.push && !this.isOver(this.push, state, pusher) ? this.push : this.choosePush(state);
    this.push = push;
    if (push.stepsToApproach !== Number.POSITIVE_INFINITY) {
      if (Math.hypot(push.from.x - pusher.x, push.from.y - pusher.y) > pusherRadius) {
        push.stepsToApproach--;
        return towards(pusher, aroundBlock(state, pusher, push.from, pusherRadius));
      }
      push.stepsToApproach = Number.POSITIVE_INFINITY;
    }
    push.stepsToPush--;
    return { x: push.direction.x * push.speed, y: push.direction.y * push.speed };
  }

  private choosePush(state: State): Push {
    const { random } = this;
    let best = this.randomPush(state);
    let bestCost = this.costOf(best, state);
    for (let i = 1; i < this.config.candidates; i++) {
      const candidate = this.randomPush(state);
      const cost = this.costOf(candidate, state);
      if (cost < bestCost) [best, bestCost] = [candidate, cost];
    }
    best.stepsToPush = 4 + random.integer(6);
    return best;
  }

  private randomPush(state: State): Push {
    const { random } = this;
    const local = random.chance(0.5)
      ? random.choice(armEnds)
      : { x: random.uniform(-50, 50), y: random.uniform(-36, -16) };
    const target = onBlock(state, local);
    const heading = random.uniform(-Math.PI, Math.PI);
    const direction = { x: Math.cos(heading), y: Math.sin(heading) };
    let back = 0;
    const behind = () => ({ x: target.x - direction.x * back, y: target.y - direction.y * back });
    while (distanceToBlock(state, behind()) < this.pusherRadius + gap) back += 4;
    return {
      from: behind(),
      direction,
      speed: random.uniform(0.5, 1),
      stepsToApproach: approachPatience,
      stepsToPush: 1,
    };
  }

  /**
   * Lower for pushes that bring the T towards the middle from close by; infinite for those that start outside the
   * arena.
   */
  private costOf({ from, direction }: Push, { blockX = 0, blockY = 0, pusherX = 0, pusherY = 0 }: State): number {
    const { pusherRadius } = this;
    const inside = (v: number) => v >= pusherRadius && v <= arenaSize - pusherRadius;
    if (!inside(from.x) || !inside(from.y)) return Number.POSITIVE_INFINITY;
    const middle = arenaSize / 2;
    const reach = 80;
    const offMiddle = Math.hypot(blockX + direction.x * reach - middle, blockY + direction.y * reach - middle);
    return offMiddle + 0.7 * Math.hypot(from.x - pusherX, from.y - pusherY);
  }

  /** Whether the push has gone its length, its start was not reached, or the block slid away. */
  private isOver(push: Push, state: State, pusher: Point): boolean {
    if (push.stepsToPush === 0 || push.stepsToApproach === 0) return true;
    const isPushing = push.stepsToApproach === Number.POSITIVE_INFINITY;
    return isPushing && distanceToBlock(state, pusher) > this.pusherRadius + lostGap;
  }
}

/** Full speed towards the point, slower when it is less than a step away. */
function towards(pusher: Point, point: Point): Point {
  const dx = (point.x - pusher.x) / stepLength;
  const dy = (point.y - pusher.y) / stepLength;
  const excess = Math.max(1, Math.hypot(dx, dy));
  return { x: dx / excess, y: dy / excess };
}

/** The point itself if the way there is clear, otherwise the next point on a circle around the block. */
function aroundBlock(state: State, pusher: Point, point: Point, pusherRadius: number): Point {
  const legs = 8;
  let clear = true;
  for (let i = 1; i < legs && clear; i++) {
    const along = { x: pusher.x + ((point.x - pusher.x) * i) / legs, y: pusher.y + ((point.y - pusher.y) * i) / legs };
    clear = distanceToBlock(state, along) > pusherRadius - 2;
  }
  if (clear) return point;
  const { blockX = 0, blockY = 0 } = state;
  const now = Math.atan2(pusher.y - blockY, pusher.x - blockX);
  const then = Math.atan2(point.y - blockY, point.x - blockX);
  const turn = Math.atan2(Math.sin(then - now), Math.cos(then - now));
  const next = now + Math.sign(turn) * Math.min(Math.abs(turn), 0.6);
  const radius = detourRadius + pusherRadius;
  return { x: blockX + radius * Math.cos(next), y: blockY + radius * Math.sin(next) };
}
