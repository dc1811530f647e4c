/**
 * One worker thread and the job that it is running, if any. A thread that ends on its own (it ran out of memory, its
 * code called `process.exit`, something threw outside a job) fails the job with `ThreadDeath`, which says nothing about
 * the job itself: it can be tried again on another thread.
 */
import type { Worker } from 'node:worker_threads';
import { startWorker } from '../../shared/startWorker.ts';
import { packError } from '../agent/agentMessages.ts';
import type { Job } from './executor.ts';
import { aboutInput, type JobAnswer, type JobCall } from './jobMessages.ts';

/**
 * Megabytes for young objects in a thread. Frames lie outside the JavaScript heap, and when many of them wait to be
 * freed, all of the heap is searched; with little room for young objects they are freed by short searches before that.
 * The long searches run on threads beside the workers, on the cores that other workers need: they took a quarter of a
 * worker's own time, and take less than a tenth now.
 */
const YOUNG_MEGABYTES = 6;

/** The thread ended while it ran a job. */
export class ThreadDeath extends Error {}

interface Running {
  readonly label: string;
  resolve(output: unknown): void;
  reject(error: Error): void;
}

export class JobThread {
  private readonly worker: Worker;
  private readonly onEnd: (thread: JobThread) => void;
  private running: Running | undefined;
  private ended = false;

  /** Starts a thread; `onEnd` is called once when it ends for whatever reason. */
  constructor(onEnd: (thread: JobThread) => void) {
    this.onEnd = onEnd;
    const limits = { maxYoungGenerationSizeMb: YOUNG_MEGABYTES };
    this.worker = startWorker(new URL('./jobWorker.ts', import.meta.url), undefined, limits);
    this.worker.on('message', (answer: JobAnswer) => this.settle(answer));
    this.worker.on('error', (error) => this.end(error instanceof Error ? error.message : String(error)));
    this.worker.on('exit', (code) => this.end(`exit status ${code}`));
  }

  /**
   * Runs a job; one at a time.
   * @throws the job's error, begun with the label
   * @throws ThreadDeath when the thread ends before the job does
   */
  run<Input, Output>(job: Job<Input, Output>, input: Input, label: string): Promise<Output> {
    const { module, name } = job;
    return new Promise<Output>((resolve, reject) => {
      if (this.ended) throw new ThreadDeath('it had ended before');
      const call: JobCall = { job: { module, name }, input };
      try {
        this.worker.postMessage(call);
      } catch (error) {
        throw aboutInput(label, packError(error));
      }
      this.running = { label, resolve: (output) => resolve(output as Output), reject };
    });
  }

  /** Ends the thread, whatever it is doing; a native call is let finish. */
  async terminate(): Promise<void> {
    this.end('it was stopped');
    await this.worker.terminate();
  }

  private settle(answer: JobAnswer): void {
    const running = this.running;
    this.running = undefined;
    if (answer.type === 'output') running?.resolve(answer.output);
    else running?.reject(aboutInput(running.label, answer.error));
  }

  private end(reason: string): void {
    if (this.ended) return;
    this.ended = true;
    this.onEnd(this);
    this.running?.reject(new ThreadDeath(reason));
    this.running = undefined;
  }
}
