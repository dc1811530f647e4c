/**
 * An agent in a thread of its own. The proxy keeps the contract of `Agent`: calls become messages, and what the agent
 * throws is thrown here as the same class. When the thread dies, every call that waits and every later one fails with a
 * `ServerError`.
 */
import type { Worker } from 'node:worker_threads';
import { ServerError } from '../../shared/errors.ts';
import { startWorker } from '../../shared/startWorker.ts';
import type { Agent } from './agent.ts';
import {
  type AgentAnswers,
  type AgentCall,
  type AgentTraits,
  type AgentWorkerData,
  compact,
  type FromWorker,
  unpackError,
} from './agentMessages.ts';
import { givenPainting, type PaintingOptions } from './paintingOptions.ts';

export interface WorkerAgentOptions extends PaintingOptions {
  /** Directory of the agent's weights. */
  readonly directory: string;
  /** Name of its engine, or `auto`; the CPU's unless told. */
  readonly engine?: string;
  /** Threads that its engine may use. */
  readonly threads?: number;
  /** Id of its world, or the module; the card's id unless told. */
  readonly world?: string;
  /** Module that exports `loadLatentAgent`; the real one by default. */
  readonly module?: URL;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * Starts a thread and loads the agent in it.
 * @throws whatever the loading throws; ServerError when the thread dies before it has loaded.
 */
export async function startWorkerAgent({
  directory,
  engine,
  threads,
  world,
  module,
  ...painting
}: WorkerAgentOptions): Promise<Agent> {
  const data: AgentWorkerData = {
    module: (module ?? new URL('./latentAgent.ts', import.meta.url)).href,
    directory,
    ...(engine === undefined ? {} : { engine }),
    ...(threads === undefined ? {} : { threads }),
    ...givenPainting(painting),
    ...(world === undefined ? {} : { world }),
  };
  const worker = startWorker(new URL('./agentWorker.ts', import.meta.url), data);
  const calls = new WorkerCalls(worker);
  const agent = await calls.ready();
  return {
    ...agent,
    plan: ({ frame, previous, goal, warmStart, seed, candidates, read }) =>
      calls.call({
        method: 'plan',
        request: {
          frame: compact(frame),
          ...(previous === undefined ? {} : { previous: compact(previous) }),
          ...(candidates === undefined ? {} : { candidates }),
          ...(read === undefined ? {} : { read }),
          goal: compact(goal),
          seed,
          ...(warmStart === undefined ? {} : { warmStart: compact(warmStart) }),
        },
      }),
    encode: (frames) => calls.call({ method: 'encode', frames: frames.map(compact) }),
    imagine: (latent, actions) => calls.call({ method: 'imagine', latent: compact(latent), actions: compact(actions) }),
    render: (latents, options) =>
      calls.call({
        method: 'render',
        latents: { ...latents, data: compact(latents.data) },
        options: { ...options, ...(options.before && { before: options.before.map(compact) }) },
      }),
    fill: ({ frame, hidden, ...options }) =>
      calls.call({ method: 'fill', options: { ...options, frame: compact(frame), hidden: compact(hidden) } }),
    learnToRead: () => calls.call({ method: 'learnToRead' }),
    dispose: () => calls.end(),
  };
}

/** Numbered calls to a worker, and who waits for each. */
class WorkerCalls {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private readonly loaded: Promise<AgentTraits>;
  private nextId = 0;
  private death: Error | undefined;

  constructor(worker: Worker) {
    this.worker = worker;
    this.loaded = new Promise((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if (message.type === 'ready') resolve(message.agent);
        else if (message.type === 'failed') reject(unpackError(message.error));
        else this.settle(message);
      });
      const die = (reason: string, cause?: unknown) => {
        this.die(
          new ServerError(`the agent's thread has ended: ${reason}; choose a world to start it again`, { cause }),
        );
        reject(this.death as Error);
      };
      worker.on('error', (error) => die(error instanceof Error ? error.message : String(error), error));
      worker.on('exit', (code) => die(`exit status ${code}`));
    });
  }

  /** Waits until the agent is loaded; a thread that could not load it is ended. */
  async ready(): Promise<AgentTraits> {
    try {
      return await this.loaded;
    } catch (error) {
      await this.worker.terminate();
      throw error;
    }
  }

  /** One call; resolves with its answer. */
  call<C extends AgentCall>(call: C): Promise<AgentAnswers[C['method']]> {
    if (this.death !== undefined) return Promise.reject(this.death);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      this.worker.postMessage({ ...call, id });
    });
  }

  /** Lets the agent free what it holds, then ends the thread. */
  async end(): Promise<void> {
    if (this.death !== undefined) return;
    await this.call({ method: 'dispose' });
    this.die(new ServerError("the agent's thread has ended: it was disposed of; start another agent"));
    await this.worker.terminate();
  }

  private settle(message: Extract<FromWorker, { id: number }>): void {
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.type === 'answer') waiting?.resolve(message.value);
    else waiting?.reject(unpackError(message.error));
  }

  private die(death: Error): void {
    this.death ??= death;
    for (const { reject } of this.waiting.values()) reject(this.death);
    this.waiting.clear();
  }
}
