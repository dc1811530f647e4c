/**
 * The way to one worker thread and back. Requests carry a number and are answered by it, in the order in which they
 * were made. The thread keeps no process alive while nothing is asked of it. When it ends, everything that waits is
 * refused, and so is all that comes later.
 *
 * A request that a signal aborts is refused at once. The worker, which is deaf while it computes, sees a flag in shared
 * memory when the request's turn comes, and skips it if it has not begun.
 */
import type { Worker } from 'node:worker_threads';
import { EngineError } from '../../shared/errors.ts';
import { refusalOf } from './abort.ts';
import type { HostTensors, Signature } from './program.ts';

/** What the worker is asked to do. */
export type SessionRequest =
  | { readonly do: 'open'; readonly session: number; readonly model: Uint8Array; readonly outputs: Signature }
  | { readonly do: 'run'; readonly session: number; readonly feeds: HostTensors }
  | { readonly do: 'release'; readonly session: number };

/** A request on its way; `aborted` is one number in shared memory, set to 1 when the answer is no longer wanted. */
export type NumberedRequest = SessionRequest & { readonly request: number; readonly aborted?: Int32Array };

/** Its answer. */
export type SessionAnswer = { readonly request: number } & (
  | { readonly outputs: HostTensors }
  | { readonly refused: string }
);

interface Waiting {
  resolve(outputs: HostTensors): void;
  reject(error: EngineError): void;
}

export class WorkerLink {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private requests = 0;
  private end: EngineError | undefined;

  constructor(worker: Worker) {
    this.worker = worker;
    worker.on('message', (answer: SessionAnswer) => this.settle(answer));
    worker.on('error', (error) => this.refuseAll(died(error instanceof Error ? error.message : String(error))));
    worker.on('exit', (code) => this.refuseAll(died(`exit code ${code}`)));
    worker.unref();
  }

  /** Whether the thread has ended. */
  get ended(): boolean {
    return this.end !== undefined;
  }

  /** @throws EngineError with the worker's reason, when the worker dies first, or when the signal aborts */
  ask(request: SessionRequest, signal?: AbortSignal): Promise<HostTensors> {
    if (this.end) return Promise.reject(this.end);
    if (signal?.aborted) return Promise.reject(refusalOf(signal));
    return new Promise((resolve, reject) => {
      const number = this.requests++;
      const aborted = signal && new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
      const abort = () => {
        if (aborted) Atomics.store(aborted, 0, 1);
        if (signal) reject(refusalOf(signal));
      };
      signal?.addEventListener('abort', abort, { once: true });
      const done = () => signal?.removeEventListener('abort', abort);
      this.waiting.set(number, {
        resolve: (outputs) => {
          done();
          resolve(outputs);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      this.worker.ref();
      this.worker.postMessage({ ...request, request: number, ...(aborted && { aborted }) } satisfies NumberedRequest);
    });
  }

  /** Ends the thread; what waits is refused with the reason. */
  async terminate(reason: EngineError): Promise<void> {
    this.refuseAll(reason);
    await this.worker.terminate();
  }

  private settle(answer: SessionAnswer): void {
    const asker = this.waiting.get(answer.request);
    this.waiting.delete(answer.request);
    if (this.waiting.size === 0) this.worker.unref();
    if ('refused' in answer) asker?.reject(new EngineError(answer.refused));
    else asker?.resolve(answer.outputs);
  }

  private refuseAll(reason: EngineError): void {
    this.end ??= reason;
    for (const { reject } of this.waiting.values()) reject(this.end);
    this.waiting.clear();
  }
}

function died(reason: string): EngineError {
  return new EngineError(
    `the engine's worker thread ended before it answered (${reason}); run the program again, in a new thread`,
  );
}
