/**
 * The worker thread of `WorkerExecutor`: runs the jobs that it is sent and answers each. Modules stay loaded between
 * jobs, so that only the first of a kind pays for them.
 */
import { parentPort } from 'node:worker_threads';
import { packError } from '../agent/agentMessages.ts';
import { type JobAnswer, type JobCall, movableBuffers } from './jobMessages.ts';
import { loadJob } from './loadJob.ts';

const port = parentPort;
if (port === null) throw new Error('jobWorker.ts runs in a worker thread only');

const answer = (message: JobAnswer, buffers: ArrayBuffer[] = []): void => port.postMessage(message, buffers);

port.on('message', async ({ job, input }: JobCall) => {
  try {
    const run = await loadJob(job);
    const output = await run(input);
    answer({ type: 'output', output }, movableBuffers(output));
  } catch (error) {
    answer({ type: 'error', error: packError(error) });
  }
});
