/**
 * The worker thread of an agent: loads it and answers calls one after another, since inference blocks the thread anyway
 * and two calls at once would only share its time.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerStart } from '../../shared/startWorker.ts';
import type { Agent } from './agent.ts';
import {
  type AgentAnswer,
  type AgentCall,
  type AgentModule,
  type AgentWorkerData,
  type FromWorker,
  packAnswer,
  packError,
  type ToWorker,
} from './agentMessages.ts';

const port = parentPort;
if (port === null) throw new Error('agentWorker.ts runs in a worker thread only');

const tell = (message: FromWorker, buffers: ArrayBuffer[] = []): void => port.postMessage(message, buffers);

try {
  const { module, ...options } = (workerData as WorkerStart<AgentWorkerData>).data;
  const { loadLatentAgent } = (await import(/* @vite-ignore */ module)) as AgentModule;
  const agent = await loadLatentAgent(options);
  let queue: Promise<void> = Promise.resolve();
  port.on('message', (call: ToWorker) => {
    queue = queue.then(() => reply(agent, call));
  });
  const { world, latentSize, horizon, stepCounts } = agent;
  tell({ type: 'ready', agent: { world, latentSize, horizon, stepCounts } });
} catch (error) {
  tell({ type: 'failed', error: packError(error) });
}

async function reply(agent: Agent, call: ToWorker): Promise<void> {
  try {
    const { value, buffers } = packAnswer(await perform(agent, call));
    tell({ type: 'answer', id: call.id, value }, buffers);
  } catch (error) {
    tell({ type: 'error', id: call.id, error: packError(error) });
  }
}

async function perform(agent: Agent, call: AgentCall): Promise<AgentAnswer> {
  switch (call.method) {
    case 'plan':
      return agent.plan(call.request);
    case 'encode':
      return agent.encode(call.frames);
    case 'imagine':
      return agent.imagine(call.latent, call.actions);
    case 'render':
      return agent.render(call.latents, call.options);
    case 'fill':
      return agent.fill(call.options);
    case 'learnToRead':
      return agent.learnToRead();
    case 'dispose':
      await agent.dispose();
      return undefined;
  }
}
