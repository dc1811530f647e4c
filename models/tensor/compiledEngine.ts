/**
 * The compiled engine: a tensor function is traced into one graph on the calling thread, and a session, wherever its
 * host keeps it, runs the graph. What varies between the CPU, a GPU and a worker thread is the host alone.
 */
import { EngineError } from '../../shared/errors.ts';
import { checkFeeds } from './checkFeeds.ts';
import type { Engine, HostTensor, HostTensors, Program, RunOptions, Signature, TensorFunction } from './program.ts';
import type { Session, SessionHost } from './sessionHost.ts';
import { type TracedFunction, traceFunction } from './tracingBackend.ts';

/** An engine that compiles for the sessions of `host`, and disposes of it with itself. */
export function createCompiledEngine(name: string, host: SessionHost): Engine {
  const programs = new Set<CompiledProgram>();
  return {
    name,
    async compile(fn: TensorFunction, signature: Signature): Promise<Program> {
      const traced = traceFunction(fn, signature, await host.target());
      const program = new CompiledProgram(signature, traced, await host.open(traced), (closed) =>
        programs.delete(closed),
      );
      programs.add(program);
      return program;
    },
    async dispose(): Promise<void> {
      await Promise.all([...programs].map((program) => program.dispose()));
      await host.dispose();
    },
  };
}

class CompiledProgram implements Program {
  readonly inputs: Signature;
  readonly outputs: Signature;
  private readonly live: readonly string[];
  private readonly session: Session;
  private readonly onDispose: (program: CompiledProgram) => void;
  private disposed = false;

  constructor(
    inputs: Signature,
    traced: TracedFunction,
    session: Session,
    onDispose: (program: CompiledProgram) => void,
  ) {
    this.inputs = inputs;
    this.outputs = traced.outputs;
    this.live = traced.inputs;
    this.session = session;
    this.onDispose = onDispose;
  }

  async run(feeds: HostTensors, { signal }: RunOptions = {}): Promise<HostTensors> {
    if (this.disposed) throw new EngineError('the program has been disposed of; compile it again');
    checkFeeds(this.inputs, feeds);
    return this.session.run(Object.fromEntries(this.live.map((name) => [name, feeds[name] as HostTensor])), signal);
  }

  async dispose(): Promise<void> {
    if (this.disposed) return;
    this.disposed = true;
    this.onDispose(this);
    await this.session.release();
  }
}
