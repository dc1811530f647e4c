/**
 * The seam by which work is spread. A *job* is named by the module that exports it, and takes plain data to plain data:
 * what a structured clone can carry, with nothing shared and no closure. That is all that an executor may assume, so
 * that the same job runs in this thread, in worker threads, or one day on other machines that have the same code.
 *
 * A job is a pure function of its input: an executor may run it anywhere, in any order, and a second time when whatever
 * ran it died.
 */
import { ReverieError } from '../../shared/errors.ts';

/**
 * A function named by where it is found.
 *
 * @example
 * ```ts
 * export const square: Job<number, number> = { module: new URL('./square.ts', import.meta.url).href, name: 'run' };
 * for await (const result of executor.map(square, [1, 2, 3])) …
 * ```
 */
export interface Job<Input, Output> {
  /** Address of the module. */
  readonly module: string;
  /** Name of its export, a `JobFunction<Input, Output>`. */
  readonly name: string;
  /** Never there: says to the compiler what goes in and comes out. */
  readonly types?: JobFunction<Input, Output>;
}

/**
 * What a job's module exports. The output belongs to the caller: its arrays are moved, not copied, so a job keeps none
 * of them.
 */
export type JobFunction<Input, Output> = (input: Input) => Output | Promise<Output>;

export interface MapOptions<Input> {
  /** Ends the work: the iteration throws the signal's reason at once, and what runs is stopped where that can be. */
  readonly signal?: AbortSignal;
  /** What to call an input in an error: `episodes 16 to 31`. */
  readonly describe?: (input: Input, index: number) => string;
}

export interface Executor {
  /** How many jobs run at the same time. */
  readonly concurrency: number;
  /**
   * The outputs in the order of the inputs, whatever the order in which they are done. Inputs are drawn as outputs are
   * taken: at most `lookahead(concurrency)` of them are under way, so that a slow reader slows the work and memory
   * stays bounded. An error comes at its input's turn, after the outputs before it; leaving the loop drops the rest.
   * @throws the error of the job, of its own class, its message begun with what `describe` calls the input
   * @throws ExecutorError when the job cannot be loaded, or whatever runs it dies twice
   */
  map<Input, Output>(
    job: Job<Input, Output>,
    inputs: Iterable<Input>,
    options?: MapOptions<Input>,
  ): AsyncGenerator<Output, void, undefined>;
  /** Stops everything; what is under way fails. */
  dispose(): Promise<void>;
}

/** Inputs under way at a time: enough that nobody idles while the first of them takes twice its time. */
export function lookahead(concurrency: number): number {
  return 2 * concurrency;
}

/** What to call an input. */
export function labelOf<Input, Output>(
  job: Job<Input, Output>,
  { describe }: MapOptions<Input>,
  input: Input,
  index: number,
): string {
  return describe?.(input, index) ?? `input ${index} of ${job.name}`;
}

/** A job cannot be loaded, or what runs it has died. */
export class ExecutorError extends ReverieError {}
