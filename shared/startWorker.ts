/** Starts worker threads that are written in TypeScript, whichever way the calling program was started. */
import { Worker } from 'node:worker_threads';

/** What a worker finds in `workerData`. */
export interface WorkerStart<Data> {
  /** Address of the worker's module. */
  readonly module: string;
  readonly data: Data;
}

/**
 * A new thread that runs a module.
 * @param module `new URL('./itsWorker.ts', import.meta.url)`
 * @param data what the module reads as `(workerData as WorkerStart<Data>).data`; structured-cloned
 */
export function startWorker<Data>(module: URL, data: Data): Worker {
  const start: WorkerStart<Data> = { module: module.href, data };
  return new Worker(new URL('./typescriptWorker.mjs', import.meta.url), { workerData: start, execArgv: [] });
}
