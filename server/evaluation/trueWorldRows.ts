/**
 * The rows of an evaluation that need nothing learned: the two floors and the oracle. They depend on the world, a seed
 * and the steps between plans alone, so their tasks can be played in parts, in whatever thread, with the same outcome.
 * The oracle always searches by the plain cross-entropy method, eight steps ahead: it never looks further, and neither
 * the agent's solver nor its time for a plan is the oracle's.
 */
import { loadWorld } from '../../envs/registry.ts';
import { createCemSolver } from '../../models/planning/cemSolver.ts';
import type { Clock } from '../../shared/clock.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import type { Executor, Job } from '../executor/executor.ts';
import { randomController, scriptedController } from './blindControllers.ts';
import type { Controller } from './controller.ts';
import { type EpisodeResult, type EvaluationTask, playTasks, type RowResult, summarise } from './evaluate.ts';
import { oracleController } from './planningControllers.ts';

export const trueWorldRows = ['random', 'scripted', 'oracle'] as const;

export type TrueWorldRow = (typeof trueWorldRows)[number];

/** Tasks in one part: few, so that nobody waits long for the last. */
const PART_TASKS = 4;

/** What plays the row. */
export function trueWorldController(
  row: TrueWorldRow,
  definition: WorldDefinition,
  seed: number,
  clock: Clock,
  executed?: number,
): Controller {
  switch (row) {
    case 'random':
      return randomController(seed);
    case 'scripted':
      return scriptedController(seed);
    case 'oracle':
      return oracleController(definition, createCemSolver(), seed, clock, executed);
  }
}

interface RowPart {
  /** What `loadWorld` takes: an id, an absolute path, or a package. */
  readonly world: string;
  readonly row: TrueWorldRow;
  readonly seed: number;
  readonly tasks: readonly EvaluationTask[];
  /** Steps of each of the oracle's plans that are executed before the next, if told. */
  readonly executed?: number;
}

interface PlayedPart {
  readonly results: readonly EpisodeResult[];
  /** Milliseconds of each plan, measured while other parts were played. */
  readonly planMs: readonly number[];
}

const rowPartJob: Job<RowPart, PlayedPart> = { module: import.meta.url, name: 'playRowPart' };

/** Plays a few tasks of a row. */
export async function playRowPart({ world, row, seed, tasks, executed }: RowPart): Promise<PlayedPart> {
  const definition = await loadWorld(world);
  const controller = trueWorldController(row, definition, seed, { now: () => performance.now() }, executed);
  const results = await playTasks(definition, tasks, controller);
  return { results, planMs: controller.planMs };
}

/** Plays all tasks of a row, spread by the executor. `onEpisode` is told how many are done. */
export async function evaluateTrueWorldRow(
  executor: Executor,
  { tasks, ...row }: RowPart,
  onEpisode: (done: number) => void = () => {},
): Promise<RowResult> {
  const parts = Array.from({ length: Math.ceil(tasks.length / PART_TASKS) }, (_, i) => ({
    ...row,
    tasks: tasks.slice(i * PART_TASKS, (i + 1) * PART_TASKS),
  }));
  const results: EpisodeResult[] = [];
  const planMs: number[] = [];
  const describe = (_: RowPart, i: number): string => `tasks ${i * PART_TASKS + 1} and on of the row ${row.row}`;
  for await (const part of executor.map(rowPartJob, parts, { describe })) {
    results.push(...part.results);
    planMs.push(...part.planMs);
    onEpisode(results.length);
  }
  return summarise(results, planMs);
}
