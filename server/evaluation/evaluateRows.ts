/**
 * An evaluation from its rows: each plays the same tasks. The rows of the true world are spread by the executor, unless
 * their episodes are recorded; the agent's row is played here, since its engine uses the cores itself.
 */

import { type GoalObjectiveName, goalObjectives } from '../../models/latent/goalObjective.ts';
import { createCemSolver } from '../../models/planning/cemSolver.ts';
import type { SolverName } from '../../models/planning/solvers.ts';
import type { Clock } from '../../shared/clock.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import type { Agent } from '../agent/agent.ts';
import { loadLatentAgent } from '../agent/latentAgent.ts';
import { loadModel } from '../agent/loadedModel.ts';
import { weightsDirectory } from '../agent/weightsDirectory.ts';
import type { Executor } from '../executor/executor.ts';
import { type ActingName, actorOf } from '../recording/actorOf.ts';
import type { BeginRecording, RecordingFolder } from '../recording/recordingFolder.ts';
import { recordRow } from '../recording/rowRecordings.ts';
import { agentSolver } from './agentSolver.ts';
import type { Controller } from './controller.ts';
import { learnedStateController, oracleLatentController } from './diagnosticControllers.ts';
import { type EvaluationTask, evaluateRow, type RowResult } from './evaluate.ts';
import { agentController } from './planningControllers.ts';
import { evaluateTrueWorldRow, trueWorldController, trueWorldRows } from './trueWorldRows.ts';

export const diagnosticRows = ['oracle-latent-cost', 'learned-state-cost'] as const;

type DiagnosticRow = (typeof diagnosticRows)[number];

export const evaluationRows = ['agent', ...trueWorldRows, ...diagnosticRows] as const;

export type EvaluationRow = (typeof evaluationRows)[number];

export interface AgentPlanning {
  readonly solver?: SolverName;
  readonly objective?: GoalObjectiveName;
  /** Steps of a plan; what the agent's card says, or the solver's default, where left out. */
  readonly horizon?: number;
  /** Milliseconds a plan, instead of the solver's number of iterations. */
  readonly planMs?: number;
  /** Steps of each plan that are executed before the next, the oracle's too; the default of `planningController` where left out. */
  readonly replanEvery?: number;
}

export interface Evaluation {
  readonly definition: WorldDefinition;
  /** What another thread loads the world by. */
  readonly source: string;
  readonly tasks: readonly EvaluationTask[];
  readonly seed: number;
  /** Directory of the agent; the shipped weights when left out. */
  readonly agent?: string;
  /** How the agent searches for plans, not the oracle; the defaults of `loadLatentAgent` where left out. */
  readonly planning?: AgentPlanning;
  readonly executor: Executor;
  /** Where every episode is recorded, if they are. */
  readonly folder?: RecordingFolder;
  /** Watches the agent's episodes. */
  readonly watch?: BeginRecording;
  readonly clock: Clock;
}

/**
 * Plays one row. `onEpisode` is told how many tasks are done.
 * @throws UsageError when the agent is of another world; WeightsError when it cannot be read.
 */
export async function evaluateNamedRow(
  row: EvaluationRow,
  evaluation: Evaluation,
  onEpisode: (done: number) => void,
): Promise<RowResult> {
  const { definition, source, tasks, seed, executor, folder, clock, planning } = evaluation;
  const executed = planning?.replanEvery;
  if (row === 'agent') {
    const agent = await loadAgentOf(evaluation);
    try {
      return await played(row, evaluation, agentController(agent, seed, clock, executed), onEpisode);
    } finally {
      await agent.dispose();
    }
  }
  if (isDiagnostic(row)) return diagnosed(row, evaluation, onEpisode);
  if (folder) return played(row, evaluation, trueWorldController(row, definition, seed, clock, executed), onEpisode);
  return evaluateTrueWorldRow(
    executor,
    { world: source, row, seed, tasks, ...(executed !== undefined && { executed }) },
    onEpisode,
  );
}

/** Whether a row composes the model's parts with the true world's; its episodes are not recorded. */
export function isDiagnostic(row: EvaluationRow): row is DiagnosticRow {
  return (diagnosticRows as readonly string[]).includes(row);
}

async function diagnosed(
  row: DiagnosticRow,
  { definition, tasks, seed, agent, planning = {}, clock }: Evaluation,
  onEpisode: (done: number) => void,
): Promise<RowResult> {
  const model = await loadModel(agent ?? weightsDirectory(definition.spec.id), definition.spec);
  const objective = goalObjectives[planning.objective ?? 'sum'];
  const executed = planning.replanEvery;
  const parts = {
    definition,
    dynamics: model.dynamics,
    objective,
    solver: createCemSolver(),
    seed,
    clock,
    ...(executed !== undefined && { executed }),
  };
  try {
    const controller =
      row === 'oracle-latent-cost' ? oracleLatentController(parts) : await learnedStateController(parts);
    return await evaluateRow(definition, tasks, controller, onEpisode);
  } finally {
    await model.dispose();
  }
}

async function played(
  row: ActingName,
  evaluation: Evaluation,
  controller: Controller,
  onEpisode: (done: number) => void,
): Promise<RowResult> {
  const { definition, tasks, folder, watch } = evaluation;
  const recorders = [
    ...(folder ? [await recorderOf(row, evaluation, folder)] : []),
    ...(watch && row === 'agent' ? [watch] : []),
  ];
  const record = recorders.length > 0 ? together(recorders) : undefined;
  const result = await evaluateRow(definition, tasks, controller, onEpisode, record);
  await folder?.settled();
  return result;
}

/** All of them see every step. */
function together(recorders: readonly BeginRecording[]): BeginRecording {
  return (world, task) => {
    const begun = recorders.map((begin) => begin(world, task));
    return {
      step: (action, result) => {
        for (const recording of begun) recording.step(action, result);
      },
      end: () => {
        for (const recording of begun) recording.end();
      },
    };
  };
}

async function recorderOf(
  row: ActingName,
  { definition, source, tasks, seed, agent, clock }: Evaluation,
  folder: RecordingFolder,
): Promise<BeginRecording> {
  const actor = await actorOf(row, seed, agent ?? weightsDirectory(definition.spec.id));
  return recordRow({ folder, clock, source, tasks, row, actor });
}

async function loadAgentOf({ definition, source, agent, planning = {}, clock }: Evaluation): Promise<Agent> {
  const { objective, planMs } = planning;
  const directory = agent ?? weightsDirectory(definition.spec.id);
  return loadLatentAgent({
    directory,
    world: source,
    solver: await agentSolver(directory, planning),
    ...(objective && { objective: goalObjectives[objective] }),
    ...(planMs !== undefined && { planTime: { clock, milliseconds: planMs } }),
  });
}
