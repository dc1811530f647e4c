/** `reverie evaluate`: how often an agent reaches its goals, beside the floors and the oracle, on the same tasks. */
import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import type { GoalObjectiveName } from '../../../models/latent/goalObjective.ts';
import type { SolverName } from '../../../models/planning/solvers.ts';
import { UsageError } from '../../../shared/errors.ts';
import type { Difficulty } from '../../../shared/world.ts';
import type { EvaluationRow } from '../../evaluation/evaluateRows.ts';
import { EXECUTED_STEPS } from '../../evaluation/executedSteps.ts';
import type { FullEvaluation } from '../../evaluation/fullEvaluation.ts';
import type { RecordingFolder } from '../../recording/recordingFolder.ts';
import type { CommandContext } from '../commandContext.ts';
import { integer, listOf, numberAbove, seed } from '../options.ts';
import { describeEvaluation } from './describeEvaluation.ts';

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
  readonly horizon?: number;
  readonly planMs?: number;
  readonly replanEvery: number;
  readonly difficulty: Difficulty | 'all';
  readonly rows: readonly EvaluationRow[];
  readonly vary: readonly string[];
  readonly workers: number;
  readonly record?: string;
  readonly understanding?: boolean;
  readonly generalisation?: boolean;
  readonly report?: string;
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
    .option(
      '--horizon <steps>',
      "steps of each of its plans (default: what its card says, or 8); the oracle's have 8",
      integer(1, 64),
    )
    .option('--plan-ms <ms>', "time for each of its plans, instead of the solver's iterations", numberAbove(0))
    .option(
      '--replan-every <steps>',
      'steps of a plan that are taken before the next is made, by the oracle too',
      integer(1, 8),
      EXECUTED_STEPS,
    )
    .addOption(
      new Option('--difficulty <difficulty>', 'how far goals lie; all measures the three')
        .choices(['easy', 'default', 'hard', 'all'])
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
    .option('--generalisation', 'play the rows once more for each factor of the world, varied by every task')
    .option('--report <file>', 'write an HTML report, with understanding, candidate costs and the worst failures')
    .action(async (options: EvaluateOptions) => {
      const { loadWorld } = await import('../../../envs/registry.ts');
      const { parseVariationPlan } = await import('../../data/variationPlan.ts');
      const { worldSource } = await import('../../data/worldSource.ts');
      const { evaluateFully } = await import('../../evaluation/fullEvaluation.ts');
      const { refuseUnwritable } = await import('../../files/writeAtomically.ts');
      const { WorkerExecutor } = await import('../../executor/workerExecutor.ts');
      const {
        world,
        episodes,
        seed,
        difficulty,
        solver,
        objective,
        horizon,
        planMs,
        replanEvery,
        vary,
        workers,
        record,
        agent,
      } = options;
      if (horizon !== undefined && horizon < replanEvery)
        throw new UsageError(
          `--replan-every ${replanEvery} takes more steps of a plan than --horizon ${horizon} gives it; give as many at least`,
        );
      if (options.report !== undefined) await refuseUnwritable(options.report);
      const definition = await loadWorld(world);
      const plan = parseVariationPlan(vary, definition.spec.factors ?? {});
      const executor = new WorkerExecutor({ workers, onRetry: (message) => output.note(message) });
      try {
        const result = await evaluateFully({
          common: {
            definition,
            source: await worldSource(world),
            seed,
            planning: {
              solver,
              objective,
              replanEvery,
              ...(horizon !== undefined && { horizon }),
              ...(planMs !== undefined && { planMs }),
            },
            executor,
            clock,
            ...(agent === undefined ? {} : { agent }),
            ...(record === undefined ? {} : { folder: await openFolder(record) }),
          },
          rows: options.rows,
          episodes,
          difficulty,
          vary: plan,
          generalisation: options.generalisation ?? false,
          understanding: (options.understanding ?? false) || options.report !== undefined,
          report: options.report !== undefined,
          onPart: (name, tasks) => (tasks > 0 ? output.progress(name, tasks) : noted(name)),
        });
        const planning = { solver, objective, horizon, planMs, replanEvery };
        const settings = { world: definition.spec.id, episodes, seed, difficulty, ...planning, vary };
        const evaluation = { ...settings, agent: agent ?? 'shipped', ...result };
        const { failures: _, ...document } = evaluation; // frames are for the page
        try {
          if (options.report !== undefined) await writeReport(options.report, evaluation);
        } finally {
          output.report(document, describeEvaluation); // whatever became of the file
        }
      } finally {
        await executor.dispose();
      }
    });

  function noted(part: string) {
    output.note(`measuring ${part}`);
    return { update: () => {}, stop: () => {} };
  }

  async function writeReport(file: string, evaluation: FullEvaluation): Promise<void> {
    const { htmlReport } = await import('../../evaluation/report/htmlReport.ts');
    const { writeAtomically } = await import('../../files/writeAtomically.ts');
    await writeAtomically(file, htmlReport(evaluation));
    output.note(`wrote the report to ${file}`);
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
