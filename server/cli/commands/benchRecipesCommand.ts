/** `reverie bench recipes`: the few-step methods against each other, ours and as published. */
import type { Command } from 'commander';
import type { RecipeRow } from '../../bench/measureRecipes.ts';
import { RECIPES, type RecipeName } from '../../bench/recipeNames.ts';
import type { CommandContext } from '../commandContext.ts';
import { engineOption, integer, listOf, numberAbove, seed } from '../options.ts';
import { table } from '../output.ts';
import { StageProgress } from '../stageProgress.ts';

interface RecipesOptions {
  readonly world: string;
  readonly agent?: string;
  readonly recipes: readonly RecipeName[];
  readonly steps: number;
  readonly learningRate?: number;
  readonly episodes: number;
  readonly frames: number;
  readonly seed: number;
  readonly engine: string;
  readonly threads?: number;
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

async function benchRecipes(options: RecipesOptions, { output, clock, interrupted }: CommandContext): Promise<void> {
  const { loadWorld } = await import('../../../envs/registry.ts');
  const { weightsDirectory } = await import('../../agent/weightsDirectory.ts');
  const { measureRecipes } = await import('../../bench/measureRecipes.ts');
  const { openEngine } = await import('../../engine/openEngine.ts');
  const { world, agent, threads, engine: name, ...settings } = options;
  const definition = await loadWorld(world);
  const engine = await openEngine(name, threads === undefined ? {} : { threads });
  const shown = new StageProgress((label) => output.progress(label, 1000));
  try {
    const rows = await measureRecipes({
      ...settings,
      definition,
      engine,
      clock,
      interrupted,
      directory: agent ?? weightsDirectory(definition.spec.id),
      onProgress: (label, progress, terms) => shown.update(label, progress, terms),
    });
    shown.stop();
    const report = { world: definition.spec.id, trainingSteps: settings.steps, rows };
    output.report(report, (measured) => describe(measured.rows));
  } finally {
    shown.stop();
    await engine.dispose();
  }
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
