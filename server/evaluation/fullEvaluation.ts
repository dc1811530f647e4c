/**
 * Everything that an evaluation can measure, put together: rows on one set of tasks, and, where asked for, the same
 * rows at every difficulty and under each factor of variation, what the model understands, and what a report shows
 * besides.
 */
import { goalObjectives } from '../../models/latent/goalObjective.ts';
import { UsageError } from '../../shared/errors.ts';
import type { Difficulty } from '../../shared/world.ts';
import { readAgentCard } from '../agent/agentCard.ts';
import { type LoadedModel, loadModel } from '../agent/loadedModel.ts';
import { refuseOtherWorld } from '../agent/refuseOtherWorld.ts';
import { weightsDirectory } from '../agent/weightsDirectory.ts';
import type { VariationPlan } from '../data/variationPlan.ts';
import { type CandidateCosts, candidateCosts } from './candidateCosts.ts';
import { drawTasks, drawVariedTasks, type EvaluationTask, type RowResult } from './evaluate.ts';
import { type Evaluation, type EvaluationRow, evaluateNamedRow, isDiagnostic } from './evaluateRows.ts';
import { type Failure, failureFilms } from './failureFilms.ts';
import { type Understanding, understandingOf } from './understanding.ts';

export type Rows = Partial<Record<EvaluationRow, RowResult>>;

export interface FullEvaluationRequest {
  /** What all rows share; tasks are drawn here. */
  readonly common: Omit<Evaluation, 'tasks' | 'watch'>;
  readonly rows: readonly EvaluationRow[];
  readonly episodes: number;
  /** One difficulty, or all three, of which `rows` are then the default's. */
  readonly difficulty: Difficulty | 'all';
  /** What is unusual about the world in every row. */
  readonly vary: VariationPlan;
  /** Whether to play the rows once more for each factor, with values drawn by every task. */
  readonly generalisation: boolean;
  readonly understanding: boolean;
  /** Whether to measure what only a report shows: worst failures, candidate costs. */
  readonly report: boolean;
  /** Told before each part, with how many tasks it has, if it has any; returns whom to tell how many are done. */
  readonly onPart: (name: string, tasks: number) => PartProgress;
}

export interface PartProgress {
  update(done: number): void;
  stop(): void;
}

export interface FullResult {
  readonly budget: number;
  readonly rows: Rows;
  readonly difficulties?: Partial<Record<Difficulty, Rows>>;
  /** By factor, beside what `vary` says; `none` is without any. */
  readonly generalisation?: Readonly<Record<string, Rows>>;
  readonly understanding?: Understanding;
  readonly candidateCosts?: CandidateCosts;
  /** The agent's, worst first. */
  readonly failures?: readonly Failure[];
}

/** The result with what it was measured under. */
export interface FullEvaluation extends FullResult {
  readonly world: string;
  readonly episodes: number;
  readonly seed: number;
  readonly difficulty: string;
  readonly solver: string;
  readonly objective: string;
  readonly agent: string;
}

/** Measures what is asked for. @throws what `evaluateNamedRow` and `loadModel` throw */
export async function evaluateFully(request: FullEvaluationRequest): Promise<FullResult> {
  refuseRecorded(request);
  await refuseOtherAgent(request);
  const model = await modelFor(request); // before the rows, which nobody shall play in vain
  try {
    return await measured(request, model);
  } finally {
    await model?.dispose();
  }
}

async function measured(request: FullEvaluationRequest, model: LoadedModel | undefined): Promise<FullResult> {
  const { common, difficulty, vary, generalisation, understanding, report } = request;
  const { definition } = common;
  const main: Difficulty = difficulty === 'all' ? 'default' : difficulty;
  const tasks = tasksOf(request, main, vary);
  const films = failureFilms(definition);
  const rows = await playRows(request, tasks, '', films.watch);
  const difficulties = difficulty === 'all' ? await byDifficulty(request, rows) : undefined;
  const varied = generalisation ? await byFactor(request, main, rows) : undefined;
  return {
    budget: Math.max(...tasks.map((task) => task.budget)),
    rows,
    ...(difficulties && { difficulties }),
    ...(varied && { generalisation: varied }),
    ...(model && understanding && { understanding: await understood(request, model) }),
    ...(model && report && { candidateCosts: await costsFor(request, model, tasks) }),
    ...(report && rows.agent && { failures: films.worst() }),
  };
}

