/** A real server of the world `endless` for page tests, which keeps its recordings in a folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Agent } from '../../server/agent/agent.ts';
import { AgentPool } from '../../server/agent/agentPool.ts';
import { defaultLiveServerConfig, type LiveServerConfig, startLiveServer } from '../../server/live/liveServer.ts';
import { readPageFiles } from '../../server/live/pageFiles.ts';
import { LiveRecordings } from '../../server/recording/liveRecordings.ts';
import { RecordingShelf } from '../../server/recording/recordingShelf.ts';
import { builtPage } from './browser.ts';
import { endlessWorld as world } from './endlessWorld.ts';

export interface ServerWithRecordings {
  /** Where recordings lie; gone when it is closed. */
  readonly directory: string;
  readonly recordings: LiveRecordings;
  readonly shelf: RecordingShelf;
  readonly address: string;
  close(): Promise<void>;
}

/** Starts it; `load` makes its agents. Sessions are kept as long as the server keeps them by itself unless told. */
export async function serveWithRecordings(
  load: () => Agent,
  kept: Partial<Pick<LiveServerConfig, 'retentionMs' | 'leftMs'>> = {},
): Promise<ServerWithRecordings> {
  const directory = await mkdtemp(join(tmpdir(), 'recordings-page-'));
  const clock = { now: () => performance.now() };
  const fail = (error: unknown) => {
    throw error;
  };
  const worlds = new Map([[world.spec.id, world]]);
  const recordings = await LiveRecordings.open({ directory, clock, sources: new Map(), onFailure: fail });
  const shelf = new RecordingShelf({ directory, worlds });
  const server = await startLiveServer(
    {
      worlds,
      agents: new AgentPool(async () => load()),
      page: await readPageFiles(builtPage()),
      settings: { world: 'endless', seed: 3, rendererSteps: 1 },
      clock,
      recordings,
      shelf,
      onDefect: fail,
    },
    { ...defaultLiveServerConfig, ...kept, pingMs: 60_000, host: '127.0.0.1', port: 0, token: 'a-secret' },
  );
  return {
    directory,
    recordings,
    shelf,
    address: `http://127.0.0.1:${server.port}/`,
    async close() {
      await server.close();
      await rm(directory, { recursive: true });
    },
  };
}
