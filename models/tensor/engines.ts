/**
 * The engines by name: which of them this machine can run, why not the others, and how to get one. Asking never
 * fails: an engine that cannot run is a line with the reason and the remedy. Providers that talk to a driver are
 * tried in a process of their own, since a driver may crash or hang the one that asks.
 */
import { availableParallelism, cpus } from 'node:os';
import { EngineError, UsageError } from '../../shared/errors.ts';
import { createCompiledEngine } from './compiledEngine.ts';
import { loadTensorflow, loadWasm } from './eagerBackends.ts';
import { createEagerEngine } from './eagerEngine.ts';
import { type EngineName, engineNames } from './engineNames.ts';
import type { Engine } from './program.ts';
import { runApart } from './runApart.ts';
import { localSessions } from './sessionHost.ts';
import { createWorkerEngine } from './workerEngine.ts';

/** One line of the list of engines. */
export interface EngineStatus {
  readonly name: EngineName;
  readonly available: boolean;
  /** Why it cannot run here and what to do; null where it can. */
  readonly reason: string | null;
  /** What it would run on, where that is known. */
  readonly device: string | null;
}

export interface EngineOptions {
  /** Threads that an operator may use; all cores unless told. Only the compiled engines heed it. */
  readonly threads?: number;
  /** Whether programs run in a worker thread; false unless told. Only the compiled engines heed it. */
  readonly worker?: boolean;
  /** Directory where optimised graphs are kept for the next process; none are unless told. Only `cpu` heeds it. */
  readonly cache?: string;
}

/** How long a driver may take to answer, in milliseconds. */
const PROBE_LIMIT = 20_000;

/** What can run here. */
export async function listEngines(): Promise<EngineStatus[]> {
  return Promise.all(engineNames.map((name) => statusOf(name)));
}

/**
 * An engine by name.
 * @throws UsageError for a name that does not exist, EngineError with the reason where the engine cannot run here
 */
export async function createEngine(name: string, options: EngineOptions = {}): Promise<Engine> {
  const wanted = engineNames.find((known) => known === name);
  if (!wanted) throw new UsageError(`there is no engine "${name}"; choose ${engineNames.join(', ')}`);
  if (wanted === 'wasm') return createEagerEngine(wanted, (await loadWasm()).backend);
  if (wanted === 'tensorflow') return createEagerEngine(wanted, (await loadTensorflow()).backend);
  const { available, reason } = await statusOf(wanted);
  if (!available) throw new EngineError(`the engine ${wanted} cannot run here: ${reason}`);
  const { worker = false, ...session } = options;
  if (worker) return createWorkerEngine({ provider: wanted, ...session });
  return createCompiledEngine(wanted, localSessions({ provider: wanted, ...session }));
}

async function statusOf(name: EngineName): Promise<EngineStatus> {
  try {
    return { name, available: true, reason: null, device: await deviceOf(name) };
  } catch (error) {
    return { name, available: false, reason: error instanceof Error ? error.message : String(error), device: null };
  }
}

/** @throws EngineError saying why the engine cannot run */
async function deviceOf(name: EngineName): Promise<string | null> {
  const processor = `${cpus()[0]?.model.trim() ?? 'CPU'}, ${availableParallelism()} threads`;
  switch (name) {
    case 'cpu':
      return processor;
    case 'wasm':
      await loadWasm();
      return processor;
    case 'tensorflow':
      return (await loadTensorflow()).gpu ? 'GPU' : processor;
    case 'webgpu':
      return probed(name, 'install a Vulkan, Metal or D3D12 driver, or choose --engine cpu');
    case 'cuda':
      return probed(name, 'install CUDA 12, cuDNN 9 and the provider of onnxruntime-node, or choose --engine cpu');
  }
}

/** Runs a small program on the provider in another process. */
async function probed(provider: 'webgpu' | 'cuda', remedy: string): Promise<null> {
  try {
    await runApart(new URL('./providerProbe.ts', import.meta.url), [provider], PROBE_LIMIT);
    return null;
  } catch (error) {
    throw new EngineError(`${error instanceof Error ? error.message : String(error)}; ${remedy}`, { cause: error });
  }
}
