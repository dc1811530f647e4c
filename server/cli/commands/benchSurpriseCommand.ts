/** `reverie bench surprise`: bits of real frames against those of impossible ones, given the latent. */
import type { Command } from 'commander';
import type { FrameSurpriseRow } from '../../bench/frameSurpriseBench.ts';
import type { CommandContext } from '../commandContext.ts';
import { integer, seed } from '../options.ts';
import { table } from '../output.ts';
import { StageProgress } from '../stageProgress.ts';

interface SurpriseOptions {
  readonly world: string;
  readonly agent?: string;
  readonly events: number;
  readonly integrationSteps: number;
  readonly probes: number;
  readonly threads?: number;
  readonly seed: number;
}

export function addBenchSurpriseCommand(bench: Command, { output }: CommandContext): void {
  bench
    .command('surprise')
    .description("likelihood of real and of impossible frames under an agent's base model, given the latent")
    .requiredOption('--world <world>', 'id of a world or path of a module')
    .option('--agent <directory>', "directory of an agent (default: the world's shipped weights)")
    .option('--events <count>', 'impossible frames of each kind, each beside the true one', integer(2, 1000), 12)
    .option('--integration-steps <count>', 'steps along the flow, each four calls', integer(2, 1000), 24)
    .option('--probes <count>', "probes of the Jacobian's trace", integer(1, 100), 1)
    .option('--threads <count>', 'threads of the engine (default: all cores)', integer(1, 64))
    .option('--seed <seed>', 'determines episodes, events and probes', seed, 0)
    .action(async ({ world, agent: directory, events, threads, ...options }: SurpriseOptions) => {
      const { loadWorld } = await import('../../../envs/registry.ts');
      const { defaultSurpriseConfig } = await import('../../../models/diffusion/likelihood/frameSurprise.ts');
      const { loadRenderer } = await import('../../agent/loadedRenderer.ts');
      const { weightsDirectory } = await import('../../agent/weightsDirectory.ts');
      const { benchFrameSurprise } = await import('../../bench/frameSurpriseBench.ts');
      const definition = await loadWorld(world);
      const agent = await loadRenderer(directory ?? weightsDirectory(definition.spec.id), {
        world,
        ...(threads !== undefined && { threads }),
      });
      const shown = new StageProgress((label) => output.progress(label, 1000));
      const { integrationSteps: steps, probes } = options;
      const rows = await benchFrameSurprise({
        definition,
        agent,
        events,
        seed: options.seed,
        config: { ...defaultSurpriseConfig, steps, probes, seed: options.seed },
        onProgress: (kind, share) => shown.update(kind, share, {}),
      }).finally(() => {
        shown.stop();
        return agent.dispose();
      });
      output.report({ world: definition.spec.id, integrationSteps: steps, probes, rows }, () => describe(rows));
    });
}

function describe(rows: readonly FrameSurpriseRow[]): string {
  return table([
    ['impossible event', 'frames', 'bits real', 'bits impossible', 'area under ROC', 'dearer than the true one'],
    ...rows.map(({ kind, count, realBits, impossibleBits, area, dearer }) => [
      kind,
      String(count),
      realBits.toFixed(3),
      impossibleBits.toFixed(3),
      area.toFixed(2),
      `${(100 * dearer).toFixed(0)}%`,
    ]),
  ]);
}
