/**
 * The live server of a test: real HTTP and real sockets over make-believe worlds and agents. Every page that a test opens
 * is cut off after it, the server closed, and no defect may have come up meanwhile.
 */
import type { Socket } from 'node:net';
import { afterEach, expect } from 'vitest';
import { AgentPool } from '../../server/agent/agentPool.ts';
import {
  defaultLiveServerConfig,
  type LiveServer,
  type LiveServerParts,
  startLiveServer,
} from '../../server/live/liveServer.ts';
import type { PageFiles } from '../../server/live/pageFiles.ts';
import type { ViewerConfig } from '../../server/live/viewerConnection.ts';
import { ServerError, WeightsError } from '../../shared/errors.ts';
import { fakeAgent } from './fakeAgent.ts';
import { fakeWorld } from './fakeWorld.ts';
import { TestPage, type TestPageOptions } from './testPage.ts';

export const token = 'a-secret';
export const page: PageFiles = new Map([
  [
    '/index.html',
    { type: 'text/html; charset=utf-8', body: Buffer.from('<html><head></head></html>'), immutable: false },
  ],
  ['/assets/page.js', { type: 'text/javascript; charset=utf-8', body: Buffer.from('export {}'), immutable: true }],
]);
export const worlds = new Map(
  [
    fakeWorld(),
    fakeWorld({ id: 'lost', goal: 99, budget: 5 }),
    fakeWorld({ id: 'endless', goal: 9999, budget: 9999 }),
    fakeWorld({ id: 'broken', breaksAt: 2 }),
    fakeWorld({ id: 'untrained' }),
    fakeWorld({ id: 'mortal' }),
    fakeWorld({ id: 'musing', goal: 9999, budget: 9999 }),
    fakeWorld({ id: 'patient', goal: 9999, budget: 9999 }),
    fakeWorld({ id: 'slow', goal: 9999, budget: 9999, stepSeconds: 0.1 }),
  ].map((world) => [world.spec.id, world]),
);

/** Recordings are neither made nor replayed unless they are given. */
export interface TestServerOptions extends Pick<LiveServerParts, 'record' | 'recordings' | 'shelf'> {
  readonly world?: string;
  readonly viewer?: Partial<ViewerConfig>;
  readonly maxViewers?: number;
  readonly retentionMs?: number;
  readonly leftMs?: number;
  readonly pingMs?: number;
}

export interface LiveServerUnderTest {
  startServer(options?: TestServerOptions): Promise<void>;
  /** Port of the server that was started last. */
  port(): number;
  /** Opens a socket that has not said hello. */
  open(options?: Partial<TestPageOptions>): TestPage;
  /** Opens a socket and is welcomed. */
  watch(options?: Partial<TestPageOptions>): Promise<TestPage>;
  /** Worlds whose agents have been put away, in order. */
  readonly disposed: readonly string[];
}

/** Registers the hook that closes what a test has opened. */
export function liveServerUnderTest(): LiveServerUnderTest {
  let server: LiveServer;
  const pages: TestPage[] = [];
  const disposed: string[] = [];
  const defects: unknown[] = [];

  afterEach(async () => {
    for (const opened of pages) opened.socket.terminate();
    pages.length = 0;
    await server.close();
    disposed.length = 0;
    expect(defects).toEqual([]);
  });

  const open = (options: Partial<TestPageOptions> = {}) => {
    const opened = new TestPage({ port: server.port, token, ...options });
    pages.push(opened);
    return opened;
  };
  const agents = () =>
    new AgentPool(async (id) => {
      if (id === 'untrained') throw new WeightsError('there is no agent; train one');
      const dispose = async () => void disposed.push(id);
      if (id === 'patient') return fakeAgent(id, { dispose, stepCounts: 64 });
      if (id === 'musing') return fakeAgent(id, { dispose, imagine: () => new Promise(() => {}) });
      if (id !== 'mortal') return fakeAgent(id, { dispose });
      return fakeAgent(id, { dispose, plan: () => Promise.reject(new ServerError('the thread has ended')) });
    });
  return {
    startServer: async ({ world = 'line', viewer, record, recordings, shelf, ...config } = {}) => {
      server = await startLiveServer(
        {
          worlds,
          agents: agents(),
          page,
          settings: { world, seed: 3, rendererSteps: 1 },
          clock: { now: () => performance.now() },
          onDefect: (error) => defects.push(error),
          ...(record && { record }),
          ...(recordings && { recordings }),
          ...(shelf && { shelf }),
        },
        {
          ...defaultLiveServerConfig,
          ...config,
          viewer: { ...defaultLiveServerConfig.viewer, ...viewer },
          host: '127.0.0.1',
          port: 0,
          token,
        },
      );
    },
    port: () => server.port,
    open,
    watch: async (options) => {
      const opened = open(options);
      await opened.greet();
      return opened;
    },
    disposed,
  };
}

/** Sees that a page is still told of what happens. */
export async function goesOn(bystander: TestPage): Promise<void> {
  const seen = bystander.ticks().length;
  await bystander.until(() => bystander.ticks().length > seen + 2, 'ticks');
}

/** The connection under a page's socket, to write what no client would. */
export function rawSocket({ socket }: TestPage): Socket {
  return (socket as unknown as { readonly _socket: Socket })._socket;
}

export const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
