/** `reverie collect`: episodes of a world's scripted behaviour on disk, played on every core. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CommandContext } from '../commandContext.ts';
import { integer, seed } from '../options.ts';

interface CollectOptions {
  readonly world: string;
  readonly episodes: number;
  readonly seed: number;
  readonly out: string;
  readonly length?: number;
  readonly workers: number;
  readonly vary?: readonly string[];
  readonly resume?: boolean;
}

export function addCollectCommand(program: Command, { output, clock, interruption }: CommandContext): void {
  program
    .command('collect')
    .description('collect episodes of the scripted behaviour into a dataset')
    .requiredOption('--world <world>', 'id of a world, path of a module, or package')
    .requiredOption('--episodes <count>', 'how many episodes', integer(1, 100_000_000))
    .requiredOption('--seed <seed>', 'determines every episode', seed)
    .requiredOption('--out <directory>', 'where the dataset goes: a directory that is empty or not there yet')
    .option('--length <steps>', "steps after which an episode is truncated (default: the world's budget)", integer(1))
    .option('--workers <count>', 'worker threads', integer(1, 1024), availableParallelism())
    .option('--vary <factor...>', 'NAME: each episode draws its own value; NAME=VALUE: all have this one')
    .option('--resume', 'go on with the dataset in that directory, and replace what is damaged')
    .action(async (options: CollectOptions) => {
      const { loadWorld } = await import('../../../envs/registry.ts');
      const { collectDataset } = await import('../../data/collectDataset.ts');
      const { currentProvenance } = await import('../../data/describeDataset.ts');
      const { parseVariationPlan } = await import('../../data/variationPlan.ts');
      const { worldSource } = await import('../../data/worldSource.ts');
      const { WorkerExecutor } = await import('../../executor/workerExecutor.ts');
      const { episodes, out, workers } = options;
      const definition = await loadWorld(options.world);
      const { id, version, budget, factors = {} } = definition.spec;
      const executor = new WorkerExecutor({ workers, onRetry: (message) => output.note(message) });
      const plan = parseVariationPlan(options.vary ?? [], factors);
      const progress = output.progress(`collecting ${id}`, episodes);
      const start = clock.now();
      let takenUp = 0;
      try {
        const metadata = await collectDataset({
          definition,
          world: await worldSource(options.world),
          directory: resolve(out),
          executor,
          provenance: currentProvenance(),
          resume: options.resume ?? false,
          signal: interruption(),
          onProgress: (done, taken) => {
            takenUp = taken;
            progress.update(done);
          },
          episodes,
          seed: options.seed,
          length: options.length ?? budget,
          plan,
        });
        const seconds = (clock.now() - start) / 1000;
        const played = (metadata.total_steps * (episodes - takenUp)) / episodes;
        const result = {
          directory: resolve(out),
          world: id,
          version,
          episodes,
          steps: metadata.total_steps,
          takenUp,
          shards: metadata.shards.length,
          megabytes: metadata.dataset_size,
          seed: options.seed,
          workers,
          seconds,
          stepsPerSecond: played / seconds,
        };
        progress.stop();
        output.report(result, (report) => describe(report, out));
      } finally {
        progress.stop();
        await executor.dispose();
      }
    });
}

function describe(
  { world, episodes, steps, megabytes, seconds, stepsPerSecond }: Readonly<Record<string, string | number>>,
  directory: string,
): string {
  const rate = Math.round(Number(stepsPerSecond)).toLocaleString('en');
  return `${episodes} episodes of ${world} (${steps} steps, ${megabytes} MB) are in ${directory}, after ${Number(seconds).toFixed(1)} s at ${rate} steps a second; \`reverie inspect ${directory}\` looks at them.`;
}
