/**
 * From the name of a job to the function: the same in this thread, in a worker thread, and wherever else a job is run.
 */
import { ExecutorError, type Job, type JobFunction } from './executor.ts';

/** @throws ExecutorError naming the module that doesn't load, or that has no such function */
export async function loadJob<Input, Output>({
  module,
  name,
}: Job<Input, Output>): Promise<JobFunction<Input, Output>> {
  let exports: Readonly<Record<string, unknown>>;
  try {
    exports = await import(/* @vite-ignore */ module);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ExecutorError(`the module of the job "${name}" doesn't load: ${reason}; mend ${module}`, { cause });
  }
  const run = exports[name];
  if (typeof run !== 'function') {
    throw new ExecutorError(`${module} exports no function "${name}"; name one of ${Object.keys(exports).join(', ')}`);
  }
  return run as JobFunction<Input, Output>;
}
