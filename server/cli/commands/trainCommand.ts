/** `reverie train`: learn an agent for a world, from frames and actions, into a directory. */
import { type Command, Option } from 'commander';
import { methodsHelp, RENDER_METHODS, type RenderMethod } from '../../../models/diffusion/methodNames.ts';
import { BACKBONES } from '../../../models/diffusion/network/backboneNames.ts';
import { MOST_CONTEXT } from '../../../models/diffusion/network/optionalConditions.ts';
import { UsageError } from '../../../shared/errors.ts';
import type { TrainingSurroundings } from '../../training/runTraining.ts';
import {
  DEFAULT_MINUTES,
  DEFAULT_SEED,
  STAGE_CHOICES,
  type TrainingOptions,
  writtenRenderer,
} from '../../training/trainingOptions.ts';
import type { CommandContext } from '../commandContext.ts';
import { engineOption, integer, listOf, numberAbove, seed } from '../options.ts';
import { StageProgress } from '../stageProgress.ts';

interface TrainOptions extends TrainingOptions {
  readonly method?: readonly RenderMethod[];
}

/** For each further method of a renderer, unless told. */
const METHOD_MINUTES = 4;

export function addTrainCommand(program: Command, { output, clock, interruption }: CommandContext): void {
  program
    .command('train')
    .description('train an agent for a world, from frames and actions alone')
    .requiredOption('--world <world>', 'id of a world or path of a module')
    .addOption(
      new Option(
        '--stage <stage>',
        'what to train; dynamics, practice, things and renderer go on with the agent in the directory (default: all, or with --resume what was begun)',
      ).choices(STAGE_CHOICES),
    )
    .option(
      '--minutes <minutes>',
      `training time in all, interruptions not counted (default: ${DEFAULT_MINUTES}, or ${METHOD_MINUTES} for each --method)`,
      numberAbove(0),
    )
    .option('--seed <seed>', `determines data and first weights (default: ${DEFAULT_SEED})`, seed)
    .option('--out <directory>', 'where the agent and its checkpoints go (default: runs/<world>)')
    .addOption(engineOption())
    .option('--threads <count>', 'threads of the engine (default: all cores)', integer(1, 256))
    .option('--resume', 'go on with the run in that directory, as it was begun: its stage, minutes and seed', false)
    .option('--no-proposal', 'learn nothing from practice about where to begin a search, and forget it if it is known')
    .option(
      '--method <methods>',
      `with --stage renderer: teach the agent in that directory to paint by these too (its student of mcm anew), out of ${RENDER_METHODS.join(', ')}`,
      listOf(RENDER_METHODS),
    )
    .addOption(
      new Option(
        '--backbone <name>',
        "the renderer's network; `bench backbones` compares them (default: unet)",
      ).choices(BACKBONES),
    )
    .option(
      '--context <frames>',
      'let the renderer see so many frames before, with noise on them (default: none)',
      integer(1, MOST_CONTEXT),
    )
    .option('--guidable', 'train the renderer without its latent now and then, so that frames can be guided')
    .addHelpText('after', methodsHelp())
    .action(async (options: TrainOptions) => {
      if (options.method) return trainMethodsOf(options.method, options);
      const { runTraining } = await import('../../training/runTraining.ts');
      const shown = new StageProgress((label) => output.progress(label, 1000));
      const onProgress: TrainingSurroundings['onProgress'] = (stage, progress, terms) =>
        shown.update(stage, progress, terms);
      const onWarning = (warning: string): void => {
        shown.stop();
        output.note(`warning: ${warning}`);
      };
      const { world, directory, card } = await runTraining(options, {
        clock,
        interrupted: interruption(),
        onProgress,
        onWarning,
      });
      shown.stop();
      output.report(
        { directory, ...card },
        () =>
          `The agent of ${world} is in ${directory}; \`reverie evaluate --world ${world} --agent ${directory}\` measures it.`,
      );
    });

  async function trainMethodsOf(methods: readonly RenderMethod[], options: TrainOptions): Promise<void> {
    const { world, stage = 'all', threads } = options;
    const network = writtenRenderer(options);
    if (network !== '')
      throw new UsageError(`further methods have the network of the agent's base model; leave out${network}`);
    if (stage !== 'renderer')
      throw new UsageError(`--method adds to a trained renderer, not to the stage "${stage}"; add --stage renderer`);
    const ignored = Object.entries({
      '--seed': options.seed !== undefined,
      '--resume': options.resume,
      '--no-proposal': options.proposal === false,
    }).flatMap(([name, given]) => (given ? [name] : []));
    if (ignored.length > 0)
      throw new UsageError(
        `--method learns by the seed on the agent's card, goes on by itself when it is given again, and does not practise; leave out ${ignored.join(', ')}`,
      );
    const { loadWorld } = await import('../../../envs/registry.ts');
    const { openEngine } = await import('../../engine/openEngine.ts');
    const { MetricsLog } = await import('../../training/metricsLog.ts');
    const { trainMethods } = await import('../../training/trainMethods.ts');
    const definition = await loadWorld(world);
    const { id } = definition.spec;
    const directory = options.out ?? `runs/${id}`;
    const minutes = options.minutes ?? METHOD_MINUTES * methods.length;
    const names = methods.join(',');
    const engine = await openEngine(options.engine, threads === undefined ? {} : { threads });
    const shown = new StageProgress((label) => output.progress(label, 1000));
    const log = new MetricsLog(directory);
    try {
      const card = await trainMethods({
        definition,
        engine,
        directory,
        methods,
        minutes,
        clock,
        interrupted: interruption(),
        command: `npm run -s reverie -- train --world ${world} --stage renderer --method ${names} --minutes ${minutes}`,
        onProgress: (network, progress, terms, at) => {
          shown.update(network, progress, terms);
          if (at) log.add({ stage: network, step: at.step, seconds: at.elapsed / 1000, terms });
        },
      });
      output.report(
        { directory, ...card },
        () =>
          `The agent in ${directory} paints by ${names} too; \`reverie serve --agent ${directory} --method ${methods[0]}\` shows it.`,
      );
    } finally {
      shown.stop();
      await engine.dispose();
    }
  }
}
