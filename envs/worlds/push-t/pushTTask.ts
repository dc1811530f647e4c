/**
 * Where episodes and tasks of `push-t` begin, and what the goals are.
 *
 * A goal is a state that the scripted behaviour reached from the start when the task was drawn, so it can be reached;
 * the draw is repeated until the block has moved as far as the difficulty asks. The behaviour prefers the middle of the
 * arena, so that goals there would be met by chance: the far ones keep that rare.
 */
import { Random } from '../../../shared/random.ts';
import type { Difficulty, State, Task, World } from '../../../shared/world.ts';
import { angleBetween } from '../../angle.ts';
import { arenaSize, distanceToBlock } from './pushTGeometry.ts';

interface Demand {
  /** Steps of behaviour between start and goal. */
  readonly steps: number;
  /** Least and most that the block must move, in units plus degrees. */
  readonly least: number;
  readonly most: number;
  /** Steps allowed. */
  readonly budget: number;
}

const demands: Readonly<Record<Difficulty, Demand>> = {
  easy: { steps: 10, least: 40, most: 70, budget: 30 },
  default: { steps: 15, least: 80, most: 160, budget: 40 },
  hard: { steps: 22, least: 160, most: 300, budget: 50 },
};

/** Steps of behaviour before a task's start, so that it looks like the data. */
const warmUpSteps = 5;

/** Gap between the pusher and block or edge at the start, in units. */
const startGap = 5;

/** The block anywhere but near the walls, at any angle; the pusher anywhere beside it. */
export function pushTStart(random: Random, pusherRadius: number): State {
  const clearance = pusherRadius + startGap;
  const block = {
    blockX: random.uniform(130, arenaSize - 130),
    blockY: random.uniform(130, arenaSize - 130),
    blockAngle: random.uniform(-Math.PI, Math.PI),
  };
  for (;;) {
    const x = random.uniform(clearance, arenaSize - clearance);
    const y = random.uniform(clearance, arenaSize - clearance);
    if (distanceToBlock(block, { x, y }) > clearance) return { pusherX: x, pusherY: y, ...block };
  }
}

/** The task that the seed determines; `rehearsal` is left in some state. */
export function pushTTask(seed: number, difficulty: Difficulty, rehearsal: World, pusherRadius: number): Task {
  const random = new Random(seed).fork(`push-t task ${difficulty}`);
  const { steps, least, most, budget } = demands[difficulty];
  for (;;) {
    const start = rehearse(rehearsal, pushTStart(random, pusherRadius), random, warmUpSteps);
    const goal = rehearse(rehearsal, start, random, steps);
    const moved = blockMotion(start, goal);
    if (moved >= least && moved <= most && !rehearsal.achieved(start, goal))
      return { seed, difficulty, start, goal, budget };
  }
}

function rehearse(world: World, from: State, random: Random, steps: number): State {
  world.place(from);
  const behaviour = world.behaviour(random);
  for (let i = 0; i < steps; i++) world.step(behaviour.act(world.state()));
  return world.state();
}

/** How far the block lies from where it was, in units plus degrees. */
function blockMotion(from: State, to: State): number {
  const units = Math.hypot((to.blockX ?? 0) - (from.blockX ?? 0), (to.blockY ?? 0) - (from.blockY ?? 0));
  return units + (angleBetween(to.blockAngle ?? 0, from.blockAngle ?? 0) * 180) / Math.PI;
}
