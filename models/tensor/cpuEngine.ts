/** The engine that needs nothing: compiled programs on ONNX Runtime's CPU provider, run on the calling thread. */
import { createCompiledEngine } from './compiledEngine.ts';
import type { Engine } from './program.ts';
import { localSessions } from './sessionHost.ts';

export interface CpuEngineOptions {
  /** Threads that an operator may use; all cores unless told. */
  readonly threads?: number;
  /** Directory where optimised graphs are kept for the next process; none are unless told. */
  readonly cache?: string;
}

export function createCpuEngine(options: CpuEngineOptions = {}): Engine {
  return createCompiledEngine('cpu', localSessions({ provider: 'cpu', ...options }));
}
