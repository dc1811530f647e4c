/**
 * What the page costs a browser's main thread: `npx tsx test/page/measurePage.ts [--futures 0,4,8] [--seconds 10]
 * [--world push-t]`. First comes an empty page that asks for frames and draws nothing, to show how many the browser gives
 * at all. The server runs as in `npm start`, idle until then; for each number of futures a page that shows stage and futures
 * at once is traced by the browser itself (Chrome's trace events), and the tasks of its main thread are counted between
 * one animation frame and the next: the processor time that they take, and the time until they have ended, which also
 * holds waiting for the compositor and for a core. Times are p50 / p95 / p99. Chromium draws in software here, beside
 * the server and on the same cores: that is other threads' work, but frames come as late as it makes them.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { percentile } from '../../server/evaluation/percentile.ts';
import { printedAddress } from '../server/printedAddress.ts';
import { chromiumOptions } from './chromiumOptions.ts';
import { openPage } from './openPage.ts';

/** Until code is compiled and futures have come. */
const WARM_UP_MS = 8000;
const FRAME_MS = 1000 / 60;
const VIEWPORT = { width: 1280, height: 1600 };
const CATEGORIES = ['disabled-by-default-devtools.timeline', 'devtools.timeline'];

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** Microseconds on a processor. */
  readonly tdur?: number;
}

const { values } = parseArgs({
  options: {
    futures: { type: 'string', default: '0,4,8' },
    seconds: { type: 'string', default: '10' },
    world: { type: 'string', default: 'push-t' },
  },
});

const server = spawn(
  process.execPath,
  ['--import', 'tsx', 'server/cli/main.ts', 'serve', '--world', values.world, '--port', '0'],
  { cwd: fileURLToPath(new URL('../../', import.meta.url)), stdio: ['ignore', 'pipe', 'ignore'] },
);
const [address, browser] = await Promise.all([printedAddress(server), chromium.launch(chromiumOptions)]);
try {
  process.stdout.write(`empty page: ${await traceEmpty(browser)}\n`);
  for (const futures of values.futures.split(','))
    process.stdout.write(`${futures} futures: ${await trace(browser, `${address}?futures=${futures}`)}\n`);
} finally {
  await browser.close();
  server.kill('SIGTERM');
  await once(server, 'exit');
}

async function trace(browser: Browser, url: string): Promise<string> {
  const { page } = await openPage(browser, url, { viewport: VIEWPORT });
  const costs = await traced(browser, page);
  const shown = await page.getByTestId('what-if').getAttribute('data-futures');
  await page.close();
  return `${costs}; ${shown ?? 'no'} futures shown`;
}

/** A page that does nothing but ask for the next frame; nobody watches the server meanwhile, so that no agent thinks. */
async function traceEmpty(browser: Browser): Promise<string> {
  const { page } = await openPage(browser, 'about:blank', { viewport: VIEWPORT });
  await page.setContent('<script>(function again() { requestAnimationFrame(again); })()</script>');
  const costs = await traced(browser, page);
  await page.close();
  return costs;
}

/** How often a page has frames, and what they cost. */
async function traced(browser: Browser, page: Page): Promise<string> {
  await setTimeout(WARM_UP_MS);
  await browser.startTracing(page, { categories: CATEGORIES });
  await setTimeout(1000 * Number(values.seconds));
  const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as { traceEvents: TraceEvent[] };
  const frames = framesOf(traceEvents);
  const [busy, ended] = [frames.map(({ busyMs }) => busyMs), frames.map(({ endedMs }) => endedMs)];
  const seconds = frames.reduce((sum, { lengthMs }) => sum + lengthMs, 0) / 1000;
  const over = (times: readonly number[]) =>
    `${((100 * times.filter((time) => time > FRAME_MS).length) / times.length).toFixed(1)}% over ${FRAME_MS.toFixed(1)} ms`;
  return [
    `${(frames.length / seconds).toFixed(1)} frames/s`,
    `main thread ${milliseconds(busy)} of processor a frame, ${over(busy)}`,
    `${milliseconds(ended)} until its tasks have ended, ${over(ended)}`,
    `on a processor ${((0.1 * busy.reduce((sum, time) => sum + time, 0)) / seconds).toFixed(1)}% of the time`,
  ].join('; ');
}

/** From each animation frame to the next: its length, and the times of all tasks that ended in it. */
function framesOf(events: readonly TraceEvent[]) {
  const fired = events.filter(({ name }) => name === 'FireAnimationFrame').sort((a, b) => a.ts - b.ts);
  const [first] = fired;
  if (first === undefined) throw new Error('the trace has no animation frames');
  const tasks = events.filter(({ name, pid, tid }) => name === 'RunTask' && pid === first.pid && tid === first.tid);
  return fired.slice(1).map(({ ts }, i) => {
    const { ts: from } = fired[i] as TraceEvent;
    const within = tasks.filter((task) => task.ts + (task.dur ?? 0) > from && task.ts + (task.dur ?? 0) <= ts);
    const sum = (time: 'dur' | 'tdur') => within.reduce((all, task) => all + (task[time] ?? 0), 0) / 1000;
    return { lengthMs: (ts - from) / 1000, busyMs: sum('tdur'), endedMs: sum('dur') };
  });
}

function milliseconds(times: readonly number[]): string {
  return `${[0.5, 0.95, 0.99].map((share) => percentile(times, share).toFixed(2)).join(' / ')} ms`;
}
