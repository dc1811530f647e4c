/** `reverie bench`: what things cost and how good they are, on this machine. */
import type { Command } from 'commander';
import type { CommandContext } from '../commandContext.ts';
import { seed } from '../options.ts';
import { table } from '../output.ts';
import { addBenchAblationCommand } from './benchAblationCommand.ts';
import { addBenchBackbonesCommand } from './benchBackbonesCommand.ts';
import { addBenchConditioningCommand } from './benchConditioningCommand.ts';
import { addBenchEditsCommand } from './benchEditsCommand.ts';
import { addBenchEngineCommand } from './benchEngineCommand.ts';
import { addBenchFuturesCommand } from './benchFuturesCommand.ts';
import { addBenchNoiseCommand } from './benchNoiseCommand.ts';
import { addBenchRecipesCommand } from './benchRecipesCommand.ts';
import { addBenchRendererCommand } from './benchRendererCommand.ts';
import { addBenchServerCommand } from './benchServerCommand.ts';
import { addBenchSoakCommand } from './benchSoakCommand.ts';
import { addBenchSurpriseCommand } from './benchSurpriseCommand.ts';

interface PlannerBenchOptions {
  readonly world: string;
  readonly agent?: string;
  readonly seed: number;
}

export function addBenchCommand(program: Command, context: CommandContext): void {
  const bench = program.command('bench').description('measure speed and quality on this machine');
  addBenchRendererCommand(bench, context);
  bench
    .command('planner')
    .description('milliseconds for a plan, at several sizes of the search')
    .requiredOption('--world <world>', 'id of a world or path of a module')
    .option('--agent <directory>', "directory of an agent (default: the world's shipped weights)")
    .option('--seed <seed>', 'determines the tasks', seed, 0)
    .action((options: PlannerBenchOptions) => benchPlannerOf(options, context));
  addBenchAblationCommand(bench, context);
  addBenchBackbonesCommand(bench, context);
  addBenchRecipesCommand(bench, context);
  addBenchConditioningCommand(bench, context);
  addBenchEditsCommand(bench, context);
  addBenchEngineCommand(bench, context);
  addBenchFuturesCommand(bench, context);
  addBenchNoiseCommand(bench, context);
  addBenchServerCommand(bench, context);
  addBenchSoakCommand(bench, context);
  addBenchSurpriseCommand(bench, context);
}

async function benchPlannerOf(options: PlannerBenchOptions, { output, clock }: CommandContext): Promise<void> {
  const { loadWorld } = await import('../../../envs/registry.ts');
  const { loadLatentAgent } = await import('../../agent/latentAgent.ts');
  const { weightsDirectory } = await import('../../agent/weightsDirectory.ts');
  const { benchPlanner } = await import('../../bench/plannerBench.ts');
  const definition = await loadWorld(options.world);
  const directory = options.agent ?? weightsDirectory(definition.spec.id);
  const rows = await benchPlanner({
    definition,
    loadAgent: (solver) => loadLatentAgent({ directory, solver, world: options.world }),
    seed: options.seed,
    clock,
  });
  output.report({ world: definition.spec.id, rows }, () =>
    table([
      ['solver', 'candidates', 'iterations', 'horizon', 'ms p50', 'ms p95'],
      ...rows.map(({ solver, candidates, iterations, horizon, ms }) => [
        solver,
        ...[candidates, iterations, horizon].map(String),
        ...[ms.p50, ms.p95].map((value) => value.toFixed(1)),
      ]),
    ]),
  );
}
