/** `reverie evaluate`: how often an agent reaches its goals, beside the floors and the oracle, on the same tasks. */
import { type Command, Option } from 'commander';
import { UsageError } from '../../../shared/errors.ts';
import type { Difficulty } from '../../../shared/world.ts';
import type { Controller } from '../../evaluation/controller.ts';
import type { RowResult } from '../../evaluation/evaluate.ts';
import type { CommandContext } from '../commandContext.ts';
import { integer, listOf, seed } from '../options.ts';
import { table } from '../output.ts';

const ROWS = ['agent', 'random', 'scripted', 'oracle'] as const;
type RowName = (typeof ROWS)[number];

interface EvaluateOptions {
  readonly world: string;
  readonly episodes: number;
  readonly seed: number;
  readonly agent?: string;
  readonly solver: 'cem';
  readonly difficulty: Difficulty;
  readonly rows: readonly RowName[];
}

export function addEvaluateCommand(program: Command, { output, clock }: CommandContext): void {
  program
    .command('evaluate')
    .description('measure planning accuracy on tasks that training never saw')
    .requiredOption('--world <world>', 'id of a world or path of a module')
    .option('--episodes <count>', 'tasks to play', integer(1, 100_000), 100)
    .option('--seed <seed>', 'determines the tasks and every draw', seed, 0)
    .option('--agent <directory>', "directory of an agent (default: the world's shipped weights)")
    .addOption(new Option('--solver <solver>', 'how to search for plans').choices(['cem']).default('cem'))
    .addOption(
      new Option('--difficulty <difficulty>', 'how far goals lie')
        .choices(['easy', 'default', 'hard'])
        .default('default'),
    )
    .option('--rows <rows>', `what to measure, out of ${ROWS.join(', ')}`, listOf(ROWS), [...ROWS])
    .action(async (options: EvaluateOptions) => {
      const { loadWorld } = await import('../../../envs/registry.ts');
      const { drawTasks, evaluateRow } = await import('../../evaluation/evaluate.ts');
      const definition = await loadWorld(options.world);
      const { id } = definition.spec;
      const tasks = drawTasks(definition.create(), options.episodes, options.seed, options.difficulty);
      const controllers = await createControllers(options, definition);
      const rows: Partial<Record<RowName, RowResult>> = {};
      for (const [name, { controller, dispose }] of controllers) {
        const progress = output.progress(name, tasks.length);
        rows[name] = await evaluateRow(definition, tasks, controller, (done) => progress.update(done));
        progress.stop();
        await dispose();
      }
      const budget = Math.max(...tasks.map((task) => task.budget));
      const { episodes, seed, solver, difficulty } = options;
      const agent = options.agent ?? 'shipped';
      output.report({ world: id, episodes, budget, seed, difficulty, solver, agent, rows }, () => describe(rows));
    });

  async function createControllers(
    options: EvaluateOptions,
    definition: import('../../../shared/world.ts').WorldDefinition,
  ): Promise<Map<RowName, { controller: Controller; dispose: () => Promise<void> }>> {
    const { randomController, scriptedController } = await import('../../evaluation/blindControllers.ts');
    const { agentController, oracleController } = await import('../../evaluation/planningControllers.ts');
    const { createCemSolver, oracleCemConfig } = await import('../../../models/planning/cemSolver.ts');
    const nothing = async (): Promise<void> => {};
    const controllers = new Map<RowName, { controller: Controller; dispose: () => Promise<void> }>();
    for (const row of options.rows) {
      if (row === 'random') controllers.set(row, { controller: randomController(options.seed), dispose: nothing });
      if (row === 'scripted') controllers.set(row, { controller: scriptedController(options.seed), dispose: nothing });
      if (row === 'oracle') {
        const solver = createCemSolver(oracleCemConfig);
        controllers.set(row, {
          controller: oracleController(definition, solver, options.seed, clock),
          dispose: nothing,
        });
      }
      if (row === 'agent') {
        const agent = await loadAgent(options.agent, definition.spec.id);
        controllers.set(row, {
          controller: agentController(agent, options.seed, clock),
          dispose: () => agent.dispose(),
        });
      }
    }
    return controllers;
  }
}

async function loadAgent(given: string | undefined, worldId: string) {
  const { weightsDirectory } = await import('../../agent/weightsDirectory.ts');
  const { loadLatentAgent } = await import('../../agent/latentAgent.ts');
  const agent = await loadLatentAgent({ directory: given ?? weightsDirectory(worldId) });
  if (agent.world !== worldId)
    throw new UsageError(
      `the agent in "${given}" was trained in ${agent.world}, not ${worldId}; name an agent of ${worldId}`,
    );
  return agent;
}

function describe(rows: Partial<Record<RowName, RowResult>>): string {
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
