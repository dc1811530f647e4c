/**
 * The soak: a real server with the shipped agents, for as long as one likes, under viewers that come and go, stall,
 * vanish, drive, and change world, seed and steps. Samples of what a leak would show in are taken all along, and
 * `growth.ts` judges them. The viewers are a thread of the same process, so that its memory counts theirs too.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Clock } from '../../../shared/clock.ts';
import { UsageError } from '../../../shared/errors.ts';
import { startWorker } from '../../../shared/startWorker.ts';
import type { WorldDefinition } from '../../../shared/world.ts';
import type { Agent } from '../../agent/agent.ts';
import { AgentPool } from '../../agent/agentPool.ts';
import { defaultLiveServerConfig, startLiveServer } from '../../live/liveServer.ts';
import { FEWEST_SAMPLES, type Growth, growthOf } from './growth.ts';
import { processTreeUse } from './processTree.ts';
import type { SoakOrder, SoakTally } from './soakViewers.ts';

/** What is sampled, and the slope an hour that is allowed. */
export const SOAK_LIMITS = {
  /** Resident memory of the server's process in MB. */
  serverMb: 60,
  /** The same with the agents' processes, of which there is now one and now another. */
  rssMb: 60,
  /** Objects of the server's own thread that a collection left, in MB. */
  heapMb: 10,
  /** Array buffers and other memory outside that heap, in MB. */
  externalMb: 10,
  /** Threads of all of them, 0 where the system does not tell. */
  threads: 3,
  /** Agents that have been started and not put away, each a process with all its tensors and programs. */
  agents: 1,
  /** Sockets and pipes of the server's own thread, the listening one included. */
  sockets: 3,
} as const;
export type SoakQuantity = keyof typeof SOAK_LIMITS;
const QUANTITIES = Object.keys(SOAK_LIMITS) as SoakQuantity[];

export type SoakSample = { readonly hours: number } & Readonly<Record<SoakQuantity, number>>;

export interface Soak {
  readonly worlds: readonly WorldDefinition[];
  /** Starts the agent of a world. */
  readonly startAgent: (worldId: string) => Promise<Agent>;
  readonly viewers: number;
  readonly minutes: number;
  readonly sampleSeconds: number;
  readonly seed: number;
  readonly clock: Clock;
  /** Ends the soak early; what has been sampled is judged. */
  readonly until: AbortSignal;
  readonly onSample?: (sample: SoakSample) => void;
  readonly onDefect: (error: unknown) => void;
}

export interface SoakReport {
  readonly minutes: number;
  readonly viewers: number;
  readonly samples: number;
  /** What the viewers did, and errors that the server told them of. */
  readonly tally: SoakTally;
  readonly defects: number;
  /** Null where it was interrupted before it could be judged. */
  readonly quantities: Readonly<Record<SoakQuantity, Growth | null>>;
  /** Whether everything was judged, nothing grew, and nothing broke. */
  readonly ok: boolean;
}

const TOKEN = 'soak';
/** Sessions of viewers that have vanished go soon, so that many come and go in a short soak. */
const RETENTION_MS = 5000;
const MB = 2 ** 20;
const HOUR_MS = 3_600_000;

/** Runs the soak. @throws UsageError, before anything is started, when it would be too short to be judged */
export async function soak(options: Soak): Promise<SoakReport> {
  const { worlds, viewers, minutes, sampleSeconds, seed, clock, until } = options;
  const expected = Math.floor((60 * minutes) / sampleSeconds);
  if (expected < FEWEST_SAMPLES)
    throw new UsageError(
      `${minutes} minutes with a sample every ${sampleSeconds} s make ${expected} samples, and growth is judged by ${FEWEST_SAMPLES} or more; let it run longer or sample more often`,
    );
  let [agents, defects] = [0, 0];
  const counted = async (worldId: string): Promise<Agent> => {
    const agent = await options.startAgent(worldId);
    agents++;
    return {
      ...agent,
      async dispose() {
        agents--;
        await agent.dispose();
      },
    };
  };
  const server = await startLiveServer(
    {
      worlds: new Map(worlds.map((world) => [world.spec.id, world])),
      agents: new AgentPool(counted),
      page: new Map(),
      settings: { world: worlds[0]?.spec.id ?? '', seed: 0, rendererSteps: 1 },
      clock,
      onDefect: (error) => {
        defects++;
        options.onDefect(error);
      },
    },
    {
      ...defaultLiveServerConfig,
      host: '127.0.0.1',
      port: 0,
      token: TOKEN,
      maxViewers: 2 * viewers + 2,
      retentionMs: RETENTION_MS,
    },
  );
  const order: SoakOrder = {
    port: server.port,
    token: TOKEN,
    viewers,
    seed,
    worlds: worlds.map(({ spec }) => spec.id),
  };
  const thread = startWorker(new URL('./soakViewers.ts', import.meta.url), order);
  let tally: SoakTally = { visits: 0, stalls: 0, vanished: 0, requests: 0, frames: 0, errors: 0, errorTexts: [] };
  thread.on('message', (message: SoakTally) => {
    tally = message;
  });
  const collect = collector();
  const samples: SoakSample[] = [];
  const began = clock.now();
  try {
    while (!until.aborted && clock.now() - began < 60_000 * minutes) {
      await pause(1000 * sampleSeconds, until);
      collect();
      const sample = await sampleNow((clock.now() - began) / HOUR_MS, agents);
      samples.push(sample);
      options.onSample?.(sample);
    }
  } finally {
    await thread.terminate();
    await server.close();
  }
  const judged = QUANTITIES.map((name) => {
    const series = samples.map((sample) => ({ hours: sample.hours, value: sample[name] }));
    return [name, growthOf(series, SOAK_LIMITS[name]) ?? null] as const;
  });
  const quantities = Object.fromEntries(judged) as SoakReport['quantities'];
  const ok = defects === 0 && judged.every(([, growth]) => growth?.grows === false);
  const took = (clock.now() - began) / 60_000;
  return { minutes: took, viewers, samples: samples.length, tally, defects, quantities, ok };
}

async function sampleNow(hours: number, agents: number): Promise<SoakSample> {
  const { rss: server, heapUsed, external } = process.memoryUsage();
  const { rss, threads } = await processTreeUse();
  const handles = process.getActiveResourcesInfo();
  return {
    hours,
    serverMb: server / MB,
    rssMb: rss / MB,
    heapMb: heapUsed / MB,
    externalMb: external / MB,
    threads,
    agents,
    sockets: handles.filter((kind) => /^(TCP|Pipe)/.test(kind)).length,
  };
}

/** Collects garbage, so that a sample of the heap is what is still reached. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

function pause(milliseconds: number, until: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      until.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    until.addEventListener('abort', done);
  });
}
