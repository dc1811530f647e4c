/** The command line in this process: what it prints and its status, on a clock that stands still. */
import { Output } from '../server/cli/output.ts';
import { runProgram } from '../server/cli/program.ts';
import { ManualClock } from '../shared/clock.ts';

export interface CommandResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `reverie` with the arguments. */
export async function runCommand(...args: string[]): Promise<CommandResult> {
  let [stdout, stderr] = ['', ''];
  const output = new Output({
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  const interruption = () => new AbortController().signal;
  const status = await runProgram(args, { output, clock: new ManualClock(), interruption });
  return { status, stdout, stderr };
}
