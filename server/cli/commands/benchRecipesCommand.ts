/** `reverie bench recipes`: the few-step methods against each other, ours and as published. */
import type { Command } from 'commander';
import type { RecipeRow } from '../../bench/measureRecipes.ts';
import { RECIPES, type RecipeName } from '../../bench/recipeNames.ts';
import type { CommandContext } from '../commandContext.ts';
import { engineOption, integer, listOf, numberAbove, seed } from '../options.ts';
import { table } from '../output.ts';
import { runTrainingBench, type TrainingBenchOptions } from '../trainingBench.ts';

interface RecipesOptions extends TrainingBenchOptions {
  readonly recipes: readonly RecipeName[];
  readonly steps: number;
  readonly learningRate?: number;
  readonly episodes: number;
  readonly frames: number;
  readonly seed: number;
}

export function addBenchRecipesCommand(bench: Command, context: CommandContext): void {
  bench
    .command('recipes')
    .description('train the few-step methods, ours and as published, from one base for the same steps, and score them')
    .requiredOption('--world <world>', 'id of a world or path of a module')
    .option('--agent <directory>', "directory of an agent, which is not changed (default: the world's shipped weights)")
    .option('--recipes <names>', `which, out of ${RECIPES.join(', ')}`, listOf(RECIPES), [...RECIPES])
    .option('--steps <count>', 'training steps of each', integer(1, 10_000_000), 600)
    .option('--learning-rate <rate>', "highest learning rate (default: the methods' own)", numberAbove(0))
    .option('--episodes <count>', 'episodes to learn from', integer(1, 100_000), 300)
    .option('--frames <count>', 'frames that training has not seen', integer(40, 10_000), 160)
    .option('--seed <seed>', 'determines data, draws and noise', seed, 0)
    .addOption(engineOption())
    .option('--threads <count>', 'threads of the engine (default: all cores)', integer(1, 256))
    .action((options: RecipesOptions) => benchRecipes(options, context));
}

async function benchRecipes(options: RecipesOptions, context: CommandContext): Promise<void> {
  const { measureRecipes } = await import('../../bench/measureRecipes.ts');
  const { world, measured: rows } = await runTrainingBench(options, context, (parts) =>
    measureRecipes({ ...options, ...parts }),
  );
  context.output.report({ world, trainingSteps: options.steps, rows }, () => describe(rows));
}

function describe(rows: readonly RecipeRow[]): string {
  return table([
    ['recipe', 'steps', 'error px', 'presence', 'psnr', 'ssim', 'fd', 'ms a training step'],
    ...rows.map((row) => [
      row.recipe,
      String(row.steps),
      row.readoutErrorPx.toFixed(2),
      `${(100 * row.presence).toFixed(1)}%`,
      row.psnr.toFixed(1),
      row.ssim.toFixed(3),
      row.fd.toFixed(3),
      row.msPerTrainingStep?.toFixed(0) ?? '–',
    ]),
  ]);
}
