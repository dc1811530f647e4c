/**
 * Jobs in this thread, one after another: for tests, for a single core, and as the reference that every other executor
 * must agree with. Data cross as they would to another thread, so that a job that works here works everywhere. A job
 * under way cannot be stopped; the event loop turns between two of them.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { packError } from '../agent/agentMessages.ts';
import { type Executor, ExecutorError, type Job, labelOf, type MapOptions } from './executor.ts';
import { inOrder } from './inOrder.ts';
import { aboutInput, movableBuffers } from './jobMessages.ts';
import { loadJob } from './loadJob.ts';

/** An executor that runs jobs where it is called. */
export class InlineExecutor implements Executor {
  readonly concurrency = 1;
  private disposed = false;

  map<Input, Output>(
    job: Job<Input, Output>,
    inputs: Iterable<Input>,
    options: MapOptions<Input> = {},
  ): AsyncGenerator<Output, void, undefined> {
    const perform = async (input: Input, index: number): Promise<Output> => {
      await nextTurn();
      options.signal?.throwIfAborted();
      if (this.disposed) throw new ExecutorError('the executor was disposed of; create another one');
      try {
        const run = await loadJob(job);
        const output = await run(structuredClone(input));
        return structuredClone(output, { transfer: movableBuffers(output) });
      } catch (error) {
        throw aboutInput(labelOf(job, options, input, index), packError(error));
      }
    };
    return inOrder(inputs, perform, 1, options.signal);
  }

  async dispose(): Promise<void> {
    this.disposed = true;
  }
}
