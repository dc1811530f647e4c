/** `reverie bench conditioning`: guidance, and frames before, each against a model that is told its latent alone. */
import { type Command, InvalidArgumentError } from 'commander';
import { MOST_CONTEXT } from '../../../models/diffusion/network/optionalConditions.ts';
import type { ConditioningRow } from '../../bench/conditioning.ts';
import type { CommandContext } from '../commandContext.ts';
import { guidanceWeight } from '../conditionOptions.ts';
import { engineOption, integer, seed } from '../options.ts';
import { table } from '../output.ts';
import { runTrainingBench, type TrainingBenchOptions } from '../trainingBench.ts';

interface ConditioningOptions extends TrainingBenchOptions {
  readonly context: number;
  readonly weights: readonly number[];
  readonly steps: number;
  readonly paintSteps: number;
  readonly episodes: number;
  readonly frames: number;
  readonly seed: number;
}

export function addBenchConditioningCommand(bench: Command, context: CommandContext): void {
  bench
    .command('conditioning')
    .description("train an agent's base model further, guidable and with frames before, and score what that buys")
    .requiredOption('--world <world>', 'id of a world or path of a module')
    .option('--agent <directory>', "directory of an agent, which is not changed (default: the world's shipped weights)")
    .option('--context <frames>', 'frames before that it sees', integer(1, MOST_CONTEXT), 1)
    .option('--weights <numbers>', 'weights of guidance, 1 for none', guidanceWeights, [1, 1.5, 2, 3])
    .option('--steps <count>', 'training steps of each', integer(1, 10_000_000), 600)
    .option('--paint-steps <count>', 'steps of DDIM for a frame', integer(1, 256), 8)
    .option('--episodes <count>', 'episodes to learn from', integer(1, 100_000), 300)
    .option('--frames <count>', 'frames that training has not seen', integer(40, 10_000), 160)
    .option('--seed <seed>', 'determines data, draws and noise', seed, 0)
    .addOption(engineOption())
    .option('--threads <count>', 'threads of the engine (default: all cores)', integer(1, 256))
    .action((options: ConditioningOptions) => benchConditioningOf(options, context));
}

function guidanceWeights(text: string): number[] {
  try {
    return text.split(',').map(guidanceWeight);
  } catch {
    throw new InvalidArgumentError('Give numbers of at least 0, separated by commas.');
  }
}

async function benchConditioningOf(options: ConditioningOptions, context: CommandContext): Promise<void> {
  const { benchConditioning } = await import('../../bench/conditioning.ts');
  const { steps, paintSteps, context: before } = options;
  const { world, measured: rows } = await runTrainingBench(options, context, (parts) =>
    benchConditioning({ ...options, ...parts }),
  );
  const report = { world, trainingSteps: steps, paintSteps, context: before, rows };
  context.output.report(report, () => describe(rows));
}

function describe(rows: readonly ConditioningRow[]): string {
  return table([
    ['trained with', 'painted', 'error px', 'presence', 'psnr', 'ssim', 'fd', 'flicker', 'drift dB'],
    ...rows.map((row) => [
      row.trained,
      row.painted,
      row.readoutErrorPx.toFixed(2),
      `${(100 * row.presence).toFixed(1)}%`,
      row.psnr.toFixed(1),
      row.ssim.toFixed(3),
      row.fd.toFixed(3),
      row.flicker.toFixed(3),
      row.driftDb.toFixed(2),
    ]),
  ]);
}
