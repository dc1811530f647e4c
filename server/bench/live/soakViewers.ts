/**
 * The viewers of a soak, in a thread of their own. Each visits, stays for some seconds, does what people do, and goes:
 * some say goodbye, some vanish, some stop acknowledging and stall their session. Then it comes again, now and then to
 * the session that it left. Everything is drawn from the seed but for the time that answers take.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { WebSocket } from 'ws';
import { type ClientMessage, PROTOCOL_VERSION, serverMessageSchema } from '../../../shared/protocol/control.ts';
import { decodeFrameMessage } from '../../../shared/protocol/frames.ts';
import { Random } from '../../../shared/random.ts';
import type { WorkerStart } from '../../../shared/startWorker.ts';

export interface SoakOrder {
  readonly port: number;
  readonly token: string;
  readonly viewers: number;
  readonly seed: number;
  /** Ids of worlds to choose from. */
  readonly worlds: readonly string[];
}

/** What viewers have done so far. */
export interface SoakTally {
  readonly visits: number;
  readonly stalls: number;
  readonly vanished: number;
  readonly requests: number;
  readonly frames: number;
  /** Errors that the server told of. */
  readonly errors: number;
  /** What the first of them said, each once. */
  readonly errorTexts: readonly string[];
}

type Request = Extract<ClientMessage, { type: 'configure' | 'transport' | 'drive' }>;
type Unnumbered = Request extends infer R ? (R extends Request ? Omit<R, 'request'> : never) : never;

const SHORTEST_VISIT_MS = 2000;
const LONGEST_VISIT_MS = 15_000;
const BETWEEN_REQUESTS_MS = 1500;
const BETWEEN_VISITS_MS = 500;
const TELL_MS = 1000;
const MOST_TEXTS = 10;
const STALLING = 0.2;
const VANISHING = 0.4;
const COMING_BACK = 0.3;

const { data: order } = workerData as WorkerStart<SoakOrder>;
const tally = { visits: 0, stalls: 0, vanished: 0, requests: 0, frames: 0, errors: 0, errorTexts: [] as string[] };
const root = new Random(order.seed).fork('soak');

for (let i = 0; i < order.viewers; i++) visit(root.fork(i), undefined);
setInterval(() => parentPort?.postMessage(tally satisfies SoakTally), TELL_MS);

/** One visit, and when it is over the next. */
function visit(random: Random, resume: string | undefined): void {
  tally.visits++;
  const stalls = random.uniform(0, 1) < STALLING;
  if (stalls) tally.stalls++;
  const socket = new WebSocket(`ws://127.0.0.1:${order.port}/socket?token=${order.token}`);
  socket.binaryType = 'arraybuffer';
  let token: string | undefined;
  let request = 0;
  const send = (message: ClientMessage): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  socket.on('error', () => {});
  socket.on('open', () => send({ type: 'hello', version: PROTOCOL_VERSION, ...(resume !== undefined && { resume }) }));
  socket.on('message', (data, isBinary) => {
    if (isBinary) {
      tally.frames++;
      const { seq } = decodeFrameMessage(data as ArrayBuffer);
      if (!stalls) send({ type: 'ack', seq, drawMs: 0 });
      return;
    }
    const message = serverMessageSchema.parse(JSON.parse(String(data)));
    if (message.type === 'welcome') token = message.resume;
    if (message.type === 'error') {
      tally.errors++;
      const { errorTexts } = tally;
      if (errorTexts.length < MOST_TEXTS && !errorTexts.includes(message.message)) errorTexts.push(message.message);
    }
  });
  const asking = setInterval(() => {
    tally.requests++;
    send({ ...choose(random), request: ++request });
  }, BETWEEN_REQUESTS_MS);
  setTimeout(
    () => {
      if (random.uniform(0, 1) < VANISHING) {
        tally.vanished++;
        socket.terminate();
      } else socket.close();
    },
    random.uniform(SHORTEST_VISIT_MS, LONGEST_VISIT_MS),
  );
  socket.on('close', () => {
    clearInterval(asking);
    const again = random.uniform(0, 1) < COMING_BACK ? token : undefined;
    setTimeout(() => visit(random, again), BETWEEN_VISITS_MS);
  });
}

/** Something that a person might ask of the session. */
function choose(random: Random): Unnumbered {
  const choices: readonly Unnumbered[] = [
    { type: 'configure', settings: { world: random.choice(order.worlds) } },
    { type: 'configure', settings: { seed: random.uint32() } },
    { type: 'configure', settings: { rendererSteps: random.choice([1, 2, 4, 8] as const) } },
    { type: 'configure', settings: { fan: random.uniform(0, 1) < 0.5 } },
    { type: 'transport', command: random.choice(['play', 'pause', 'step', 'next'] as const) },
    { type: 'transport', command: 'play' },
    { type: 'drive', direction: { x: 1, y: -0.5 }, world: random.choice(['truth', 'dream'] as const) },
    { type: 'drive', direction: null, world: 'truth' },
  ];
  return random.choice(choices);
}
