/**
 * The process of an agent: loads it and answers calls one after another, since inference blocks its thread anyway and
 * two calls at once would only share its time. It steps back behind the server, whose clock must not wait, and behind the
 * browser that draws. It ends with the process that started it, however that ends, and leaves it to that one to hear a
 * terminal's interrupt, so that sessions can be ended in order.
 */
import { stepBack } from '../../shared/stepBack.ts';
import type { Agent } from './agent.ts';
import {
  type AgentAnswer,
  type AgentCall,
  type AgentModule,
  type AgentStart,
  type FromAgent,
  packError,
  type ToAgent,
} from './agentMessages.ts';

/** Others come first, but where they leave nothing a quarter of a processor is left. */
const NICENESS = 5;

const tell = (message: FromAgent): void => void process.send?.(message, () => {}); // nobody listens: see `disconnect`

process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit());
process.once('message', (start: AgentStart) => void serve(start));

async function serve({ module, ...options }: AgentStart): Promise<void> {
  let agent: Agent;
  try {
    const { loadLatentAgent } = (await import(/* @vite-ignore */ module)) as AgentModule;
    agent = await loadLatentAgent(options);
  } catch (error) {
    return tell({ type: 'failed', error: packError(error) });
  }
  stepBack(NICENESS); // not before, since somebody waits for the first plan
  let queue: Promise<void> = Promise.resolve();
  process.on('message', (call: ToAgent) => {
    queue = queue.then(() => reply(agent, call));
  });
  const { world, latentSize, horizon, stepCounts } = agent;
  tell({ type: 'ready', agent: { world, latentSize, horizon, stepCounts } });
}

async function reply(agent: Agent, call: ToAgent): Promise<void> {
  try {
    tell({ type: 'answer', id: call.id, value: await perform(agent, call) });
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
