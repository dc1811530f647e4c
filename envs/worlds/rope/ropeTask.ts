/**
 * Where episodes and tasks of `rope` begin, and what the goals are.
 *
 * A goal is a state that the scripted behaviour reached from the start when the task was drawn, so it can be reached.
 * Start and goal are tidy: the rope doesn't lie on itself, so that the frame shows all of it, and the goal doesn't bend
 * to and fro. Two more plays of the behaviour from the same start must miss the goal: shapes that the rope falls into
 * whatever is done with it are no tasks.
 *
 * Easy and default goals differ in how far the links must go. For a hard one the rope must be led around a peg to its
 * other side, or be wound around it once more or once less.
 */
import { Random } from '../../../shared/random.ts';
import type { Point } from '../../../shared/scene.ts';
import type { Action } from '../../../shared/space.ts';
import type { Difficulty, State, Task, World } from '../../../shared/world.ts';
import {
  anchor,
  arenaSize,
  bendsOf,
  chainOf,
  distanceBetween,
  linkCount,
  meanLinkDistance,
  pegs,
  type RopeSizes,
  spacing,
  stateOf,
} from './ropeGeometry.ts';
import { mostTurnBetween } from './ropeWinding.ts';

interface Demand {
  /** Least and most steps of behaviour between start and goal. */
  readonly steps: readonly [number, number];
  /** Least and most mean distance of the links from start to goal, in units. */
  readonly moved: readonly [number, number];
  /** Whether some link must go around a peg rather than straight to its place; either way when left out. */
  readonly around?: boolean;
  /** Steps allowed. */
  readonly budget: number;
}

const demands: Readonly<Record<Difficulty, Demand>> = {
  easy: { steps: [8, 20], moved: [25, 45], around: false, budget: 30 },
  default: { steps: [14, 30], moved: [45, 100], budget: 40 },
  hard: { steps: [20, 40], moved: [60, 200], around: true, budget: 50 },
};

/** Steps of behaviour before a task's start, so that it looks like the data. */
const warmUpSteps = 5;

/** The behaviour's states are looked at for a goal every so many steps. */
const lookSteps = 4;

/** Plays of the behaviour that must miss the goal. */
const blindPlays = 2;

/** Links that aren't neighbours are at least this far apart in a tidy rope, in units. */
const apart = 18;

/** Most radians that a tidy goal bends to and fro. */
const mostWaver = 1;

/** Turns from segment to segment at a start: standard deviation and most, in radians. */
const startBend = { deviation: 0.4, most: 1.1 };

/** A task, and the actions that lead from its start to its goal. */
export interface RopePlay {
  readonly task: Task;
  readonly actions: readonly Action[];
}

/** The rope anywhere that it fits, turning at random from link to link. */
export function ropeStart(random: Random, sizes: RopeSizes): State {
  for (;;) {
    const chain = randomChain(random, sizes);
    if (chain) return stateOf(chain);
  }
}

/** The task that the seed determines; `rehearsal` is left in some state. */
export function ropeTask(seed: number, difficulty: Difficulty, rehearsal: World, sizes: RopeSizes): RopePlay {
  const random = new Random(seed).fork(`rope task ${difficulty}`);
  for (;;) {
    rehearsal.place(ropeStart(random, sizes));
    const warmUp = rehearsal.behaviour(random);
    for (let i = 0; i < warmUpSteps; i++) rehearsal.step(warmUp.act(rehearsal.state()));
    const start = rehearsal.state();
    if (!isOpen(chainOf(start))) continue;
    const play = playToGoal(start, demands[difficulty], rehearsal, random);
    if (!play || isMetByChance(start, play.goal, demands[difficulty].budget, rehearsal, random)) continue;
    const { goal, actions } = play;
    return { task: { seed, difficulty, start, goal, budget: demands[difficulty].budget }, actions };
  }
}

/** Plays by the behaviour until the rope lies in a shape that can be a goal, or the steps are used up. */
function playToGoal(start: State, demand: Demand, world: World, random: Random) {
  const [fewest, most] = demand.steps;
  const actions: Action[] = [];
  world.place(start);
  const behaviour = world.behaviour(random);
  while (actions.length < most) {
    const action = behaviour.act(world.state());
    actions.push(action);
    world.step(action);
    if (actions.length < fewest || (actions.length - fewest) % lookSteps !== 0) continue;
    const goal = world.state();
    if (suits(start, goal, demand) && !world.achieved(start, goal)) return { goal, actions };
  }
  return undefined;
}

function suits(start: State, goal: State, { moved: [least, most], around }: Demand): boolean {
  const moved = meanLinkDistance(start, goal);
  if (moved < least || moved > most) return false;
  const [from, to] = [chainOf(start), chainOf(goal)];
  if (around !== undefined && mostTurnBetween(from, to) > Math.PI !== around) return false;
  return isOpen(to) && waverOf(to) <= mostWaver;
}

function isMetByChance(start: State, goal: State, steps: number, world: World, random: Random): boolean {
  for (let play = 0; play < blindPlays; play++) {
    world.place(start);
    const behaviour = world.behaviour(random);
    for (let i = 0; i < steps; i++) {
      world.step(behaviour.act(world.state()));
      if (world.achieved(world.state(), goal)) return true;
    }
  }
  return false;
}

/** Whether the rope doesn't lie on itself. */
function isOpen(chain: readonly Point[]): boolean {
  return chain.every((point, i) => chain.slice(i + 2).every((other) => distanceBetween(point, other) >= apart));
}

/** Radians that the rope bends one way and back again: 0 for any arc, however long. */
function waverOf(chain: readonly Point[]): number {
  const bends = bendsOf(chain);
  const sum = bends.reduce((total, bend) => total + bend, 0);
  return bends.reduce((total, bend) => total + Math.abs(bend), 0) - Math.abs(sum);
}

/** A chain from the anchor that touches no peg; undefined when it ran into a corner. */
function randomChain(random: Random, sizes: RopeSizes): Point[] | undefined {
  const chain: Point[] = [anchor];
  let heading = random.uniform(0, Math.PI);
  for (let i = 0; i < linkCount; i++) {
    const before = chain[i] as Point;
    if (i > 0) {
      const bend = random.normal(0, startBend.deviation);
      heading += Math.min(startBend.most, Math.max(-startBend.most, bend));
    }
    const point = { x: before.x + spacing * Math.cos(heading), y: before.y + spacing * Math.sin(heading) };
    if (!isFree(point, sizes)) return undefined;
    chain.push(point);
  }
  return chain;
}

function isFree({ x, y }: Point, { linkRadius, pegRadius }: RopeSizes): boolean {
  const inside = (v: number) => v >= linkRadius && v <= arenaSize - linkRadius;
  return inside(x) && inside(y) && pegs.every((peg) => distanceBetween({ x, y }, peg) >= linkRadius + pegRadius);
}
