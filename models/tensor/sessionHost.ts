/**
 * Sessions of ONNX Runtime on the calling thread. A run blocks that thread until it is done, whatever its promise
 * suggests; where that matters, `workerSessions.ts` keeps the same sessions in a thread of their own.
 */
import { arch, cpus } from 'node:os';
import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import { EngineError } from '../../shared/errors.ts';
import { nativeCall } from '../../shared/nativeCalls.ts';
import { refusalOf } from './abort.ts';
import { cpuTarget } from './cpuTarget.ts';
import { inputName, outputName } from './graphBuilder.ts';
import { ModelCache } from './modelCache.ts';
import type { HostTensor, HostTensors, Signature } from './program.ts';
import { portableTarget, type TraceTarget } from './traceTarget.ts';
import { webgpuGaps } from './webgpuGaps.ts';

/** A graph, and what comes out of it. */
export interface SessionModel {
  readonly model: Uint8Array;
  readonly outputs: Signature;
}

/** A loaded graph. */
export interface Session {
  /** Takes exactly the inputs that the graph reads. @throws EngineError when the signal aborts */
  run(feeds: HostTensors, signal?: AbortSignal): Promise<HostTensors>;
  release(): Promise<void>;
}

/** Where sessions live. */
export interface SessionHost {
  /** What its runtime can do: graphs are traced for that. */
  target(): Promise<TraceTarget>;
  /** @throws EngineError when the runtime refuses the graph or the provider */
  open(model: SessionModel): Promise<Session>;
  dispose(): Promise<void>;
}

export interface SessionOptions {
  /** ONNX Runtime's execution provider. */
  readonly provider: 'cpu' | 'cuda' | 'webgpu';
  /** Threads that an operator may use; all cores unless told. */
  readonly threads?: number;
  /** Directory of optimised graphs; none are kept unless told. Only the CPU provider's are. */
  readonly cache?: string;
}

/** Sessions on the calling thread. */
export function localSessions(options: SessionOptions): SessionHost {
  return {
    target: () => targetOf(options.provider),
    open: async ({ model, outputs }) => new LocalSession(await load(model, options), outputs),
    dispose: async () => {},
  };
}

/** What graphs may contain for a provider. */
export async function targetOf(provider: SessionOptions['provider']): Promise<TraceTarget> {
  return provider === 'cpu' ? cpuTarget() : portableTarget;
}

/** The provider, without what it cannot run. */
function providerFor(model: Uint8Array, provider: SessionOptions['provider']) {
  const forceCpuNodeNames = provider === 'webgpu' ? webgpuGaps(model) : [];
  return forceCpuNodeNames.length > 0 ? { name: 'webgpu', forceCpuNodeNames } : provider;
}

async function load(model: Uint8Array, options: SessionOptions): Promise<InferenceSession> {
  const { provider, cache } = options;
  try {
    // Other providers compile parts of the graph, which cannot be saved.
    if (cache === undefined || provider !== 'cpu') return await create(model, options);
    return await new ModelCache(cache, circumstances()).load(
      model,
      (optimised) => create(optimised, options, { graphOptimizationLevel: 'disabled' }),
      (saveTo) => create(model, options, saveTo === undefined ? {} : { optimizedModelFilePath: saveTo }),
    );
  } catch (error) {
    throw new EngineError(`ONNX Runtime cannot load the compiled program on ${provider}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

function create(
  model: Uint8Array,
  { provider, threads }: SessionOptions,
  changes: InferenceSession.SessionOptions = {},
): Promise<InferenceSession> {
  const settings: InferenceSession.SessionOptions = {
    executionProviders: [providerFor(model, provider)],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Threads that spin while they wait take the cores from the next session's: a plan alternates two programs, and took
    // 143 ms instead of 87 (docs/log.md).
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    ...(threads !== undefined && { intraOpNumThreads: threads }),
    ...changes,
  };
  return nativeCall(() => InferenceSession.create(model, settings));
}

/** What an optimised graph depends on beside the graph: layouts and fusions are the runtime's, for this processor. */
function circumstances(): string {
  return JSON.stringify(['onnxruntime-node', env.versions.node, 'cpu', arch(), cpus()[0]?.model]);
}

class LocalSession implements Session {
  private readonly session: InferenceSession;
  private readonly outputs: Signature;

  constructor(session: InferenceSession, outputs: Signature) {
    this.session = session;
    this.outputs = outputs;
  }

  async run(feeds: HostTensors, signal?: AbortSignal): Promise<HostTensors> {
    if (signal?.aborted) throw refusalOf(signal);
    const tensors = Object.entries(feeds).map(([name, { data, dtype, shape }]): [string, Tensor] => [
      inputName(name),
      new Tensor(dtype, data, shape),
    ]);
    try {
      const results = await nativeCall(() => this.session.run(Object.fromEntries(tensors)));
      if (signal?.aborted) throw refusalOf(signal);
      return Object.fromEntries(
        Object.entries(this.outputs).map(([name, { shape, dtype = 'float32' }]) => {
          const { data } = results[outputName(name)] as Tensor;
          return [name, { shape, dtype, data: data as HostTensor['data'] }];
        }),
      );
    } catch (error) {
      if (error instanceof EngineError) throw error;
      throw new EngineError(`ONNX Runtime cannot run the compiled program: ${reasonOf(error)}`, { cause: error });
    }
  }

  release(): Promise<void> {
    return nativeCall(() => this.session.release());
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
