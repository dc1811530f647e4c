/**
 * What an agent practises for: goals of tasks of its world, and later in an episode one that is near by then, since
 * strokes over a long way seldom teach the last stretch.
 */
import { goalObjective } from '../../models/latent/goalObjective.ts';
import type { LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import { costAt } from '../../models/planning/scoring.ts';
import type { Frame } from '../../shared/frame.ts';
import type { Random } from '../../shared/random.ts';
import type { Difficulty, State, Task, World } from '../../shared/world.ts';

/** Half of the goals lie as far as they usually do. */
const DIFFICULTIES: readonly Difficulty[] = ['easy', 'default', 'default', 'hard'];

/** Goals among which the nearest is chosen. */
const GOALS_LOOKED_AT = 8;

/** A task to practise. */
export function practiceTask(world: World, random: Random): Task {
  return world.task(random.uint32(), random.choice(DIFFICULTIES));
}

/** Of the goals of some tasks of `world`, the one that the agent takes to be nearest to what `frame` shows. */
export async function nearestGoal(
  dynamics: LearnedDynamics,
  world: World,
  frame: Frame,
  random: Random,
): Promise<Frame> {
  const here = await dynamics.encodeMoment(frame);
  let nearest: { readonly goal: Frame; readonly cost: number } | undefined;
  for (let i = 0; i < GOALS_LOOKED_AT; i++) {
    const goal = frameOf(world, practiceTask(world, random).goal);
    const cost = await costAt(goalObjective(dynamics, await dynamics.encodeMoment(goal)), here);
    if (nearest === undefined || cost < nearest.cost) nearest = { goal, cost };
  }
  return nearest?.goal as Frame;
}

/** What is seen of a state. */
export function frameOf(world: World, state: State): Frame {
  world.place(state);
  return world.frame();
}
