/** `reverie bench backbones`: what a larger renderer network buys, error against arithmetic. */
import type { Command } from 'commander';
import { BACKBONES, type BackboneName } from '../../../models/diffusion/network/backboneNames.ts';
import type { ScalingRow } from '../../bench/scalingCurve.ts';
import type { CommandContext } from '../commandContext.ts';
import { engineOption, integer, listOf, seed } from '../options.ts';
import { table } from '../output.ts';
import { runTrainingBench, type TrainingBenchOptions } from '../trainingBench.ts';

interface BackbonesOptions extends TrainingBenchOptions {
  readonly backbones: readonly BackboneName[];
  readonly steps: number;
  readonly episodes: number;
  readonly frames: number;
  readonly seed: number;
}

export function addBenchBackbonesCommand(bench: Command, context: CommandContext): void {
  bench
    .command('backbones')
    .description('train each renderer network for the same steps on the same latents: error against operations a call')
    .requiredOption('--world <world>', 'id of a world or path of a module')
    .option(
      '--agent <directory>',
      "directory of an agent, whose encoder is used (default: the world's shipped weights)",
    )
    .option('--backbones <names>', `which, out of ${BACKBONES.join(', ')}`, listOf(BACKBONES), [...BACKBONES])
    .option('--steps <count>', 'training steps of each, half of them of regression', integer(2, 10_000_000), 1000)
    .option('--episodes <count>', 'episodes to learn from', integer(1, 100_000), 300)
    .option('--frames <count>', 'frames that training has not seen', integer(40, 10_000), 160)
    .option('--seed <seed>', 'determines data, first weights and noise', seed, 0)
    .addOption(engineOption())
    .option('--threads <count>', 'threads of the engine (default: all cores)', integer(1, 256))
    .action((options: BackbonesOptions) => benchBackbones(options, context));
}

async function benchBackbones(options: BackbonesOptions, context: CommandContext): Promise<void> {
  const { measureBackbones } = await import('../../bench/measureBackbones.ts');
  const { world, measured: rows } = await runTrainingBench(options, context, (parts) =>
    measureBackbones({ ...options, ...parts }),
  );
  context.output.report({ world, trainingSteps: options.steps, rows }, () => describe(rows));
}

function describe(rows: readonly ScalingRow[]): string {
  return table([
    ['backbone', 'MFLOP', 'parameters', 'ms a training step', 'error', 'readout px'],
    ...rows.map(({ backbone, mflops, parameters, msPerTrainingStep, error, readoutErrorPx }) => [
      backbone,
      mflops.toFixed(1),
      String(parameters),
      msPerTrainingStep.toFixed(0),
      error.toPrecision(3),
      readoutErrorPx.toFixed(2),
    ]),
  ]);
}
