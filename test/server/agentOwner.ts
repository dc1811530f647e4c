/** Starts an agent that tells its process's id, passes that on, and waits to be killed. */
import { startProcessAgent } from '../../server/agent/processAgent.ts';

const agent = await startProcessAgent({
  directory: 'tells-its-process',
  module: new URL('./fakeAgent.ts', import.meta.url),
});
process.send?.(agent.latentSize);
