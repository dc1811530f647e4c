/**
 * Planning accuracy, headless. Every row plays the same tasks, drawn from a seed that no training uses; a start never
 * counts as solved. Success is judged twice (after CLEAR-LeWM): *moderate*, the first time that the state is within the
 * world's tolerance, and *strict*, half the tolerance held for three steps.
 */
import type { Frame } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import type { Difficulty, Task, World, WorldDefinition } from '../../shared/world.ts';
import type { Controller } from './controller.ts';
import { percentile } from './percentile.ts';
import { wilsonInterval } from './wilsonInterval.ts';

/** Steps for which strict success must be held. */
const STRICT_STEPS = 3;

export interface RowResult {
  readonly moderate: number;
  readonly strict: number;
  /** 95% interval of `moderate`. */
  readonly ci95: readonly [number, number];
  readonly planMs: { readonly p50: number; readonly p95: number };
}

export interface EpisodeResult {
  readonly moderate: boolean;
  readonly strict: boolean;
  readonly steps: number;
}

/** The tasks of an evaluation; a seed of another evaluation shares none of them. */
export function drawTasks(world: World, episodes: number, seed: number, difficulty: Difficulty = 'default'): Task[] {
  const random = new Random(seed).fork('evaluation tasks');
  return Array.from({ length: episodes }, () => world.task(random.uint32(), difficulty));
}

/** Plays all tasks with one controller. */
export async function evaluateRow(
  definition: WorldDefinition,
  tasks: readonly Task[],
  controller: Controller,
  onEpisode: (done: number, result: EpisodeResult) => void = () => {},
): Promise<RowResult> {
  const world = definition.create();
  let moderate = 0;
  let strict = 0;
  for (const [i, task] of tasks.entries()) {
    const result = await playTask(world, task, controller);
    if (result.moderate) moderate++;
    if (result.strict) strict++;
    onEpisode(i + 1, result);
  }
  return {
    moderate: moderate / tasks.length,
    strict: strict / tasks.length,
    ci95: wilsonInterval(moderate, tasks.length),
    planMs: { p50: percentile(controller.planMs, 0.5), p95: percentile(controller.planMs, 0.95) },
  };
}

/** Plays one task to its budget, or until it is strictly solved. */
export async function playTask(world: World, task: Task, controller: Controller): Promise<EpisodeResult> {
  await controller.begin({ task, goalFrame: frameOf(world, task) });
  world.place(task.start);
  let moderate = false;
  let held = 0;
  for (let step = 1; step <= task.budget; step++) {
    const { terminated } = world.step(await controller.act(world));
    const state = world.state();
    moderate ||= world.achieved(state, task.goal);
    held = world.achieved(state, task.goal, true) ? held + 1 : 0;
    if (held === STRICT_STEPS) return { moderate, strict: true, steps: step };
    if (terminated) return { moderate, strict: false, steps: step };
  }
  return { moderate, strict: false, steps: task.budget };
}

/** The picture that shows the goal. */
function frameOf(world: World, task: Task): Frame {
  world.place(task.goal);
  return world.frame();
}
