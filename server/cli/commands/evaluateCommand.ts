/** `reverie evaluate`: how often an agent reaches its goals, beside the floors and the oracle, on the same tasks. */
import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import type { GoalObjectiveName } from '../../../models/latent/goalObjective.ts';
import type { SolverName } from '../../../models/planning/solvers.ts';
import type { Difficulty, WorldDefinition } from '../../../shared/world.ts';
import type { RowResult } from '../../evaluation/evaluate.ts';
import type { EvaluationRow } from '../../evaluation/evaluateRows.ts';
import type { Understanding } from '../../evaluation/understanding.ts';
import type { RecordingFolder } from '../../recording/recordingFolder.ts';
import type { CommandContext } from '../commandContext.ts';
import { integer, listOf, numberAbove, seed } from '../options.ts';
import { table } from '../output.ts';
import { describeUnderstanding } from './describeUnderstanding.ts';

/** As `evaluationRows`, which would load the networks. */
const ROWS: readonly EvaluationRow[] = [
  'agent',
  'random',
  'scripted',
  'oracle',
  'oracle-latent-cost',
  'learned-state-cost',
];

/** What is measured unless told: the others are slow, and are for finding faults. */
const DEFAULT_ROWS = ROWS.slice(0, 4);

/** As `solverNames` and `goalObjectives`. */
const SOLVERS: readonly SolverName[] = ['cem', 'icem', 'mppi', 'gradient'];
const OBJECTIVES: readonly GoalObjectiveName[] = ['sum', 'temporal', 'latent'];

interface EvaluateOptions {
  readonly world: string;
  readonly episodes: number;
  readonly seed: number;
  readonly agent?: string;
  readonly solver: SolverName;
  readonly objective: GoalObjectiveName;
  readonly planMs?: number;
  readonly difficulty: Difficulty;
  readonly rows: readonly EvaluationRow[];
  readonly vary: readonly string[];
  readonly workers: number;
  readonly record?: string;
  readonly understanding?: boolean;
}

export function addEvaluateCommand(program: Command, { output, clock, setExitCode }: CommandContext): void {
  program
    .command('evaluate')
    .description('measure planning accuracy on tasks that training never saw')
    .requiredOption('--world <world>', 'id of a world, or path or package of a module')
    .option('--episodes <count>', 'tasks to play', integer(1, 100_000), 100)
    .option('--seed <seed>', 'determines the tasks and every draw', seed, 0)
    .option('--agent <directory>', "directory of an agent (default: the world's shipped weights)")
    .addOption(new Option('--solver <solver>', 'how the agent searches for plans').choices(SOLVERS).default('cem'))
    .addOption(
      new Option('--objective <objective>', 'what its plans are judged by: distance in latents, in steps, or both')
        .choices(OBJECTIVES)
        .default('sum'),
    )
    .option('--plan-ms <ms>', "time for each of its plans, instead of the solver's iterations", numberAbove(0))
    .addOption(
      new Option('--difficulty <difficulty>', 'how far goals lie')
        .choices(['easy', 'default', 'hard'])
        .default('default'),
    )
    .option('--rows <rows>', `what to measure, out of ${ROWS.join(', ')}`, listOf(ROWS), DEFAULT_ROWS)
    .addOption(
      new Option('--vary <factor...>', 'NAME: each task draws its own value; NAME=VALUE: all have this one').default(
        [],
        'none',
      ),
    )
    .option('--workers <count>', 'threads for the rows of the true world', integer(1, 1024), availableParallelism())
    .option('--record <directory>', 'record every episode into this directory')
    .option(
      '--understanding',
      "measure also what the agent's model knows: probes, prediction, surprise, hidden factors",
    )
    .action(async (options: EvaluateOptions) => {
      const { loadWorld } = await import('../../../envs/registry.ts');
      const { parseVariationPlan } = await import('../../data/variationPlan.ts');
      const { worldSource } = await import('../../data/worldSource.ts');
      const { drawVariedTasks, drawTasks } = await import('../../evaluation/evaluate.ts');
      const { evaluateNamedRow } = await import('../../evaluation/evaluateRows.ts');
      const { WorkerExecutor } = await import('../../executor/workerExecutor.ts');
      const { world, episodes, seed, difficulty, solver, objective, planMs, vary, workers, record, agent } = options;
      const definition = await loadWorld(world);
      const plan = parseVariationPlan(vary, definition.spec.factors ?? {});
      const tasks =
        vary.length === 0
          ? drawTasks(definition.create(), episodes, seed, difficulty)
          : drawVariedTasks(definition, plan, episodes, seed, difficulty);
      const executor = new WorkerExecutor({ workers, onRetry: (message) => output.note(message) });
      const evaluation = {
        definition,
        source: await worldSource(world),
        tasks,
        seed,
        planning: { solver, objective, ...(planMs !== undefined && { planMs }) },
        executor,
        clock,
        ...(agent === undefined ? {} : { agent }),
        ...(record === undefined ? {} : { folder: await openFolder(record) }),
      };
      const rows: Partial<Record<EvaluationRow, RowResult>> = {};
      try {
        for (const row of options.rows) {
          const progress = output.progress(row, tasks.length);
          rows[row] = await evaluateNamedRow(row, evaluation, (done) => progress.update(done));
          progress.stop();
        }
      } finally {
        await executor.dispose();
      }
      const understanding = options.understanding ? await understandingFor(definition, options) : undefined;
      const budget = Math.max(...tasks.map((task) => task.budget));
      const settings = {
        world: definition.spec.id,
        episodes,
        budget,
        seed,
        difficulty,
        solver,
        objective,
        planMs,
        vary,
      };
      output.report({ ...settings, agent: agent ?? 'shipped', rows, understanding }, () =>
        [describe(rows), ...(understanding ? [describeUnderstanding(understanding)] : [])].join('\n\n'),
      );
    });

  async function understandingFor(
    definition: WorldDefinition,
    { agent, seed }: EvaluateOptions,
  ): Promise<Understanding> {
    const { weightsDirectory } = await import('../../agent/weightsDirectory.ts');
    const { loadModel } = await import('../../agent/loadedModel.ts');
    const { understandingOf } = await import('../../evaluation/understanding.ts');
    const { id } = definition.spec;
    const model = await loadModel(agent ?? weightsDirectory(id), id);
    try {
      const measuring = (part: string) => output.note(`measuring ${part}`);
      return await understandingOf(model, definition, seed, undefined, measuring);
    } finally {
      await model.dispose();
    }
  }

  /** What cannot be recorded does not end the evaluation, but its status says so. */
  async function openFolder(directory: string): Promise<RecordingFolder> {
    const { RecordingFolder } = await import('../../recording/recordingFolder.ts');
    return RecordingFolder.open(directory, (error) => {
      output.note(error instanceof Error ? error.message : String(error));
      setExitCode(1);
    });
  }
}

function describe(rows: Partial<Record<EvaluationRow, RowResult>>): string {
  const percent = (value: number): string => `${(100 * value).toFixed(0)}%`;
  return table([
    ['row', 'moderate', '95% interval', 'strict', 'plan p50', 'plan p95'],
    ...Object.entries(rows).map(([name, { moderate, strict, ci95, planMs }]) => [
      name,
      percent(moderate),
      `${percent(ci95[0])} to ${percent(ci95[1])}`,
      percent(strict),
      planMs.p50 > 0 ? `${planMs.p50.toFixed(1)} ms` : '-',
      planMs.p95 > 0 ? `${planMs.p95.toFixed(1)} ms` : '-',
    ]),
  ]);
}
