/**
 * Start-up of the command line: real streams, real time and real signals are bound here and nowhere else.
 */
import { performance } from 'node:perf_hooks';
import { Output } from './output.ts';
import { runProgram } from './program.ts';

function interruption(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    // A second signal means now: it finds no handler and ends the process.
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    controller.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return controller.signal;
}

// A reader that has seen enough (`reverie worlds | head -1`) closes the pipe; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runProgram(process.argv.slice(2), {
  output: new Output(process),
  clock: { now: () => performance.now() },
  interruption,
});
