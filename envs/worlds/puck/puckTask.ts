/**
 * Where episodes and tasks of `puck` begin, and what the goals are.
 *
 * A goal is a place where the scripted behaviour's strokes left the puck when the task was drawn, so it can be reached.
 * What makes a task hard is the way, and that the mallet cannot get behind the puck: a cushion is in its place, so that
 * the puck must first be brought off, or strike a cushion on its way.
 */
import { Random } from '../../../shared/random.ts';
import type { Difficulty, State, Task, World } from '../../../shared/world.ts';
import {
  distanceBetween,
  malletRadius,
  malletReach,
  type PuckProperties,
  puckOf,
  reachOf,
  velocityOf,
  within,
} from './puckTable.ts';

interface Demand {
  /** Least and most units that the puck must go. */
  readonly least: number;
  readonly most: number;
  /** Whether a cushion keeps the mallet from being behind the puck at the start; either way where not said. */
  readonly blocked?: boolean;
  /** Steps allowed. */
  readonly budget: number;
}

const demands: Readonly<Record<Difficulty, Demand>> = {
  easy: { least: 80, most: 160, blocked: false, budget: 40 },
  default: { least: 160, most: 320, budget: 40 },
  hard: { least: 240, most: 440, blocked: true, budget: 40 },
};

/** Steps of behaviour between start and goal, and most that the puck then glides on: together within the budgets. */
const rehearsed = { least: 8, most: 16, glide: 20 };

/** Speed in units per update at which the puck counts as lying still. */
const still = 0.5;

/** How far, in units, the mallet's place behind the puck must be out of its reach to count as blocked. */
const leastBlocked = malletRadius / 2;

/** Puck and mallet anywhere in the field, apart and at rest. */
export function puckStart(random: Random, { radius }: PuckProperties): State {
  const puckReach = reachOf(radius);
  for (;;) {
    const mallet = {
      x: random.uniform(malletReach.low, malletReach.high),
      y: random.uniform(malletReach.low, malletReach.high),
    };
    const puck = { x: random.uniform(puckReach.low, puckReach.high), y: random.uniform(puckReach.low, puckReach.high) };
    if (distanceBetween(mallet, puck) > radius + malletRadius + 5) {
      return { malletX: mallet.x, malletY: mallet.y, puckX: puck.x, puckY: puck.y, puckVelocityX: 0, puckVelocityY: 0 };
    }
  }
}

/** The task that the seed determines; `rehearsal` is left in some state. */
export function puckTask(seed: number, difficulty: Difficulty, rehearsal: World, properties: PuckProperties): Task {
  const random = new Random(seed).fork(`puck task ${difficulty}`);
  const { least, most, blocked, budget } = demands[difficulty];
  for (;;) {
    const start = puckStart(random, properties);
    if (blocked && !isNearCushion(start, properties)) continue;
    const goal = rehearse(rehearsal, start, random);
    if (!goal) continue;
    const way = distanceBetween(puckOf(start), puckOf(goal));
    const asked = blocked === undefined || blocked === isBlocked(start, goal, properties);
    if (way >= least && way <= most && asked) return { seed, difficulty, start, goal, budget };
  }
}

/** A state with the puck at rest after some behaviour, the mallet standing still at last; none if the puck goes on. */
function rehearse(world: World, from: State, random: Random): State | undefined {
  world.place(from);
  const behaviour = world.behaviour(random);
  const steps = rehearsed.least + random.integer(rehearsed.most - rehearsed.least);
  for (let i = 0; i < steps; i++) world.step(behaviour.act(world.state()));
  for (let i = 0; i < rehearsed.glide; i++) {
    const { x, y } = velocityOf(world.state());
    if (Math.hypot(x, y) <= still) return { ...world.state(), puckVelocityX: 0, puckVelocityY: 0 };
    world.step([0, 0]);
  }
  return undefined;
}

/** Whether the mallet cannot be where a straight stroke from start to goal would begin. */
function isBlocked(start: State, goal: State, { radius }: PuckProperties): boolean {
  const [from, to] = [puckOf(start), puckOf(goal)];
  const back = (radius + malletRadius) / distanceBetween(from, to);
  const behind = { x: from.x - (to.x - from.x) * back, y: from.y - (to.y - from.y) * back };
  return distanceBetween(behind, within(malletReach, behind)) > leastBlocked;
}

/** Whether a cushion could keep the mallet from being behind the puck, for some goal. */
function isNearCushion(start: State, { radius }: PuckProperties): boolean {
  const { x, y } = puckOf(start);
  const { low, high } = malletReach;
  return Math.min(x - low, high - x, y - low, high - y) < radius + malletRadius - leastBlocked;
}
