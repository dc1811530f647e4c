/** `reverie bench futures`: what a latent leaves open, painted by the mean, by diffusion and by its students. */
import { type Command, Option } from 'commander';
import { UsageError } from '../../../shared/errors.ts';
import type { FuturesRow } from '../../evaluation/futures/evaluateFutures.ts';
import { OPEN_CASES, type OpenCase } from '../../evaluation/futures/openMoment.ts';
import type { CommandContext } from '../commandContext.ts';
import { integer, numberAbove, seed } from '../options.ts';
import { table } from '../output.ts';
import { StageProgress } from '../stageProgress.ts';

interface FuturesOptions {
  readonly world: string;
  readonly agent?: string;
  readonly open: OpenCase;
  readonly horizon?: number;
  readonly minutes: number;
  readonly pairs: number;
  readonly moments: number;
  readonly futures: number;
  readonly threads?: number;
  readonly seed: number;
  readonly sheet?: string;
}

/** Steps to the future unless told. */
const HORIZON = 8;

export function addBenchFuturesCommand(bench: Command, { output, clock, interruption }: CommandContext): void {
  bench
    .command('futures')
    .description('train a painter of what a latent leaves open, and judge its samples against the true ones')
    .requiredOption('--world <world>', 'id of a world or path of a module')
    .option('--agent <directory>', "directory of an agent (default: the world's shipped weights)")
    .addOption(
      new Option(
        '--open <what>',
        'the future under an action that is not told, or the place of what a cover over half of the frame hides',
      )
        .choices(OPEN_CASES)
        .default('future'),
    )
    .option('--horizon <steps>', `steps to the future, one action held (default: ${HORIZON})`, integer(1, 100))
    .option('--minutes <minutes>', 'minutes of training, for three networks', numberAbove(0), 2)
    .option('--pairs <count>', 'pictures to train on, each with one truth', integer(16, 1_000_000), 6000)
    .option('--moments <count>', 'moments to judge by, where the future is open', integer(1, 1000), 16)
    .option('--futures <count>', 'truths of each moment, and painted pictures', integer(2, 1000), 48)
    .option('--threads <count>', 'threads of the engine (default: all cores)', integer(1, 64))
    .option('--seed <seed>', 'determines every draw', seed, 0)
    .option('--sheet <file>', "PNG of some pictures of one moment, a row each: the truth's, the agent's, the painters'")
    .action(async (options: FuturesOptions) => {
      if (options.open === 'place' && options.horizon !== undefined)
        throw new UsageError(
          `what a cover hides is not ahead in time; leave out --horizon ${options.horizon}, or --open place`,
        );
      const { loadWorld } = await import('../../../envs/registry.ts');
      const { loadRenderer } = await import('../../agent/loadedRenderer.ts');
      const { weightsDirectory } = await import('../../agent/weightsDirectory.ts');
      const { evaluateFutures } = await import('../../evaluation/futures/evaluateFutures.ts');
      const { refuseUnwritable, writeAtomically } = await import('../../files/writeAtomically.ts');
      if (options.sheet !== undefined) await refuseUnwritable(options.sheet);
      const definition = await loadWorld(options.world);
      const { world, threads } = options;
      const agent = await loadRenderer(options.agent ?? weightsDirectory(definition.spec.id), {
        world,
        ...(threads !== undefined && { threads }),
      });
      const bar = new StageProgress((label) => output.progress(label, 1000));
      const report = await evaluateFutures({
        ...options,
        horizon: options.horizon ?? HORIZON,
        definition,
        agent,
        clock,
        interrupted: interruption(),
        onProgress: (stage, share, terms) => bar.update(stage, share, terms),
      }).finally(() => {
        bar.stop();
        return agent.dispose();
      });
      const { samples, ...document } = report;
      const { minutes, pairs, moments, futures, sheet } = options;
      try {
        if (sheet !== undefined) {
          const { encodeRows } = await import('../../edit/pictureFile.ts');
          await writeAtomically(sheet, await encodeRows(samples.map(({ frames }) => frames)));
        }
      } finally {
        output.report({ ...document, minutes, pairs, moments, futures, ...(sheet && { sheet }) }, ({ rows }) =>
          describe(rows),
        ); // whatever became of the sheet
      }
    });
}

function describe(rows: readonly FuturesRow[]): string {
  return table([
    ['painter', 'steps', 'legible', 'energy px', 'spread', 'calibration', 'judged'],
    ...rows.map(({ painter, steps, legible, energyPx, spreadRatio, calibration, judged }) => [
      painter,
      painter === 'truth' ? '' : String(steps),
      `${(100 * legible).toFixed(1)}%`,
      told(energyPx, 2),
      told(spreadRatio, 2),
      told(calibration, 3),
      `${(100 * judged).toFixed(0)}%`,
    ]),
  ]);
}

function told(value: number | null, digits: number): string {
  return value === null ? '–' : value.toFixed(digits);
}
