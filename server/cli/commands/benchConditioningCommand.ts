/** `reverie bench conditioning`: guidance, and frames before, each against a model that is told its latent alone. */
import { type Command, InvalidArgumentError } from 'commander';
import { MOST_CONTEXT } from '../../../models/diffusion/network/optionalConditions.ts';
import type { ConditioningRow } from '../../bench/conditioning.ts';
import type { CommandContext } from '../commandContext.ts';
import { engineOption, integer, seed } from '../options.ts';
import { table } from '../output.ts';
import { StageProgress } from '../stageProgress.ts';

interface ConditioningOptions {
  readonly world: string;
  readonly agent?: string;
  readonly context: number;
  readonly weights: readonly number[];
  readonly steps: number;
  readonly paintSteps: number;
  readonly episodes: number;
  readonly frames: number;
  readonly seed: number;
  readonly engine: string;
  readonly threads?: number;
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
  const weights = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (!weights.every((weight) => Number.isFinite(weight) && weight >= 0))
    throw new InvalidArgumentError('Give numbers of at least 0, separated by commas.');
  return weights;
}

async function benchConditioningOf(options: ConditioningOptions, context: CommandContext): Promise<void> {
  const { output, interrupted } = context;
  const { loadWorld } = await import('../../../envs/registry.ts');
  const { weightsDirectory } = await import('../../agent/weightsDirectory.ts');
  const { benchConditioning } = await import('../../bench/conditioning.ts');
  const { openEngine } = await import('../../engine/openEngine.ts');
  const { world, agent, threads, engine: name, ...settings } = options;
  const definition = await loadWorld(world);
  const engine = await openEngine(name, threads === undefined ? {} : { threads });
  const shown = new StageProgress((label) => output.progress(label, 1000));
  try {
    const rows = await benchConditioning({
      ...settings,
      definition,
      engine,
      interrupted,
      directory: agent ?? weightsDirectory(definition.spec.id),
      onProgress: (label, progress, terms) => shown.update(label, progress, terms),
    });
    shown.stop();
    const { steps, paintSteps } = settings;
    const report = { world: definition.spec.id, trainingSteps: steps, paintSteps, context: settings.context, rows };
    output.report(report, (measured) => describe(measured.rows));
  } finally {
    shown.stop();
    await engine.dispose();
  }
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
