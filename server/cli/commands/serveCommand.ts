/** `reverie serve`: the live server and its page. Standard output is the address to open, and those for other machines. */
import { type Command, Option } from 'commander';
import { methodsHelp, RENDER_METHODS, type RenderMethod } from '../../../models/diffusion/methodNames.ts';
import type { CommandContext } from '../commandContext.ts';
import { addConditionOptions, type ConditionFlags, conditionsOf } from '../conditionOptions.ts';
import { engineOption, port } from '../options.ts';

interface ServeOptions extends ConditionFlags {
  readonly world?: string;
  readonly host: string;
  readonly port: number;
  readonly engine: string;
  readonly agent?: string;
  readonly method?: RenderMethod;
  readonly record?: string;
  readonly recordings: string;
  /** `false` with --no-training. */
  readonly training: string | false;
}

export function addServeCommand(program: Command, { output, clock, interruption, setExitCode }: CommandContext): void {
  const command = program
    .command('serve')
    .description('show the dream beside the truth, live in the browser')
    .option('--world <world>', 'id of a world or path of a module to begin with')
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on; 0 lets the system choose', port, 7700)
    .addOption(engineOption())
    .option('--agent <directory>', 'agent of that world (default: its shipped weights)')
    .addOption(
      new Option(
        '--method <method>',
        'how frames are painted; the agent must have learned it (default: mcm). The page offers the step counts that it has',
      ).choices(RENDER_METHODS),
    )
    .option('--record <directory>', 'record every episode into this directory')
    .option(
      '--recordings <directory>',
      'where recordings made in the page are kept; --record goes before it',
      'runs/recordings',
    )
    .option('--training <directory>', 'where agents trained in the page are kept', 'runs/trainings')
    .option('--no-training', 'let nobody train in the page');
  addConditionOptions(command, 'those before them: what the agent sees, then what it imagined')
    .addHelpText('after', methodsHelp())
    .action(
      async ({ world, host, port, engine, agent, method, record, recordings, training, ...flags }: ServeOptions) => {
        const conditions = conditionsOf(flags);
        const { serve } = await import('../../live/serve.ts');
        const onFailure = (error: unknown): void => {
          output.note(error instanceof Error ? error.message : String(error));
          setExitCode(1);
        };
        await serve({
          world,
          host,
          port,
          engine,
          ...(agent === undefined ? {} : { agent }),
          ...(method === undefined ? {} : { method }),
          ...conditions,
          record: { directory: record ?? recordings, every: record !== undefined, onFailure },
          ...(training === false ? {} : { training }),
          clock,
          until: interruption(),
          note: (text) => output.note(text),
          onListening: ([address, ...elsewhere]) =>
            output.report({ address, ...(elsewhere.length > 0 && { elsewhere }) }, () =>
              [`Reverie is live at ${address}`, ...elsewhere.map((each) => `for other machines: ${each}`)].join('\n'),
            ),
        });
      },
    );
}
