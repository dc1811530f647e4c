/** `reverie bench renderer`: every way to paint, against a frame budget and against the truth. */
import { type Command, InvalidArgumentError } from 'commander';
import { methodsHelp, RENDER_METHODS, type RenderMethod } from '../../../models/diffusion/methodNames.ts';
import { evenly } from '../../../shared/evenly.ts';
import type { Frame } from '../../../shared/frame.ts';
import type { CommandContext } from '../commandContext.ts';
import { addConditionOptions, type ConditionFlags, conditionsOf } from '../conditionOptions.ts';
import { integer, integers, listOf, seed } from '../options.ts';
import { table } from '../output.ts';

interface RendererBenchOptions extends ConditionFlags {
  readonly world: string;
  readonly agent?: string;
  readonly seed: number;
  readonly frames: number;
  readonly methods?: 'all' | readonly RenderMethod[];
  readonly steps?: readonly number[];
  readonly chart?: string;
  readonly report?: string;
}

export function addBenchRendererCommand(bench: Command, context: CommandContext): void {
  const command = bench
    .command('renderer')
    .description('methods of painting at their step counts, against 30 and 60 frames a second')
    .requiredOption('--world <world>', 'id of a world or path of a module')
    .option('--agent <directory>', "directory of an agent (default: the world's shipped weights)")
    .option('--methods <names>', 'methods separated by commas, or "all" that the agent has learned', methodNames)
    .option(
      '--steps <counts>',
      'step counts separated by commas (with --methods: 1,2,4,8,16,64,256)',
      integers(1, 1000),
    )
    .option('--frames <count>', 'frames that training has not seen', integer(40, 10_000), 300)
    .option('--seed <seed>', 'determines the frames and the noise', seed, 0)
    .option('--chart <file>', 'draws quality against time into an SVG file')
    .option('--report <file>', 'writes the table, charts and painted frames into an HTML file');
  addConditionOptions(command, 'those painted before them, episode by episode')
    .addHelpText('after', methodsHelp())
    .action((options: RendererBenchOptions) => benchRendererOf(options, context));
}

function methodNames(text: string): 'all' | RenderMethod[] {
  if (text === 'all') return 'all';
  try {
    return listOf(RENDER_METHODS)(text);
  } catch {
    throw new InvalidArgumentError(`Give "all", or names out of ${RENDER_METHODS.join(', ')}, separated by commas.`);
  }
}

async function benchRendererOf(options: RendererBenchOptions, { output, clock }: CommandContext): Promise<void> {
  const { loadWorld } = await import('../../../envs/registry.ts');
  const { loadRenderer } = await import('../../agent/loadedRenderer.ts');
  const { checkPainting } = await import('../../agent/paintingOptions.ts');
  const { weightsDirectory } = await import('../../agent/weightsDirectory.ts');
  const { benchRenderer } = await import('../../bench/rendererBench.ts');
  const { cellsOf, columnNames, qualityChartFile, rendererPage } = await import('../../bench/rendererPage.ts');
  const { chooseRows } = await import('../../bench/rendererRows.ts');
  const { refuseUnwritable, writeAtomically } = await import('../../files/writeAtomically.ts');
  for (const file of [options.chart, options.report]) if (file !== undefined) await refuseUnwritable(file);
  const definition = await loadWorld(options.world);
  const agent = options.agent ?? weightsDirectory(definition.spec.id);
  const { frames, seed: chosenSeed } = options;
  const conditions = conditionsOf(options);
  const loaded = await loadRenderer(agent, { world: options.world });
  try {
    const rows = chooseRows(loaded.weights.networks, options.methods, options.steps, conditions.guidance);
    for (const { method } of rows) checkPainting({ method, ...conditions }, loaded.weights);
    const strips: (readonly Frame[])[] = [];
    let truth: readonly Frame[] = [];
    const report = await benchRenderer({
      definition,
      engine: loaded.engine,
      renderer: loaded.renderer,
      encode: loaded.encode,
      seed: chosenSeed,
      frames,
      clock,
      training: loaded.card.training ?? {},
      conditions,
      rows,
      onRow({ method, steps }, painted, shown) {
        strips.push(stripOf(painted));
        truth = stripOf(shown);
        output.note(`measured ${method} at ${steps} step${steps === 1 ? '' : 's'}`);
      },
    });
    try {
      if (options.chart) await writeAtomically(options.chart, qualityChartFile(report.rows));
      if (options.report)
        await writeAtomically(options.report, rendererPage(report, { agent, seed: chosenSeed, truth, strips }));
    } finally {
      output.report(report, (measured) => table([columnNames, ...measured.rows.map(cellsOf)])); // whatever became of the files
    }
  } finally {
    await loaded.dispose();
  }
}

/** Frames of a strip. */
const STRIP_FRAMES = 8;

function stripOf(frames: readonly Frame[]): Frame[] {
  return evenly(frames.length, STRIP_FRAMES).map((i) => frames[i] as Frame);
}