function tasksOf(
  { common: { definition, seed }, episodes }: FullEvaluationRequest,
  difficulty: Difficulty,
  vary: VariationPlan,
): EvaluationTask[] {
  const usual = vary.drawn.length === 0 && Object.keys(vary.fixed).length === 0;
  if (usual) return drawTasks(definition.create(), episodes, seed, difficulty);
  return drawVariedTasks(definition, vary, episodes, seed, difficulty);
}

async function playRows(
  { common, rows, onPart, report }: FullEvaluationRequest,
  tasks: readonly EvaluationTask[],
  label: string,
  watch?: Evaluation['watch'],
): Promise<Rows> {
  const results: Rows = {};
  for (const row of rows) {
    const progress = onPart(`${row}${label}`, tasks.length);
    const evaluation = { ...common, tasks, ...(report && watch && { watch }) };
    results[row] = await evaluateNamedRow(row, evaluation, (done) => progress.update(done));
    progress.stop();
  }
  return results;
}

async function byDifficulty(request: FullEvaluationRequest, rows: Rows): Promise<Partial<Record<Difficulty, Rows>>> {
  const played = async (difficulty: Difficulty): Promise<Rows> =>
    playRows(withoutFolder(request), tasksOf(request, difficulty, request.vary), `, ${difficulty}`);
  return { easy: await played('easy'), default: rows, hard: await played('hard') };
}

async function byFactor(
  request: FullEvaluationRequest,
  difficulty: Difficulty,
  usual: Rows,
): Promise<Record<string, Rows>> {
  const varied: Record<string, Rows> = { none: usual };
  for (const name of Object.keys(request.common.definition.spec.factors ?? {})) {
    const tasks = tasksOf(request, difficulty, drawing(request.vary, name));
    varied[name] = await playRows(withoutFolder(request), tasks, `, ${name} varied`);
  }
  return varied;
}

/** The plan with one more factor that every task draws. */
function drawing({ fixed, drawn }: VariationPlan, name: string): VariationPlan {
  const { [name]: _, ...others } = fixed;
  return { fixed: others, drawn: [...new Set([...drawn, name])] };
}

/** Recordings are of the main tasks alone: the others' names would be the same. */
function withoutFolder(request: FullEvaluationRequest): FullEvaluationRequest {
  const { folder: _, ...common } = request.common;
  return { ...request, common };
}

/** The agent's model, where something is measured of it beside its rows. */
async function modelFor({ common, understanding, report }: FullEvaluationRequest): Promise<LoadedModel | undefined> {
  return understanding || report ? loadModel(directoryOf(common), common.definition.spec) : undefined;
}

function directoryOf({ agent, definition }: FullEvaluationRequest['common']): string {
  return agent ?? weightsDirectory(definition.spec.id);
}

/** @throws WeightsError when a row is an agent's and there is none; UsageError when it is of another world */
async function refuseOtherAgent({ common, rows }: FullEvaluationRequest): Promise<void> {
  if (!rows.some((row) => row === 'agent' || isDiagnostic(row))) return;
  const directory = directoryOf(common);
  refuseOtherWorld(directory, (await readAgentCard(directory)).world, common.definition.spec);
}

/** @throws UsageError when a row that cannot be recorded is to be */
function refuseRecorded({ common: { folder }, rows }: FullEvaluationRequest): void {
  const row = folder && rows.find(isDiagnostic);
  if (row) throw new UsageError(`the row ${row} cannot be recorded; leave it out, or leave out --record`);
}

function understood({ common, onPart }: FullEvaluationRequest, model: LoadedModel): Promise<Understanding> {
  return understandingOf(model, common.definition, common.seed, undefined, (part) => {
    onPart(part, 0).stop();
  });
}

function costsFor(
  { common, onPart }: FullEvaluationRequest,
  model: LoadedModel,
  tasks: readonly EvaluationTask[],
): Promise<CandidateCosts> {
  onPart('candidate costs', 0).stop();
  const objective = goalObjectives[common.planning?.objective ?? 'sum'];
  return candidateCosts(model.dynamics, common.definition, tasks, objective, common.seed);
}
