/** Starts processes that are written in TypeScript, as `startWorker.ts` does threads. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A new process that runs a module; where `stdio` has an `ipc`, messages go to and fro. */
export function startProcess(module: URL, args: readonly string[], options: SpawnOptions): ChildProcess {
  return spawn(process.execPath, ['--import', import.meta.resolve('tsx'), fileURLToPath(module), ...args], options);
}
