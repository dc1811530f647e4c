/** Starts processes that are written in TypeScript, as `startWorker.ts` does threads. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A new process that runs a module, Node given `flags`; where `stdio` has an `ipc`, messages go to and fro. */
export function startProcess(
  module: URL,
  args: readonly string[],
  options: SpawnOptions,
  flags: readonly string[] = [],
): ChildProcess {
  const command = ['--import', import.meta.resolve('tsx'), ...flags, fileURLToPath(module), ...args];
  return spawn(process.execPath, command, options);
}
