/**
 * The server bench: how old frames are when they reach their viewers, with many sessions at once and with a client that
 * does harm. Server, sockets, physics and drawing are real; the agent answers at once (`promptAgent.ts`), since
 * planning has a bench of its own, and viewers are threads of this machine, on loopback. Every row has a new server.
 */
import { once } from 'node:events';
import type { Clock } from '../../../shared/clock.ts';
import { startWorker } from '../../../shared/startWorker.ts';
import type { WorldDefinition } from '../../../shared/world.ts';
import { AgentPool } from '../../agent/agentPool.ts';
import { percentile } from '../../evaluation/percentile.ts';
import { defaultLiveServerConfig, startLiveServer } from '../../live/liveServer.ts';
import { promptAgent } from './promptAgent.ts';
import { stampedWorld } from './stampedWorld.ts';
import { type Disturbance, sharedMicroseconds, type ViewerOrder, type ViewerReport } from './viewerMessages.ts';

export interface ServerRow {
  readonly viewers: number;
  readonly disturbance: Disturbance;
  /** Frames a second that a viewer received, on average. */
  readonly fps: number;
  readonly frameAgeMs: { readonly p50: number; readonly p99: number };
  readonly dropped: number;
  /** Viewers that lost their connection. */
  readonly lost: number;
  /** Memory of the process at the end, viewers included. */
  readonly rssMb: number;
}

export interface ServerBench {
  readonly definition: WorldDefinition;
  /** Viewers of each row; the last has further rows with a client that does harm. */
  readonly viewers: readonly number[];
  readonly fps: number;
  readonly seconds: number;
  /** Seconds before frames count, once every viewer has one, for code to be compiled; 2 unless told. */
  readonly warmUpSeconds?: number;
  readonly clock: Clock;
  /** Told of each row as it is measured. */
  readonly onRow?: (row: ServerRow) => void;
  readonly onDefect: (error: unknown) => void;
}

const WARM_UP_SECONDS = 2;
const TOKEN = 'bench';

/** Measures every row, one after another. */
export async function benchServer(bench: ServerBench): Promise<ServerRow[]> {
  const most = bench.viewers.at(-1) ?? 1;
  const plans = [
    ...bench.viewers.map((viewers) => ({ viewers, disturbance: 'none' as const })),
    { viewers: most, disturbance: 'stalled' as const },
    { viewers: most, disturbance: 'flooding' as const },
  ];
  const rows: ServerRow[] = [];
  for (const { viewers, disturbance } of plans) {
    const row = await measure(bench, viewers, disturbance);
    rows.push(row);
    bench.onRow?.(row);
  }
  return rows;
}

async function measure(bench: ServerBench, viewers: number, disturbance: Disturbance): Promise<ServerRow> {
  const { definition, fps, seconds, warmUpSeconds = WARM_UP_SECONDS, clock, onDefect } = bench;
  const { id, action } = definition.spec;
  const server = await startLiveServer(
    {
      worlds: new Map([[id, stampedWorld(definition, fps, sharedMicroseconds)]]),
      agents: new AgentPool(async () => promptAgent(id, action)),
      page: new Map(),
      settings: { world: id, seed: 0, rendererSteps: 1 },
      clock,
      onDefect,
    },
    // One place for whoever does harm, and one for its return before it is missed.
    { ...defaultLiveServerConfig, host: '127.0.0.1', port: 0, token: TOKEN, maxViewers: viewers + 2 },
  );
  const order: ViewerOrder = {
    port: server.port,
    token: TOKEN,
    viewers,
    disturbance,
    warmUpMs: 1000 * warmUpSeconds,
    measureMs: 1000 * seconds,
  };
  const thread = startWorker(new URL('./viewerThread.ts', import.meta.url), order);
  try {
    const [report] = (await once(thread, 'message')) as [ViewerReport];
    return {
      viewers,
      disturbance,
      fps: report.ages.length / viewers / seconds,
      frameAgeMs: { p50: percentile(report.ages, 0.5), p99: percentile(report.ages, 0.99) },
      dropped: report.dropped,
      lost: report.lost,
      rssMb: process.memoryUsage.rss() / 2 ** 20,
    };
  } finally {
    await thread.terminate();
    await server.close();
  }
}
