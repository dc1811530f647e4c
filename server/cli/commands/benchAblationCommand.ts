/** `reverie bench ablation`: agents that each lack one part of the method, on the same tasks. */
import type { Command } from 'commander';
import { type AblationName, ablationNames } from '../../bench/ablation/ablations.ts';
import type { AblationRow } from '../../bench/ablation/measureAblations.ts';
import type { CommandContext } from '../commandContext.ts';
import { engineOption, integer, listOf, numberAbove, seed } from '../options.ts';
import { table } from '../output.ts';
import { percent, percentInterval } from '../shares.ts';
import { runTrainingBench } from '../trainingBench.ts';

interface AblationOptions {
  readonly world: string;
  readonly out?: string;
  readonly only: readonly AblationName[];
  readonly minutes: number;
  readonly seed: number;
  readonly episodes: number;
  readonly taskSeed: number;
  readonly resume: boolean;
  readonly engine: string;
  readonly threads?: number;
}

export function addBenchAblationCommand(bench: Command, context: CommandContext): void {
  bench
    .command('ablation')
    .description('train agents that each lack one part of the method, and let them play the same tasks')
    .requiredOption('--world <world>', 'id of a world or path of a module')
    .option(
      '--only <names>',
      'which parts to leave out; with-states adds true states',
      listOf(ablationNames),
      ablationNames,
    )
    .option('--out <directory>', 'where the agents go (default: runs/ablation-<world>)')
    .option('--minutes <minutes>', 'training time of each agent', numberAbove(0), 12)
    .option('--seed <seed>', 'determines data and first weights', seed, 0)
    .option('--episodes <count>', 'tasks to play', integer(1, 100_000), 100)
    .option('--task-seed <seed>', 'determines the tasks', seed, 0)
    .option('--resume', 'take up the agents that are there already', false)
    .addOption(engineOption())
    .option('--threads <count>', 'threads of the engine (default: all cores)', integer(1, 256))
    .action((options: AblationOptions) => benchAblationOf(options, context));
}

async function benchAblationOf(options: AblationOptions, context: CommandContext): Promise<void> {
  const { measureAblations } = await import('../../bench/ablation/measureAblations.ts');
  const { minutes, seed: of, episodes, taskSeed } = options;
  const { world, measured: rows } = await runTrainingBench(options, context, (parts) =>
    measureAblations({
      ...options,
      ...parts,
      out: options.out ?? `runs/ablation-${parts.definition.spec.id}`,
    }),
  );
  context.output.report({ world, minutes, seed: of, episodes, taskSeed, rows }, () => describe(rows));
}

function describe(rows: readonly AblationRow[]): string {
  return table([
    ['agent', 'moderate', '95% interval', 'strict', '95% interval', 'prediction', 'worst position R²'],
    ...rows.map((row) => [
      row.ablation,
      percent(row.moderate),
      percentInterval(row.ci95),
      percent(row.strict),
      percentInterval(row.strictCi95),
      row.predictionRatio.toFixed(3),
      `${row.worstPosition.r2.toFixed(3)} ${row.worstPosition.name}`,
    ]),
  ]);
}
