/**
 * Planning accuracy, headless. Every row plays the same tasks, drawn from a seed that no training uses; a start never
 * counts as solved. Success is judged twice (after CLEAR-LeWM): *moderate*, the first time that the state is within the
 * world's tolerance, and *strict*, half the tolerance held for three steps.
 */
import { createWorld } from '../../envs/validateDefinition.ts';
import type { Variation } from '../../shared/factors.ts';
import type { Frame } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import type { Difficulty, Task, World, WorldDefinition } from '../../shared/world.ts';
import { type VariationPlan, variationOf } from '../data/variationPlan.ts';
import type { BeginRecording, OngoingRecording } from '../recording/recordingFolder.ts';
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
  /** 95% interval of `strict`. */
  readonly strictCi95: readonly [number, number];
  readonly planMs: { readonly p50: number; readonly p95: number };
}

export interface EpisodeResult {
  readonly moderate: boolean;
  readonly strict: boolean;
  readonly steps: number;
}

/** A task, and what is unusual about the world that it is played in; nothing when left out. */
export interface EvaluationTask extends Task {
  readonly variation?: Variation;
}

/** The tasks of an evaluation; a seed of another evaluation shares none of them. */
export function drawTasks(world: World, episodes: number, seed: number, difficulty: Difficulty = 'default'): Task[] {
  return taskSeeds(episodes, seed).map((taskSeed) => world.task(taskSeed, difficulty));
}

/** The same seeds' tasks, each drawn and later played in a world varied by the plan. */
export function drawVariedTasks(
  definition: WorldDefinition,
  plan: VariationPlan,
  episodes: number,
  seed: number,
  difficulty: Difficulty = 'default',
): EvaluationTask[] {
  const { factors = {} } = definition.spec;
  return taskSeeds(episodes, seed).map((taskSeed) => {
    const variation = variationOf(plan, factors, taskSeed);
    return { ...createWorld(definition, variation).task(taskSeed, difficulty), variation };
  });
}

function taskSeeds(episodes: number, seed: number): number[] {
  const random = new Random(seed).fork('evaluation tasks');
  return Array.from({ length: episodes }, () => random.uint32());
}

/** Plays all tasks with one controller, and records every episode if it is given how. */
export async function evaluateRow(
  definition: WorldDefinition,
  tasks: readonly EvaluationTask[],
  controller: Controller,
  onEpisode: (done: number) => void = () => {},
  record?: BeginRecording,
): Promise<RowResult> {
  return summarise(await playTasks(definition, tasks, controller, onEpisode, record), controller.planMs);
}

/** Plays the tasks one after another. */
export async function playTasks(
  definition: WorldDefinition,
  tasks: readonly EvaluationTask[],
  controller: Controller,
  onEpisode: (done: number) => void = () => {},
  record?: BeginRecording,
): Promise<EpisodeResult[]> {
  const usual = createWorld(definition);
  const results: EpisodeResult[] = [];
  for (const task of tasks) {
    const world = task.variation ? createWorld(definition, task.variation) : usual;
    results.push(await playTask(world, task, controller, record));
    onEpisode(results.length);
  }
  return results;
}

/** What the episodes and the times of all plans come to. */
export function summarise(results: readonly EpisodeResult[], planMs: readonly number[]): RowResult {
  const moderate = results.filter((result) => result.moderate).length;
  const strict = results.filter((result) => result.strict).length;
  return {
    moderate: moderate / results.length,
    strict: strict / results.length,
    ci95: wilsonInterval(moderate, results.length),
    strictCi95: wilsonInterval(strict, results.length),
    planMs: { p50: percentile(planMs, 0.5), p95: percentile(planMs, 0.95) },
  };
}

/** Plays one task to its budget, or until it is strictly solved. */
export async function playTask(
  world: World,
  task: EvaluationTask,
  controller: Controller,
  record?: BeginRecording,
): Promise<EpisodeResult> {
  await controller.begin({ task, goalFrame: frameOf(world, task) });
  world.place(task.start);
  const recording = record?.(world, task);
  try {
    return await playSteps(world, task, controller, recording);
  } finally {
    recording?.end();
  }
}

async function playSteps(
  world: World,
  task: Task,
  controller: Controller,
  recording: OngoingRecording | undefined,
): Promise<EpisodeResult> {
  let moderate = false;
  let held = 0;
  for (let step = 1; step <= task.budget; step++) {
    const action = await controller.act(world);
    const result = world.step(action);
    recording?.step(action, result);
    const state = world.state();
    moderate ||= world.achieved(state, task.goal);
    held = world.achieved(state, task.goal, true) ? held + 1 : 0;
    if (held === STRICT_STEPS) return { moderate, strict: true, steps: step };
    if (result.terminated) return { moderate, strict: false, steps: step };
  }
  return { moderate, strict: false, steps: task.budget };
}

/** The picture that shows the goal. */
function frameOf(world: World, task: Task): Frame {
  world.place(task.goal);
  return world.frame();
}
