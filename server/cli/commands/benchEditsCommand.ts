/** `reverie bench edits`: how near `reverie edit` comes to the truth, edit by edit. */
import { type Command, Option } from 'commander';
import { RENDER_METHODS, type RenderMethod } from '../../../models/diffusion/methodNames.ts';
import type { EditRow } from '../../bench/editBench.ts';
import type { CommandContext } from '../commandContext.ts';
import { integer, seed } from '../options.ts';
import { table } from '../output.ts';

interface EditsOptions {
  readonly world: string;
  readonly agent?: string;
  readonly method: RenderMethod;
  readonly steps?: number;
  readonly frames: number;
  readonly seed: number;
}

export function addBenchEditsCommand(bench: Command, { output }: CommandContext): void {
  bench
    .command('edits')
    .description('PSNR of edited frames, with the latent of what is visible and with that of the true frame')
    .requiredOption('--world <world>', 'id of a world or path of a module')
    .option('--agent <directory>', "directory of an agent (default: the world's shipped weights)")
    .addOption(new Option('--method <method>', 'how to paint').choices(RENDER_METHODS).default('mcm'))
    .option('--steps <count>', 'steps of the method (default: 4, or the most below)', integer(1))
    .option('--frames <count>', 'frames to edit, each of an episode of its own', integer(1, 1000), 8)
    .option('--seed <seed>', 'of the first episode', seed, 100)
    .action(async ({ world, agent, ...options }: EditsOptions) => {
      const { loadWorld } = await import('../../../envs/registry.ts');
      const { weightsDirectory } = await import('../../agent/weightsDirectory.ts');
      const { openAgentEditor } = await import('../../edit/agentEditor.ts');
      const { benchEdits } = await import('../../bench/editBench.ts');
      const definition = await loadWorld(world);
      const editor = await openAgentEditor(agent ?? weightsDirectory(definition.spec.id), world);
      const onRow = ({ edit }: EditRow): void => output.note(`measured: ${edit}`);
      const rows = await benchEdits({ ...options, definition, editor, onRow }).finally(() => editor.dispose());
      output.report({ world: definition.spec.id, ...options, rows }, () => describe(rows));
    });
}

function describe(rows: readonly EditRow[]): string {
  return table([
    ['edit', 'visible', 'encoded', 'told'],
    ...rows.map(({ edit, visible, encoded, told }) => [edit, ...[visible, encoded, told].map((db) => db.toFixed(1))]),
  ]);
}
