/**
 * Puts the live server together from real parts: worlds of the registry, agents in worker threads, the built page, a
 * secret for this process.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { loadWorld, worldIds } from '../../envs/registry.ts';
import type { Clock } from '../../shared/clock.ts';
import { WeightsError } from '../../shared/errors.ts';
import type { Settings } from '../../shared/protocol/control.ts';
import type { Agent } from '../agent/agent.ts';
import { AgentPool } from '../agent/agentPool.ts';
import { hasWeights, weightsDirectory } from '../agent/weightsDirectory.ts';
import { startWorkerAgent } from '../agent/workerAgent.ts';
import { isLoopback } from './admission.ts';
import { builtPage } from './builtPage.ts';
import { defaultLiveServerConfig, startLiveServer } from './liveServer.ts';
import type { Worlds } from './liveSession.ts';
import { readPageFiles } from './pageFiles.ts';

export interface ServeRequest {
  /** Id of a world or path of a module to begin with; by default the first that has an agent. */
  readonly world?: string;
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  /** Ends the server. */
  readonly until: AbortSignal;
  /** Told what is being prepared, and of defects. */
  readonly note: (text: string) => void;
  /** Told the address as soon as the server answers there. */
  readonly onListening: (address: string) => void;
}

/**
 * Serves until it is told to stop.
 * @throws UsageError when the world is unknown; ServerError when the port is in use or the page does not build.
 */
export async function serve({ world, host, port, clock, until, note, onListening }: ServeRequest): Promise<void> {
  const first = world === undefined ? undefined : await loadWorld(world);
  const builtIn = await Promise.all(worldIds().map(loadWorld));
  const worlds: Worlds = new Map([...builtIn, ...(first ? [first] : [])].map((each) => [each.spec.id, each]));
  const page = await readPageFiles(await builtPage(note));
  const settings: Settings = { world: first?.spec.id ?? defaultWorld(worlds), seed: 0, rendererSteps: 1 };
  const token = process.env.REVERIE_TOKEN ?? randomBytes(24).toString('base64url');
  const server = await startLiveServer(
    {
      worlds,
      agents: new AgentPool(startAgent),
      page,
      settings,
      clock,
      onDefect: (error) => note(`A session failed: ${error instanceof Error ? error.stack : String(error)}`),
    },
    { ...defaultLiveServerConfig, host, port, token },
  );
  onListening(addressOf(host, server.port, token));
  if (!until.aborted) await once(until, 'abort');
  await server.close();
}

async function startAgent(worldId: string): Promise<Agent> {
  const directory = weightsDirectory(worldId);
  if (!hasWeights(directory))
    throw new WeightsError(
      `No agent has been trained for '${worldId}'; train one with \`npm run -s reverie -- train --world ${worldId}\`, or choose another world.`,
    );
  return startWorkerAgent({ directory });
}

function defaultWorld(worlds: Worlds): string {
  const ids = [...worlds.keys()];
  return ids.find((id) => hasWeights(weightsDirectory(id))) ?? (ids[0] as string);
}

/** Beyond loopback the address carries the token, without which the page is not given out. */
function addressOf(host: string, port: number, token: string): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}/${isLoopback(host) ? '' : `?token=${token}`}`;
}
