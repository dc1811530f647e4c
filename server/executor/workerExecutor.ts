/**
 * Jobs in worker threads. A thread is started when there is work and nobody free for it, and then kept: starting one
 * takes longer than many a job. Each runs one job at a time, so that when a thread dies it is known what it was doing;
 * that job is tried once more on a new thread before it counts as failed.
 */
import { type Executor, ExecutorError, type Job, labelOf, lookahead, type MapOptions } from './executor.ts';
import { inOrder } from './inOrder.ts';
import { JobThread, ThreadDeath } from './jobThread.ts';

export interface WorkerExecutorOptions {
  /** How many threads. */
  readonly workers: number;
  /** Is told in a sentence when a thread has died and its job is tried again. */
  readonly onRetry?: (message: string) => void;
}

/** An input on its way through a thread. */
interface Task {
  /** The `map` that it belongs to. */
  readonly run: object;
  readonly label: string;
  /** Runs it on the thread and settles it; throws ThreadDeath alone. */
  attempt(thread: JobThread): Promise<void>;
  reject(error: Error): void;
  deaths: number;
}

/** An executor on threads of its own. */
export class WorkerExecutor implements Executor {
  readonly concurrency: number;
  private readonly onRetry: (message: string) => void;
  private readonly threads = new Map<JobThread, Task | undefined>();
  private queue: Task[] = [];
  private disposed = false;

  constructor({ workers, onRetry }: WorkerExecutorOptions) {
    this.concurrency = workers;
    this.onRetry = onRetry ?? (() => {});
  }

  async *map<Input, Output>(
    job: Job<Input, Output>,
    inputs: Iterable<Input>,
    options: MapOptions<Input> = {},
  ): AsyncGenerator<Output, void, undefined> {
    const { signal } = options;
    const run = {};
    const submit = (input: Input, index: number): Promise<Output> =>
      this.submit(run, job, input, labelOf(job, options, input, index));
    try {
      yield* inOrder(inputs, submit, lookahead(this.concurrency), signal);
    } finally {
      this.queue = this.queue.filter((task) => task.run !== run);
      if (signal?.aborted) this.stop(run);
    }
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    for (const { reject } of this.queue) reject(disposedOf());
    this.queue = [];
    await Promise.all([...this.threads.keys()].map((thread) => thread.terminate()));
  }

  private submit<Input, Output>(run: object, job: Job<Input, Output>, input: Input, label: string): Promise<Output> {
    return new Promise((resolve, reject) => {
      if (this.disposed) throw disposedOf();
      const attempt = async (thread: JobThread): Promise<void> => {
        try {
          resolve(await thread.run(job, input, label));
        } catch (error) {
          if (error instanceof ThreadDeath) throw error;
          reject(error);
        }
      };
      this.queue.push({ run, label, attempt, reject, deaths: 0 });
      this.assign();
    });
  }

  /** Gives waiting tasks to threads that are free, or that may still be started. */
  private assign(): void {
    while (this.queue.length > 0) {
      const thread = this.freeThread();
      const task = thread && this.queue.shift();
      if (!thread || !task) return;
      this.threads.set(thread, task);
      void this.perform(thread, task);
    }
  }

  private freeThread(): JobThread | undefined {
    for (const [thread, task] of this.threads) if (!task) return thread;
    if (this.threads.size === this.concurrency) return undefined;
    return new JobThread((ended) => this.threads.delete(ended));
  }

  private async perform(thread: JobThread, task: Task): Promise<void> {
    try {
      await task.attempt(thread);
      if (this.threads.has(thread)) this.threads.set(thread, undefined);
    } catch (death) {
      this.bury(task, death instanceof Error ? death.message : String(death));
    }
    this.assign();
  }

  /** What becomes of a task whose thread has died. */
  private bury(task: Task, reason: string): void {
    const { label } = task;
    task.deaths++;
    if (this.disposed) task.reject(disposedOf());
    else if (task.deaths === 1) {
      this.onRetry(`${label}: the worker thread has ended (${reason}); trying once more on a new one`);
      this.queue.unshift(task);
    } else
      task.reject(
        new ExecutorError(
          `${label}: the worker thread has ended (${reason}), and so did another before it; look at what this input asks for, or use fewer workers if memory is short`,
        ),
      );
  }

  /** Ends the threads that work for an aborted `map`; others are started when there is work. */
  private stop(run: object): void {
    for (const [thread, task] of this.threads) {
      if (task?.run !== run) continue;
      task.deaths = Number.POSITIVE_INFINITY; // nobody waits for it
      void thread.terminate();
    }
  }
}

function disposedOf(): ExecutorError {
  return new ExecutorError('the executor was disposed of; create another one');
}
