/** `reverie bench noise`: flicker of rollouts whose frames share their noise, or don't. */
import type { Command } from 'commander';
import type { RolloutNoiseRow } from '../../bench/rolloutNoiseBench.ts';
import type { CommandContext } from '../commandContext.ts';
import { integer, seed } from '../options.ts';
import { table } from '../output.ts';

interface NoiseOptions {
  readonly world: string;
  readonly agent?: string;
  readonly frames: number;
  readonly seed: number;
}

const correlations = [1, 0.9, 0.5, 0];

const painters = [
  { method: 'regression', steps: 1 },
  { method: 'mcm', steps: 1 },
  { method: 'mcm', steps: 4 },
  { method: 'ddim', steps: 16 },
] as const;

export function addBenchNoiseCommand(bench: Command, { output }: CommandContext): void {
  bench
    .command('noise')
    .description('flicker of rollouts whose frames share their noise, have some in common, or have their own')
    .requiredOption('--world <world>', 'id of a world or path of a module')
    .option('--agent <directory>', "directory of an agent (default: the world's shipped weights)")
    .option('--frames <count>', 'frames that training has not seen', integer(20, 10_000), 200)
    .option('--seed <seed>', 'determines the frames and the noise', seed, 0)
    .action(async ({ world, agent, frames, seed: drawn }: NoiseOptions) => {
      const { loadWorld } = await import('../../../envs/registry.ts');
      const { loadRenderer } = await import('../../agent/loadedRenderer.ts');
      const { weightsDirectory } = await import('../../agent/weightsDirectory.ts');
      const { benchRolloutNoise } = await import('../../bench/rolloutNoiseBench.ts');
      const definition = await loadWorld(world);
      const { renderer, encode, dispose } = await loadRenderer(agent ?? weightsDirectory(definition.spec.id), {
        world,
      });
      const options = { definition, renderer, encode, frames, seed: drawn, painters, correlations };
      const rows = await benchRolloutNoise(options).finally(dispose);
      output.report({ world: definition.spec.id, frames, rows }, () => describe(rows));
    });
}

function describe(rows: readonly RolloutNoiseRow[]): string {
  return table([
    ['method', 'steps', 'correlation', 'flicker', 'still', 'psnr'],
    ...rows.map(({ method, steps, correlation, flicker, stillFlicker, psnr }) => [
      method,
      String(steps),
      named(correlation),
      flicker.toFixed(3),
      stillFlicker.toFixed(3),
      psnr.toFixed(1),
    ]),
  ]);
}

function named(correlation: number): string {
  if (correlation === 1) return '1 (shared)';
  return correlation === 0 ? '0 (independent)' : String(correlation);
}
