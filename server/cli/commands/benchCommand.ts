/** `reverie bench`: what things cost and how good they are, on this machine. */
import type { Command } from 'commander';
import { WeightsError } from '../../../shared/errors.ts';
import type { RendererRow } from '../../bench/rendererBench.ts';
import type { CommandContext } from '../commandContext.ts';
import { integer, seed } from '../options.ts';
import { table } from '../output.ts';
import { addBenchBackbonesCommand } from './benchBackbonesCommand.ts';
import { addBenchEngineCommand } from './benchEngineCommand.ts';
import { addBenchServerCommand } from './benchServerCommand.ts';

interface PlannerBenchOptions {
  readonly world: string;
  readonly agent?: string;
  readonly seed: number;
}

interface RendererBenchOptions extends PlannerBenchOptions {
  readonly frames: number;
}

export function addBenchCommand(program: Command, context: CommandContext): void {
  const bench = program.command('bench').description('measure speed and quality on this machine');
  bench
    .command('renderer')
    .description('every renderer at its step counts, against 30 and 60 frames a second')
    .requiredOption('--world <world>', 'id of a world or path of a module')
    .option('--agent <directory>', "directory of an agent (default: the world's shipped weights)")
    .option('--frames <count>', 'frames that training has not seen', integer(40, 10_000), 300)
    .option('--seed <seed>', 'determines the frames and the noise', seed, 0)
    .action((options: RendererBenchOptions) => benchRendererOf(options, context));
  bench
    .command('planner')
    .description('milliseconds for a plan, at several sizes of the search')
    .requiredOption('--world <world>', 'id of a world or path of a module')
    .option('--agent <directory>', "directory of an agent (default: the world's shipped weights)")
    .option('--seed <seed>', 'determines the tasks', seed, 0)
    .action((options: PlannerBenchOptions) => benchPlannerOf(options, context));
  addBenchBackbonesCommand(bench, context);
  addBenchEngineCommand(bench, context);
  addBenchServerCommand(bench, context);
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
    loadAgent: (solver) => loadLatentAgent({ directory, solver }),
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

async function benchRendererOf(options: RendererBenchOptions, { output, clock }: CommandContext): Promise<void> {
  const { loadWorld } = await import('../../../envs/registry.ts');
  const { weightsDirectory } = await import('../../agent/weightsDirectory.ts');
  const { readAgentFiles } = await import('../../agent/agentFiles.ts');
  const { benchRenderer } = await import('../../bench/rendererBench.ts');
  const { createRenderer } = await import('../../../models/diffusion/renderer.ts');
  const { poseSizeOf } = await import('../../../models/latent/keypointEncoder.ts');
  const { LearnedDynamics } = await import('../../../models/latent/learnedDynamics.ts');
  const { posesOf } = await import('../../../models/latent/motion.ts');
  const { createCpuEngine } = await import('../../../models/tensor/cpuEngine.ts');
  const definition = await loadWorld(options.world);
  const directory = options.agent ?? weightsDirectory(definition.spec.id);
  const files = await readAgentFiles(directory);
  if (!files.renderer)
    throw new WeightsError(
      `the agent in "${directory}" has no renderer yet; train it with \`reverie train --stage renderer\``,
    );
  const engine = createCpuEngine();
  const dynamics = new LearnedDynamics(engine, files.latent);
  const report = await benchRenderer({
    definition,
    engine,
    renderer: createRenderer(engine, files.renderer),
    encode: async (frames) => posesOf(await dynamics.encode(frames), poseSizeOf(files.latent.config.encoder)),
    seed: options.seed,
    frames: options.frames,
    clock,
    onRow: ({ method, steps }) => output.note(`measured ${method} at ${steps} step${steps === 1 ? '' : 's'}`),
  });
  await engine.dispose();
  output.report(report, ({ rows }) => describe(rows));
}

function describe(rows: readonly RendererRow[]): string {
  const number = (value: number, digits: number): string => value.toFixed(digits);
  return table([
    [
      'method',
      'steps',
      'ms p50',
      'ms p95',
      'error px',
      'floor px',
      'psnr',
      'ssim',
      'fd',
      'flicker',
      'presence',
      '30 fps',
      '60 fps',
    ],
    ...rows.map((row) => [
      row.method,
      String(row.steps),
      number(row.msPerFrame.p50, 2),
      number(row.msPerFrame.p95, 2),
      number(row.readoutErrorPx, 2),
      number(row.readoutFloorPx, 2),
      number(row.psnr, 1),
      number(row.ssim, 3),
      number(row.fd, 3),
      number(row.flicker, 2),
      `${number(100 * row.presence, 1)}%`,
      row.fits['30'] ? 'yes' : 'no',
      row.fits['60'] ? 'yes' : 'no',
    ]),
  ]);
}
