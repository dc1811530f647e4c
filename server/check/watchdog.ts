/**
 * A thread beside the world's, which no loop there can hold up. It ends the process when a check takes longer than its
 * time, when the process holds more memory than it may, or when the program that started it is gone; and it says why
 * and where the world's code was. What is watched is the resident memory of the whole process, since array buffers are
 * not part of the heap that V8 limits.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerStart } from '../../shared/startWorker.ts';
import { killGroup } from './killGroup.ts';
import { placeOfMainThread } from './mainThreadPlace.ts';
import type { Message } from './messages.ts';
import { isOurCode } from './ourCode.ts';
import { createReport } from './reporter.ts';

export interface WatchdogData {
  readonly token: string;
  readonly seconds: number;
  readonly megabytes: number;
  /** One number, of 32 bits: counts the checks begun. */
  readonly begun: SharedArrayBuffer;
}

/** Milliseconds between looks, and how long the main thread may take to say where it is. */
const interval = 20;
const patience = 1500;

/** How many times the memory allowed is held before nobody waits for the main thread any more. */
const urgent = 1.5;

const { token, seconds, megabytes, begun } = (workerData as WorkerStart<WatchdogData>).data;
const report = createReport(token);
const counter = new Int32Array(begun);
const parent = process.ppid;
let count = 0;
let since = performance.now();
let stopping = false;

setInterval(look, interval);
parentPort?.postMessage('ready');

function look(): void {
  if (process.ppid !== parent) killGroup(process.pid);
  const now = performance.now();
  const held = process.memoryUsage.rss() / 2 ** 20;
  if (stopping) {
    if (held > urgent * megabytes) end('memory', held, undefined);
    return;
  }
  if (held > megabytes) {
    void stop('memory', held);
    return;
  }
  const seen = Atomics.load(counter, 0);
  if (seen !== count) [count, since] = [seen, now];
  else if (now - since > 1000 * seconds) void stop('time', (now - since) / 1000);
}

async function stop(reason: 'time' | 'memory', amount: number): Promise<void> {
  stopping = true;
  end(reason, amount, await placeOfMainThread(isOurCode, patience).catch(() => undefined));
}

function end(reason: 'time' | 'memory', amount: number, at: string | undefined): void {
  const message: Message = { kind: 'stopped', reason, amount: Math.round(amount), ...(at !== undefined && { at }) };
  report(message);
  killGroup(process.pid);
}
