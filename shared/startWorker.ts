/** Starts worker threads that are written in TypeScript, whichever way the calling program was started. */
import { MessageChannel, type MessagePort, type ResourceLimits, Worker } from 'node:worker_threads';
import { CALL, ENDING, type NativeCalls } from './nativeCalls.ts';

/** What a worker finds in `workerData`. */
export interface WorkerStart<Data> {
  /** Address of the worker's module. */
  readonly module: string;
  readonly data: Data;
  /** For `nativeCalls.ts`. */
  readonly native: NativeCalls;
}

/**
 * A new thread that runs a module. `terminate` ends it whatever it is doing, but lets a native call finish.
 * @param module `new URL('./itsWorker.ts', import.meta.url)`
 * @param data what the module reads as `(workerData as WorkerStart<Data>).data`; structured-cloned
 */
export function startWorker<Data>(module: URL, data: Data, resourceLimits?: ResourceLimits): Worker {
  const { port1, port2 } = new MessageChannel();
  const state = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const start: WorkerStart<Data> = { module: module.href, data, native: { state, over: port2 } };
  return new PatientWorker(start, port1, resourceLimits);
}

/** A thread that is not ended in the middle of a native call. */
class PatientWorker extends Worker {
  private readonly state: Int32Array;
  private readonly over: MessagePort;

  constructor(start: WorkerStart<unknown>, over: MessagePort, resourceLimits: ResourceLimits | undefined) {
    super(new URL('./typescriptWorker.mjs', import.meta.url), {
      workerData: start,
      transferList: [start.native.over],
      execArgv: [],
      ...(resourceLimits && { resourceLimits }),
    });
    this.state = start.native.state;
    this.over = over;
    this.once('exit', () => over.close());
  }

  override async terminate(): Promise<number> {
    if (Atomics.or(this.state, 0, ENDING) >= CALL)
      await new Promise<void>((resolve) => {
        this.over.once('message', () => resolve());
        this.once('exit', () => resolve());
      });
    return super.terminate();
  }
}
