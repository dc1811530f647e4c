/**
 * Native code in threads that may be ended. A thread that is ended while ONNX Runtime computes in it takes the whole
 * process with it: when the computation is done, the runtime may no longer speak to JavaScript and calls `abort`. So
 * such calls are counted in memory that the thread shares with the one that started it (`startWorker.ts`), which ends
 * it between two of them. A thread whose end has been decided begins no further call, and tells nobody what the last
 * one came to.
 */
import { type MessagePort, workerData } from 'node:worker_threads';

/** What a thread and the one that ends it share. */
export interface NativeCalls {
  /** One number: `CALL` for each call that has begun, and `ENDING` once the thread is to end. */
  readonly state: Int32Array;
  /** Where the thread says that its last call is over. */
  readonly over: MessagePort;
}

export const ENDING = 1;
export const CALL = 2;

const calls = (workerData as { readonly native?: NativeCalls } | null | undefined)?.native;

/**
 * Makes a call that may spend its time in native code. Nothing is counted in threads that nobody ends. Never settles in
 * a thread that is to end.
 */
export async function nativeCall<Result>(call: () => Promise<Result>): Promise<Result> {
  if (calls === undefined) return call();
  const { state, over } = calls;
  if (Atomics.add(state, 0, CALL) & ENDING) {
    Atomics.sub(state, 0, CALL);
    return new Promise<never>(() => {});
  }
  try {
    return await call();
  } finally {
    if (Atomics.sub(state, 0, CALL) === CALL + ENDING) {
      over.postMessage('over');
      Atomics.wait(state, 0, ENDING); // until the end comes
    }
  }
}
