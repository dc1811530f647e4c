/**
 * Starts the process in which a world is tried out, hears what it says, and sees to its end. The process is the first
 * of a group of its own, which is killed as a whole, so that nothing that the world started stays behind. Its watchdog
 * ends it in time; should that fail, this does.
 */
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { startProcess } from '../../shared/startProcess.ts';
import { killGroup } from './killGroup.ts';
import { type Job, type Message, readMessage } from './messages.ts';
import { Printed } from './printed.ts';
import { REPORT_FD } from './reporter.ts';

/** How the process ended. */
export interface Ending {
  /** Whether it did all that it was asked. */
  readonly done: boolean;
  /** Why it ended before, if it could say. */
  readonly stopped?: Extract<Message, { kind: 'stopped' }>;
  /** The check that was under way. */
  readonly check: string;
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Printed;
  readonly stderr: Printed;
}

/** Seconds beyond a check's time after which the process is ended from here, since its watchdog didn't. */
const graceSeconds = 15;

/** Milliseconds that its pipes may stay open after it ended, held by something that left its group. */
const drainMilliseconds = 500;

/** Runs the job and tells each message; resolves when the process and its group have ended. */
export async function runContained(
  job: Job,
  observe: (message: Message) => void,
  interrupted?: AbortSignal,
): Promise<Ending> {
  const child = start(job);
  const [stdout, stderr] = [new Printed(child.stdout as Readable), new Printed(child.stderr as Readable)];
  const end = () => child.pid !== undefined && killGroup(child.pid);
  let [done, check] = [false, 'definition'];
  let stopped: Ending['stopped'];
  let timer = setTimeout(end, 0);
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(end, 1000 * (job.seconds + graceSeconds));
  };
  wait();
  interrupted?.addEventListener('abort', end);
  const reports = child.stdio[REPORT_FD] as Readable;
  reports.on('error', () => {});
  createInterface({ input: reports }).on('line', (line) => {
    const message = readMessage(job.token, line);
    if (!message) return;
    if (message.kind === 'begin') {
      check = message.check;
      wait();
    }
    if (message.kind === 'stopped') stopped = message;
    observe(message);
    if (message.kind !== 'done') return;
    done = true;
    end();
  });
  if (interrupted?.aborted) end();
  const { status, signal } = await exitOf(child);
  clearTimeout(timer);
  interrupted?.removeEventListener('abort', end);
  end();
  await drained(child);
  return { done, check, status, signal, stdout, stderr, ...(stopped && { stopped }) };
}

function start(job: Job): ChildProcess {
  const limit = `--max-old-space-size=${Math.ceil(job.megabytes)}`;
  const entry = new URL('./checkEntry.ts', import.meta.url);
  const options: SpawnOptions = { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], detached: true };
  return startProcess(entry, [JSON.stringify(job)], options, [limit]);
}

function exitOf(child: ChildProcess): Promise<{ status: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status, signal) => resolve({ status, signal }));
  });
}

/** Waits until everything that was printed has been read, and closes what is still open then. */
async function drained(child: ChildProcess): Promise<void> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, drainMilliseconds);
  });
  await Promise.race([closed, late]);
  clearTimeout(timer);
  for (const stream of child.stdio) stream?.destroy();
}
