/**
 * An agent in a process of its own. The proxy keeps the contract of `Agent`: calls become messages, and what the
 * agent throws is thrown here as the same class. When the process dies, every call that waits and every later one
 * fails with a `ServerError`, and nobody else is harmed. A process rather than a thread, because ONNX Runtime's memory
 * does not all come back while the process that used it lives: a server whose viewers went from world to world grew by
 * 1 GB an hour (docs/studio.md, "A long run").
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { ServerError } from '../../shared/errors.ts';
import { startProcess } from '../../shared/startProcess.ts';
import { OWN_SESSION } from '../../shared/stepBack.ts';
import type { Agent } from './agent.ts';
import {
  type AgentAnswers,
  type AgentCall,
  type AgentStart,
  type AgentTraits,
  type FromAgent,
  type ToAgent,
  unpackError,
} from './agentMessages.ts';
import { givenPainting, type PaintingOptions } from './paintingOptions.ts';

export interface ProcessAgentOptions extends PaintingOptions {
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

/** How long an agent has to free what it holds, the calls before that included. */
const GRACE_MS = 3000;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * Starts a process and loads the agent in it.
 * @throws whatever the loading throws; ServerError when the process dies before it has loaded.
 */
export async function startProcessAgent({
  directory,
  engine,
  threads,
  world,
  module,
  ...painting
}: ProcessAgentOptions): Promise<Agent> {
  const calls = new ProcessCalls({
    module: (module ?? new URL('./latentAgent.ts', import.meta.url)).href,
    directory,
    ...(engine === undefined ? {} : { engine }),
    ...(threads === undefined ? {} : { threads }),
    ...givenPainting(painting),
    ...(world === undefined ? {} : { world }),
  });
  const agent = await calls.ready();
  return {
    ...agent,
    plan: (request) => calls.call({ method: 'plan', request }),
    encode: (frames) => calls.call({ method: 'encode', frames }),
    imagine: (latent, actions) => calls.call({ method: 'imagine', latent, actions }),
    render: (latents, options) => calls.call({ method: 'render', latents, options }),
    fill: (options) => calls.call({ method: 'fill', options }),
    learnToRead: () => calls.call({ method: 'learnToRead' }),
    gone: calls.gone,
    dispose: () => calls.end(),
  };
}

/** Numbered calls to a process, and who waits for each. */
class ProcessCalls {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private readonly loaded: Promise<AgentTraits>;
  /** Resolves when the process has ended. */
  readonly gone: Promise<unknown>;
  private nextId = 0;
  private death: ServerError | undefined;

  constructor(start: AgentStart) {
    this.child = startProcess(new URL('./agentEntry.ts', import.meta.url), [], {
      ...OWN_SESSION,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'advanced',
    });
    this.gone = once(this.child, 'exit').catch(() => {});
    this.loaded = new Promise((resolve, reject) => {
      this.child.on('message', (message: FromAgent) => {
        if (message.type === 'ready') resolve(message.agent);
        else if (message.type === 'failed') reject(unpackError(message.error));
        else this.settle(message);
      });
      const die = (reason: string) => {
        const death = new ServerError(`the agent's process has ended: ${reason}; choose a world to start it again`);
        this.die(death);
        reject(death);
      };
      this.child.on('error', ({ message }) => die(message));
      this.child.on('exit', (status, signal) => die(signal ?? `exit status ${status}`));
    });
    this.send(start);
  }

  /** Waits until the agent is loaded; a process that could not load it is ended. */
  async ready(): Promise<AgentTraits> {
    try {
      return await this.loaded;
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  /** One call; resolves with its answer. */
  call<C extends AgentCall>(call: C): Promise<AgentAnswers[C['method']]> {
    if (this.death !== undefined) return Promise.reject(this.death);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      this.send({ ...call, id });
    });
  }

  /** Lets the agent free what it holds, then ends the process, also one that does not answer. */
  async end(): Promise<void> {
    if (this.death !== undefined) return;
    const disposed = this.call({ method: 'dispose' });
    try {
      await Promise.race([disposed, setTimeout(GRACE_MS, undefined, { ref: false })]);
    } finally {
      this.die(new ServerError("the agent's process has ended: it was disposed of; start another agent"));
      await this.kill();
    }
  }

  private send(message: AgentStart | ToAgent): void {
    this.child.send(message, () => {}); // when it cannot be sent the process has ended, which is told apart
  }

  private async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.gone;
  }

  private settle(message: Extract<FromAgent, { id: number }>): void {
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.type === 'answer') waiting?.resolve(message.value);
    else waiting?.reject(unpackError(message.error));
  }

  private die(death: ServerError): void {
    this.death ??= death;
    for (const { reject } of this.waiting.values()) reject(this.death);
    this.waiting.clear();
  }
}
