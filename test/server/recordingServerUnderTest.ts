/**
 * A live server with a folder of recordings, for tests: real HTTP and real sockets over a make-believe world and agent.
 * Every page that a test opens is cut off after it, the server closed, and no defect may have come up meanwhile.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { AgentPool } from '../../server/agent/agentPool.ts';
import { defaultLiveServerConfig, type LiveServer, startLiveServer } from '../../server/live/liveServer.ts';
import { LiveRecordings } from '../../server/recording/liveRecordings.ts';
import { RecordingShelf } from '../../server/recording/recordingShelf.ts';
import { type RecordingSummary, recordingListSchema } from '../../shared/protocol/recordings.ts';
import { fakeAgent } from './fakeAgent.ts';
import { fakeWorld } from './fakeWorld.ts';
import { page, token } from './liveServerUnderTest.ts';
import { TestPage } from './testPage.ts';

const worlds = new Map([fakeWorld(), fakeWorld({ id: 'slow', goal: 9999, budget: 9999 })].map((w) => [w.spec.id, w]));

export interface Answered {
  readonly status: number;
  readonly body: Buffer;
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

export interface RecordingServerUnderTest {
  /** Where recordings are kept. */
  directory(): string;
  /** Ends the server, and resolves when all that it was writing is there. */
  close(): Promise<void>;
  /** Asks for a path as it stands: no client tidies it. */
  ask(path: string, options?: AskOptions): Promise<Answered>;
  listed(): Promise<RecordingSummary[]>;
  upload(body: Uint8Array): Promise<Answered>;
  /** Opens a page: of the live session, of a recording, or of the session that another page is in. */
  watch(recording?: string, session?: string): Promise<TestPage>;
  /** Records some steps in the middle of a task; resolves with the id. */
  recorded(): Promise<string>;
}

/** Address of the recordings, or of what `path` says of them. */
export const at = (path = ''): string => `/recordings${path}?token=${token}`;

export const json = ({ body }: Answered): unknown => JSON.parse(String(body));

/** Registers the hooks of a suite. */
export function recordingServerUnderTest(): RecordingServerUnderTest {
  let directory: string;
  let server: LiveServer;
  let recordings: LiveRecordings;
  const pages: TestPage[] = [];
  const defects: unknown[] = [];

  beforeEach(async () => {
    directory = join(await mkdtemp(join(tmpdir(), 'recordings-')), 'kept');
    const clock = { now: () => performance.now() };
    const onFailure = (error: unknown) => defects.push(error);
    recordings = await LiveRecordings.open({ directory, clock, sources: new Map(), onFailure });
    server = await startLiveServer(
      {
        worlds,
        agents: new AgentPool(async (id) => fakeAgent(id)),
        page,
        settings: { world: 'slow', seed: 3, rendererSteps: 1 },
        clock,
        recordings,
        shelf: new RecordingShelf({ directory, worlds }),
        onDefect: (error) => defects.push(error),
      },
      { ...defaultLiveServerConfig, host: '127.0.0.1', port: 0, token },
    );
  });

  afterEach(async () => {
    for (const { socket } of pages.splice(0)) socket.terminate();
    await close();
    await rm(join(directory, '..'), { recursive: true });
    expect(defects.splice(0)).toEqual([]);
  });

  async function close(): Promise<void> {
    await server.close();
    await recordings.settled();
  }

  function ask(path: string, { method = 'GET', headers = {}, body }: AskOptions = {}): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts) }));
        response.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  const listed = async (): Promise<RecordingSummary[]> => recordingListSchema.parse(json(await ask(at()))).recordings;

  async function watch(recording?: string, session?: string): Promise<TestPage> {
    const opened = new TestPage({ port: server.port, token });
    pages.push(opened);
    await opened.greet(undefined, session, recording);
    return opened;
  }

  return {
    directory: () => directory,
    close,
    ask,
    listed,
    upload: (body) => ask(at(), { method: 'POST', body }),
    watch,
    async recorded() {
      const watcher = await watch();
      await watcher.until(() => watcher.ticks().length > 3, 'ticks');
      watcher.ask({ type: 'record', on: true });
      await watcher.message('recording', ({ on }) => on);
      watcher.ask({ type: 'record', on: false });
      await watcher.message('heard', (heard) => heard.request === 2);
      const [only] = await listed();
      watcher.socket.terminate();
      return only?.id ?? 'none';
    },
  };
}
