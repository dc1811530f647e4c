/**
 * The server that people open in their browser: it gives out the page by HTTP and lets it open one socket to its live
 * session. All that is refused is refused here, before a socket exists; what happens on a socket is
 * `viewerConnection.ts`.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../shared/clock.ts';
import { ServerError } from '../../shared/errors.ts';
import type { Settings } from '../../shared/protocol/control.ts';
import type { AgentPool } from '../agent/agentPool.ts';
import type { LiveRecordings } from '../recording/liveRecordings.ts';
import type { BeginRecording } from '../recording/recordingFolder.ts';
import type { RecordingShelf } from '../recording/recordingShelf.ts';
import type { TrainingRuns } from '../training/runs/trainingRuns.ts';
import { type AdmissionConfig, type Refusal, refusePage, refuseSocket } from './admission.ts';
import { LiveSession } from './liveSession.ts';
import type { Worlds } from './liveSessionOptions.ts';
import { type PageFiles, withToken } from './pageFiles.ts';
import { answerRecordings, isRecordingAddress } from './recordingRoutes.ts';
import { ReplaySession } from './replaySession.ts';
import { LEFT_MS, RETENTION_MS, SessionRegistry } from './sessionRegistry.ts';
import { SpareTime } from './spareTime.ts';
import { answerTrainings, isTrainingAddress } from './trainingRoutes.ts';
import { defaultViewerConfig, type ViewerConfig, ViewerConnection } from './viewerConnection.ts';

export interface LiveServerConfig extends AdmissionConfig {
  readonly port: number;
  readonly maxViewers: number;
  /** Between two pings; a page that misses two is cut off. */
  readonly pingMs: number;
  readonly retentionMs: number;
  /** For which a session that was left for a recording is kept at most. */
  readonly leftMs: number;
  readonly viewer: ViewerConfig;
}

export const defaultLiveServerConfig: Omit<LiveServerConfig, 'host' | 'port' | 'token'> = {
  maxViewers: 16,
  pingMs: 5000,
  retentionMs: RETENTION_MS,
  leftMs: LEFT_MS,
  viewer: defaultViewerConfig,
};

export interface LiveServerParts {
  readonly worlds: Worlds;
  readonly agents: AgentPool;
  readonly page: PageFiles;
  /** What a new session begins with. */
  readonly settings: Settings;
  readonly clock: Clock;
  /** Records every episode of every session, when given. */
  readonly record?: BeginRecording;
  /** What people record of their sessions, and where recordings are found again, when given. */
  readonly recordings?: LiveRecordings;
  readonly shelf?: RecordingShelf;
  /** What people train in the page, when given. */
  readonly trainings?: TrainingRuns;
  readonly onDefect: (error: unknown) => void;
}

export interface LiveServer {
  /** The port that it listens on. */
  readonly port: number;
  /** Ends every session and connection. */
  close(): Promise<void>;
}

/** Bytes of the longest message that a page may send. */
const MAX_MESSAGE_BYTES = 64 * 1024;

/** How long a page has to answer a goodbye. */
const GOODBYE_MS = 500;

const SOCKET_PATH = '/socket';

const HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * Starts a server.
 * @throws ServerError when the port is in use or may not be used.
 */
export async function startLiveServer(parts: LiveServerParts, config: LiveServerConfig): Promise<LiveServer> {
  const spareTime = new SpareTime(parts.clock);
  const sessions = new SessionRegistry(
    (recording) =>
      recording === undefined
        ? new LiveSession({ ...parts, spareTime })
        : new ReplaySession(recording, { ...parts, spareTime }),
    config.maxViewers,
    config.retentionMs,
    config.leftMs,
  );
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  const worlds = [...parts.worlds.values()].map(({ spec: { id, title, description } }) => ({ id, title, description }));
  const viewer = { sessions, worlds, clock: parts.clock, config: config.viewer };
  sockets.on('connection', (socket) => new ViewerConnection(socket, viewer));

  const server = createServer((request, response) => {
    const address = addressOf(request);
    const asked = { request, response, address, headers: HEADERS, admission: config, spareTime, ...parts };
    if (isRecordingAddress(address)) void answerRecordings(asked);
    else if (isTrainingAddress(address)) void answerTrainings(asked);
    else givePage(request, response, parts.page, config);
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const refusal = refuseUpgrade(request, sockets, config);
    if (refusal === undefined)
      sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened));
    else turnAway(socket, refusal);
  });
  server.on('clientError', (_, socket) => socket.destroy());
  await listen(server, config);
  const stopPinging = keepAlive(sockets, config.pingMs);
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      stopPinging();
      sessions.close();
      const closed = new Promise((resolve) => server.close(resolve));
      await sayGoodbye(sockets);
      server.closeAllConnections();
      await closed;
      await Promise.all([parts.agents.settled(), parts.trainings?.close()]);
    },
  };
}

