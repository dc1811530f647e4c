/**
 * The viewers of a bench, in a thread of their own so that they take no time from the server's: each opens a session,
 * acknowledges every frame as a page does once it has drawn it, and notes how old it was when it came.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { WebSocket } from 'ws';
import { PROTOCOL_VERSION, serverMessageSchema } from '../../../shared/protocol/control.ts';
import { decodeFrameMessage } from '../../../shared/protocol/frames.ts';
import type { WorkerStart } from '../../../shared/startWorker.ts';
import { readStamp } from './stampedWorld.ts';
import { sharedMicroseconds, type ViewerOrder, type ViewerReport } from './viewerMessages.ts';

/** A flood of 10,000 messages a second. */
const FLOOD_EVERY_MS = 10;
const FLOOD_BURST = 100;
const FLOOD_AGAIN_MS = 50;

const { data: order } = workerData as WorkerStart<ViewerOrder>;
const ages: number[] = [];
const dropped = new Map<WebSocket, number>();
/** Viewers that have not seen their first frame yet, nor lost their connection. */
const expected = new Set<WebSocket>();
let measuring = false;
let over = false;
let lost = 0;

const sockets = Array.from({ length: order.viewers }, watch);
for (const socket of sockets) expected.add(socket);
if (order.disturbance === 'stalled') stall();
if (order.disturbance === 'flooding') flood();

function connect(): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${order.port}/socket?token=${order.token}`);
  socket.binaryType = 'arraybuffer';
  socket.on('error', () => {});
  socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', version: PROTOCOL_VERSION })));
  return socket;
}

function watch(): WebSocket {
  const socket = connect();
  socket.on('close', () => {
    if (!over) lost++;
    began(socket);
  });
  socket.on('message', (data, isBinary) => {
    if (!isBinary) {
      const message = serverMessageSchema.parse(JSON.parse(String(data)));
      if (message.type === 'stats') dropped.set(socket, message.dropped);
      return;
    }
    const { seq, kind, streams } = decodeFrameMessage(data as ArrayBuffer);
    began(socket);
    const truth = streams.find(({ name }) => name === 'truth');
    if (measuring && kind === 'tick' && truth !== undefined)
      ages.push((sharedMicroseconds() - readStamp(truth.data)) / 1000);
    socket.send(JSON.stringify({ type: 'ack', seq, drawMs: 0 }));
  });
  return socket;
}

/** Measures once everyone has begun, and code has been compiled. */
function began(socket: WebSocket): void {
  if (!expected.delete(socket) || expected.size > 0) return;
  setTimeout(() => {
    measuring = true;
    setTimeout(report, order.measureMs);
  }, order.warmUpMs);
}

/** Asks for a session and takes nothing from the wire. */
function stall(): void {
  const socket = connect();
  socket.on('open', () => socket.pause());
}

/** Sends more than is allowed, and comes back whenever it is cut off. */
function flood(): void {
  const socket = connect();
  const pouring = setInterval(() => {
    if (socket.readyState !== socket.OPEN) return;
    for (let i = 0; i < FLOOD_BURST; i++) socket.send(JSON.stringify({ type: 'ack', seq: 0 }));
  }, FLOOD_EVERY_MS);
  socket.on('close', () => {
    clearInterval(pouring);
    if (!over) setTimeout(flood, FLOOD_AGAIN_MS);
  });
}

function report(): void {
  measuring = false;
  over = true;
  const left = [...dropped.values()].reduce((sum, count) => sum + count, 0);
  parentPort?.postMessage({ ages, dropped: left, lost } satisfies ViewerReport);
  for (const socket of sockets) socket.close();
}
