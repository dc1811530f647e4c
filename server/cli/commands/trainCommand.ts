/** `reverie train`: learn an agent for a world, from frames and actions, into a directory. */
import { type Command, Option } from 'commander';
import { methodsHelp, RENDER_METHODS, type RenderMethod } from '../../../models/diffusion/methodNames.ts';
import { BACKBONES, type BackboneName } from '../../../models/diffusion/network/backboneNames.ts';
import { MOST_CONTEXT } from '../../../models/diffusion/network/optionalConditions.ts';
import { UsageError } from '../../../shared/errors.ts';
import type { StageChoice } from '../../training/trainAgent.ts';
import type { CommandContext } from '../commandContext.ts';
import { engineOption, integer, listOf, numberAbove, seed } from '../options.ts';
import { StageProgress } from '../stageProgress.ts';

interface TrainOptions {
  readonly world: string;
  readonly stage: StageChoice;
  readonly minutes?: number;
  readonly seed: number;
  readonly out?: string;
  readonly resume: boolean;
  readonly method?: readonly RenderMethod[];
  readonly backbone?: BackboneName;
  readonly context?: number;
  readonly guidable?: boolean;
  readonly engine: string;
  readonly threads?: number;
}

type RendererOptions = Pick<TrainOptions, 'backbone' | 'context' | 'guidable'>;

/** Those of the renderer's options that are given. */
function given({ backbone, context, guidable }: RendererOptions): RendererOptions {
  return {
    ...(backbone !== undefined && { backbone }),
    ...(context !== undefined && { context }),
    ...(guidable && { guidable }),
  };
}

/** The same as options of the command line. */
function written({ backbone, context, guidable }: RendererOptions): string {
  return [
    ...(backbone === undefined ? [] : [` --backbone ${backbone}`]),
    ...(context === undefined ? [] : [` --context ${context}`]),
    ...(guidable ? [' --guidable'] : []),
  ].join('');
}

/** @throws UsageError when a stage that trains no renderer is given options of one */
function refuseWithoutRenderer({ stage, context, guidable }: TrainOptions): void {
  const options = written({ context, guidable });
  if (options !== '' && stage !== 'renderer' && stage !== 'all')
    throw new UsageError(`the stage "${stage}" trains no renderer; leave out${options}, or add --stage renderer`);
}

/** Minutes unless told: of a whole run, and for each further method of a renderer. */
const MINUTES = 32;
const METHOD_MINUTES = 4;

export function addTrainCommand(program: Command, { output, clock, interrupted }: CommandContext): void {
  program
    .command('train')
    .description('train an agent for a world, from frames and actions alone')
    .requiredOption('--world <world>', 'id of a world or path of a module')
    .addOption(
      new Option('--stage <stage>', 'what to train; dynamics and renderer go on with the agent in the directory')
        .choices(['latent', 'dynamics', 'renderer', 'all'])
        .default('all'),
    )
    .option(
      '--minutes <minutes>',
      `training time in all, interruptions not counted (default: ${MINUTES}, or ${METHOD_MINUTES} for each --method)`,
      numberAbove(0),
    )
    .option('--seed <seed>', 'determines data and first weights', seed, 0)
    .option('--out <directory>', 'where the agent and its checkpoints go (default: runs/<world>)')
    .addOption(engineOption())
    .option('--threads <count>', 'threads of the engine (default: all cores)', integer(1, 256))
    .option('--resume', 'go on with the run in that directory', false)
    .option(
      '--method <methods>',
      `with --stage renderer: teach the agent in that directory to paint by these too, out of ${RENDER_METHODS.join(', ')}`,
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
      refuseWithoutRenderer(options);
      const { loadWorld } = await import('../../../envs/registry.ts');
      const { openEngine } = await import('../../engine/openEngine.ts');
      const { defaultAgentTrainingConfig } = await import('../../training/agentTraining.ts');
      const { hasWeights } = await import('../../agent/weightsDirectory.ts');
      const { hasRun, openRun } = await import('../../training/runRecord.ts');
      const { backbones } = await import('../../../models/diffusion/network/backbones.ts');
      const { MetricsLog } = await import('../../training/metricsLog.ts');
      const { trainAgent } = await import('../../training/trainAgent.ts');
      const definition = await loadWorld(options.world);
      const { id, version } = definition.spec;
      const directory = options.out ?? `runs/${id}`;
      const asked = options.minutes ?? MINUTES;
      const { seed, stage, resume } = options;
      const wanted = { world: id, worldVersion: version, seed, minutes: asked, ...given(options) };
      const goesOn = stage === 'dynamics' || stage === 'renderer';
      const begins = goesOn && !resume && hasWeights(directory) && !hasRun(directory); // in a copied agent
      const run = await openRun(directory, wanted, (resume || goesOn) && !begins);
      const minutes = goesOn && !resume ? asked : run.minutes;
      const renderer = { ...given(run), ...given(options) };
      const threads = options.threads === undefined ? {} : { threads: options.threads };
      const engine = await openEngine(options.engine, threads);
      const shown = new StageProgress((label) => output.progress(label, 1000));
      const log = new MetricsLog(directory);
      const card = await trainAgent(
        {
          definition,
          engine,
          directory,
          minutes,
          seed: run.seed,
          clock,
          interrupted,
          resume: resume || stage === 'renderer',
          config: defaultAgentTrainingConfig,
          backbone: {
            ...backbones[renderer.backbone ?? 'unet'],
            ...(renderer.context && { context: renderer.context }),
            ...(renderer.guidable && { unconditional: true }),
          },
          onProgress: (stage, progress, terms, at) => {
            shown.update(stage, progress, terms);
            if (at) log.add({ stage, step: at.step, seconds: at.elapsed / 1000, terms });
          },
        },
        stage,
        `npm run -s reverie -- train --world ${options.world} --stage ${stage} --minutes ${minutes} --seed ${run.seed}${written(renderer)}`,
      );
      shown.stop();
      await engine.dispose();
      output.report(
        { directory, ...card },
        () =>
          `The agent of ${id} is in ${directory}; \`reverie evaluate --world ${id} --agent ${directory}\` measures it.`,
      );
    });

  async function trainMethodsOf(methods: readonly RenderMethod[], options: TrainOptions): Promise<void> {
    const { world, stage, threads } = options;
    const network = written(options);
    if (network !== '')
      throw new UsageError(`further methods have the network of the agent's base model; leave out${network}`);
    if (stage !== 'renderer')
      throw new UsageError(`--method adds to a trained renderer, not to the stage "${stage}"; add --stage renderer`);
    const { loadWorld } = await import('../../../envs/registry.ts');
    const { openEngine } = await import('../../engine/openEngine.ts');
    const { trainMethods } = await import('../../training/trainMethods.ts');
    const definition = await loadWorld(world);
    const { id } = definition.spec;
    const directory = options.out ?? `runs/${id}`;
    const minutes = options.minutes ?? METHOD_MINUTES * methods.length;
    const names = methods.join(',');
    const engine = await openEngine(options.engine, threads === undefined ? {} : { threads });
    const shown = new StageProgress((label) => output.progress(label, 1000));
    try {
      const card = await trainMethods({
        definition,
        engine,
        directory,
        methods,
        minutes,
        clock,
        interrupted,
        command: `npm run -s reverie -- train --world ${world} --stage renderer --method ${names} --minutes ${minutes}`,
        onProgress: (network, progress, terms) => shown.update(network, progress, terms),
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
