/**
 * The compiled engine with its sessions in a worker thread: functions are traced where they are written, graphs and
 * arrays cross to the worker, and the calling thread stays free while a program runs. A thread that dies is replaced:
 * programs stay good, and only the runs that it had been given fail.
 */
import { createCompiledEngine } from './compiledEngine.ts';
import type { Engine } from './program.ts';
import type { SessionOptions } from './sessionHost.ts';
import { workerSessions } from './workerSessions.ts';

/**
 * An engine on a thread of its own, on the CPU unless told. The thread ends with `dispose`, and keeps no process alive
 * while it is idle.
 */
export function createWorkerEngine(options: Partial<SessionOptions> = {}): Engine {
  const provider = options.provider ?? 'cpu';
  return createCompiledEngine(provider, workerSessions({ ...options, provider }));
}
