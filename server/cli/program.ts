/**
 * The command line as a whole: one program, one file a command. A command is a function that adds itself to the
 * program; `commands` is the one place that lists them. What a command needs beyond its options (networks, physics, a
 * server) it imports inside its action, so that `--help` answers at once.
 */
import { Command, CommanderError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { ReverieError } from '../../shared/errors.ts';
import type { CommandContext } from './commandContext.ts';
import { addBenchCommand } from './commands/benchCommand.ts';
import { addCheckCommand } from './commands/checkCommand.ts';
import { addCollectCommand } from './commands/collectCommand.ts';
import { addEditCommand } from './commands/editCommand.ts';
import { addEnginesCommand } from './commands/enginesCommand.ts';
import { addEvaluateCommand } from './commands/evaluateCommand.ts';
import { addExportCommand } from './commands/exportCommand.ts';
import { addInspectCommand } from './commands/inspectCommand.ts';
import { addNewWorldCommand } from './commands/newWorldCommand.ts';
import { addRecordCommand } from './commands/recordCommand.ts';
import { addReplayCommand } from './commands/replayCommand.ts';
import { addServeCommand } from './commands/serveCommand.ts';
import { addTrainCommand } from './commands/trainCommand.ts';
import { addWorldsCommand } from './commands/worldsCommand.ts';

/** Adds one command to the program. */
export type AddCommand = (program: Command, context: CommandContext) => void;

const commands: readonly AddCommand[] = [
  addServeCommand,
  addWorldsCommand,
  addEnginesCommand,
  addCheckCommand,
  addNewWorldCommand,
  addCollectCommand,
  addInspectCommand,
  addTrainCommand,
  addEvaluateCommand,
  addRecordCommand,
  addReplayCommand,
  addExportCommand,
  addEditCommand,
  addBenchCommand,
];

/** Everything but the exit status, which `runProgram` returns. */
export type ProgramContext = Omit<CommandContext, 'setExitCode'>;

/** Runs the command that the arguments name; returns its exit status: 0 done, 1 failed, 2 wrong usage. */
export async function runProgram(args: readonly string[], context: ProgramContext): Promise<number> {
  const { output } = context;
  let exitCode = 0;
  const program = createProgram({ ...context, setExitCode: (code) => (exitCode = code) });
  program.hook('preAction', () => readGlobalOptions(program, output));
  try {
    await program.parseAsync(args, { from: 'user' }).finally(() => output.endProgress());
    return exitCode;
  } catch (error) {
    readGlobalOptions(program, output);
    return reportFailure(error, output, program);
  }
}

/** The program with all its commands, which has not run. */
export function createProgram(context: CommandContext): Command {
  const { output } = context;
  const program = new Command('reverie')
    .description('A world-model agent simulator: an agent that sees only frames learns, plans and dreams.')
    .version(manifest.version, '--version', 'print the version')
    .option('--json', 'print exactly one JSON document on standard output')
    .option('--verbose', 'print errors with their stack')
    .helpOption('-h, --help', 'show what a command does and its options')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeErr: (text) => output.note(text.trimEnd()), outputError: () => {} })
    .exitOverride();
  for (const add of commands) add(program, context);
  return program;
}

function readGlobalOptions(program: Command, output: ProgramContext['output']): void {
  const { json = false, verbose = false } = program.opts<{ json?: boolean; verbose?: boolean }>();
  output.json = json;
  output.verbose = verbose;
}

/** Prints why the program ends, one sentence where the person can do something about it; returns the exit status. */
function reportFailure(error: unknown, output: ProgramContext['output'], program: Command): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const { message, exitCode } = explain(error, program);
  if (output.json && !output.reported) output.report({ error: { message } }, () => message);
  output.note(message);
  if (output.verbose && error instanceof Error && error.stack) output.note(error.stack);
  return exitCode;
}

function explain(error: unknown, program: Command): { message: string; exitCode: 1 | 2 } {
  if (error instanceof ReverieError) return { message: error.message, exitCode: error.exitCode };
  if (error instanceof CommanderError) return { message: explainUsage(error, program), exitCode: 2 };
  const reason = error instanceof Error ? error.message : String(error);
  return { message: `A defect in Reverie: ${reason}. Run it again with --verbose to see where.`, exitCode: 1 };
}

/** Commander's message as a sentence, with the help that shows what would be right. */
function explainUsage(error: CommanderError, program: Command): string {
  const name = program.args.find((argument) => program.commands.some((command) => command.name() === argument));
  const help = `reverie ${name === undefined ? '' : `${name} `}--help`;
  if (error.code === 'commander.help') return `Name a command; \`${help}\` lists them.`;
  const sentence = error.message
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
    .replace(/\.$/, '');
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}; \`${help}\` shows what is possible.`;
}