/** Closes every socket; one that does not answer in time is cut off. */
async function sayGoodbye(sockets: WebSocketServer): Promise<void> {
  const open = [...sockets.clients];
  for (const socket of open) socket.close(1001, 'the server ends');
  const gone = Promise.all(open.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
  await Promise.race([gone, setTimeout(GOODBYE_MS)]);
  for (const socket of open) socket.terminate();
}

function listen(server: Server, { host, port }: LiveServerConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new ServerError(explain(error, host, port))));
    server.listen(port, host, resolve);
  });
}

function explain({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} is in use; choose another with --port, or 0 for any that is free`;
    case 'EACCES':
      return `port ${port} may not be used; choose one above 1023 with --port`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `'${host}' is no address of this machine; choose another with --host`;
    default:
      return `the server cannot listen on ${host}:${port}: ${message}`;
  }
}

function givePage(request: IncomingMessage, response: ServerResponse, page: PageFiles, config: LiveServerConfig): void {
  const { pathname, searchParams } = addressOf(request);
  const path = pathname === '/' ? '/index.html' : pathname;
  const file = page.get(path);
  const isIndex = path === '/index.html';
  // Only the page itself carries the token; without it the other files are of no use.
  const query = isIndex ? searchParams : new URLSearchParams({ token: config.token });
  const refusal = refusePage(request.headers, query, config);
  if (refusal !== undefined) answer(response, refusal.status, 'text/plain; charset=utf-8', `${refusal.reason}\n`);
  else if (request.method !== 'GET' && request.method !== 'HEAD')
    answer(response, 405, 'text/plain; charset=utf-8', 'Only GET and HEAD are answered.\n');
  else if (file === undefined) answer(response, 404, 'text/plain; charset=utf-8', 'There is nothing here.\n');
  else {
    const cache = file.immutable ? 'public, max-age=31536000, immutable' : 'no-store';
    response.setHeader('cache-control', cache);
    answer(response, 200, file.type, isIndex ? withToken(file.body, config.token) : file.body);
  }
}

function answer(response: ServerResponse, status: number, type: string, body: Buffer | string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

function refuseUpgrade(
  request: IncomingMessage,
  sockets: WebSocketServer,
  config: LiveServerConfig,
): Refusal | undefined {
  const { pathname, searchParams } = addressOf(request);
  if (pathname !== SOCKET_PATH) return { status: 404, reason: `Sockets are opened at ${SOCKET_PATH}.` };
  const refusal = refuseSocket(request.headers, searchParams, config);
  if (refusal !== undefined) return refusal;
  if (sockets.clients.size < config.maxViewers) return undefined;
  return { status: 503, reason: `${config.maxViewers} pages are watching, which is all that fit; close one.` };
}

/** Answers, then cuts the connection: whoever keeps their side of it open holds nothing of the server's. */
function turnAway(socket: Duplex, { status, reason }: Refusal): void {
  const body = `${reason}\n`;
  const head = [
    `HTTP/1.1 ${status} Refused`,
    'content-type: text/plain; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.once('finish', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function addressOf(request: IncomingMessage): URL {
  const target = `http://server${request.url ?? '/'}`;
  return new URL(URL.canParse(target) ? target : 'http://server/malformed');
}

/** Pings every page; one that has not answered the last two is gone. */
function keepAlive(sockets: WebSocketServer, pingMs: number): () => void {
  const missed = new WeakMap<WebSocket, number>();
  sockets.on('connection', (socket) => socket.on('pong', () => missed.set(socket, 0)));
  const timer = setInterval(() => {
    for (const socket of sockets.clients) {
      const count = missed.get(socket) ?? 0;
      if (count >= 2) socket.terminate();
      missed.set(socket, count + 1);
      socket.ping();
    }
  }, pingMs);
  return () => clearInterval(timer);
}
