/**
 * What several futures cost the server, in each world: `npx tsx test/server/measureFutures.ts [--futures 4] [--seconds
 * 10] [--steps 1] [--world W]`. First the work on the main thread for the futures of one plan, in processor time, so that it is the
 * same on a busy machine, and the longest of the parts in which it is done.
 * Then the clock of `npm start`, a process of its own, watched over a socket without futures and with: the time between
 * two steps of one plan beside what it should be, and the time for which the clock stands while a plan is made. Times
 * are p50 / p95 / p99.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { loadWorld, worldIds } from '../../envs/registry.ts';
import { percentile } from '../../server/evaluation/percentile.ts';
import { branchedFutures } from '../../server/live/branchedFutures.ts';
import { Episode } from '../../server/live/episode.ts';
import { futureSpread, shapeLocator } from '../../server/live/futureSpread.ts';
import { variedPlans } from '../../server/live/variedPlans.ts';
import {
  type ClientMessage,
  PROTOCOL_VERSION,
  serverMessageSchema,
  settingsSchema,
} from '../../shared/protocol/control.ts';
import { decodeFrameMessage, type MessageKind } from '../../shared/protocol/frames.ts';
import { Random } from '../../shared/random.ts';
import { sample } from '../../shared/space.ts';
import { printedAddress } from './printedAddress.ts';

const HORIZON = 8;
const PLANS = 30;
const WARM_UP_MS = 6000;

const { values } = parseArgs({
  options: {
    futures: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '10' },
    world: { type: 'string' },
    steps: { type: 'string', default: '1' },
  },
});
const [futures, seconds, rendererSteps] = [Number(values.futures), Number(values.seconds), Number(values.steps)];
const worlds = values.world === undefined ? worldIds() : [values.world];

for (const world of worlds) {
  process.stdout.write(`${world}: ${await mainThread(world)}\n`);
  const server = spawn(
    process.execPath,
    ['--import', 'tsx', 'server/cli/main.ts', 'serve', '--world', world, '--port', '0'],
    { cwd: fileURLToPath(new URL('../../', import.meta.url)), stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const address = await printedAddress(server);
  for (const count of [0, futures]) process.stdout.write(`  ${count} futures: ${await clockOf(address, count)}\n`);
  server.kill('SIGTERM');
  await once(server, 'exit');
}

/** Physics, drawing and reading for the futures of one plan, and the longest part. */
async function mainThread(id: string): Promise<string> {
  const definition = await loadWorld(id);
  const space = definition.spec.action;
  const [random, episode] = [new Random(1), new Episode(definition, 1)];
  const { copy } = episode.branch();
  const locate = shapeLocator(copy.scene(), episode.spec, episode.subject ?? '');
  const costs: { readonly all: number; readonly longest: number }[] = [];
  for (let i = 0; i < 2 * PLANS; i++) {
    const actions = Float32Array.from(Array.from({ length: HORIZON }, () => sample(space, random)).flat());
    const plans = variedPlans({ actions, horizon: HORIZON }, space, futures, random);
    const before = processorMs();
    const branch = episode.branch(copy);
    const parts = [processorMs() - before];
    const films = timed(branchedFutures({ ...branch, plans, horizon: HORIZON }), parts);
    // Imagined frames are read like true ones.
    if (locate !== undefined) for (const each of [films, films]) timed(futureSpread(each, locate), parts);
    costs.push({ all: parts.reduce((sum, part) => sum + part, 0), longest: Math.max(...parts) });
    if (episode.step(sample(space, random)) !== 'underway') break;
  }
  const warm = costs.slice(Math.min(PLANS, costs.length / 2)); // the code is compiled by then
  const all = warm.map((cost) => cost.all);
  const longest = percentile(
    warm.map((cost) => cost.longest),
    0.95,
  );
  return `main thread ${milliseconds(all)} for ${futures} futures of ${HORIZON} steps, longest part ${longest.toFixed(2)} ms`;
}

/** Of all threads of this process, of which but one works. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function timed<T>(work: Generator<void, T>, parts: number[]): T {
  for (;;) {
    const began = processorMs();
    const result = work.next();
    parts.push(processorMs() - began);
    if (result.done) return result.value;
  }
}

/** Watches the clock for a while, once plans come as they are asked for. */
async function clockOf(address: string, count: number): Promise<string> {
  const html = await (await fetch(address)).text();
  const token = /name="reverie-token" content="([^"]+)"/.exec(html)?.[1] ?? '';
  const socket = new WebSocket(`${address.replace('http', 'ws')}socket?token=${token}`);
  socket.binaryType = 'arraybuffer';
  await once(socket, 'open');
  const say = (message: ClientMessage): void => socket.send(JSON.stringify(message));
  const arrivals: {
    readonly kind: MessageKind;
    readonly envStep: number;
    readonly at: number;
    readonly bytes: number;
  }[] = [];
  let [stepMs, dropped] = [0, 0];
  socket.on('message', (data, isBinary) => {
    const at = performance.now();
    if (isBinary) {
      const { kind, envStep, seq } = decodeFrameMessage(data as ArrayBuffer);
      arrivals.push({ kind, envStep, at, bytes: (data as ArrayBuffer).byteLength });
      say({ type: 'ack', seq });
      return;
    }
    const message = serverMessageSchema.parse(JSON.parse(String(data)));
    if (message.type === 'episode') stepMs = 1000 * message.stepSeconds;
    if (message.type === 'stats') dropped = message.droppedFutures ?? 0;
  });
  say({ type: 'hello', version: PROTOCOL_VERSION });
  const settings = { futures: count, rendererSteps: settingsSchema.shape.rendererSteps.parse(rendererSteps) };
  say({ type: 'configure', request: 1, settings });
  await setTimeout(WARM_UP_MS);
  const begun = dropped;
  arrivals.length = 0;
  await setTimeout(1000 * seconds);
  socket.terminate();

  const [late, standing]: [number[], number[]] = [[], []];
  const clock = arrivals.filter(({ kind }) => kind !== 'futures');
  for (const [i, { kind, envStep, at }] of clock.entries()) {
    const before = clock[i - 1];
    if (before?.kind !== 'tick') continue;
    if (kind === 'plan' && before.envStep === envStep) standing.push(at - before.at);
    if (kind === 'tick' && before.envStep === envStep - 1) late.push(at - before.at - stepMs);
  }
  const sent = arrivals.filter(({ kind }) => kind === 'futures');
  const size = sent.reduce((sum, { bytes }) => sum + bytes, 0) / Math.max(1, sent.length);
  return [
    `${(clock.filter(({ kind }) => kind === 'tick').length / seconds).toFixed(2)} steps/s`,
    `steps of ${stepMs.toFixed(0)} ms late by ${milliseconds(late)}`,
    `stands for a plan ${milliseconds(standing)}`,
    `${sent.length} sets of ${(size / 1000).toFixed(0)} kB, ${dropped - begun} dropped`,
  ].join('; ');
}

function milliseconds(times: readonly number[]): string {
  return `${[0.5, 0.95, 0.99].map((share) => percentile(times, share).toFixed(1)).join(' / ')} ms`;
}
