/**
 * Writes messages to the pipe, at once and whole. The pipe's buffer may be full while its reader is busy, and the pipe
 * doesn't wait by itself, so this waits a little and goes on where it stopped. It loads nothing, since the watchdog's
 * thread starts with it.
 */
import { writeSync } from 'node:fs';
import type { Message } from './messages.ts';

/** The pipe's number in the process that tries. */
export const REPORT_FD = 3;

const retryMilliseconds = 2;

/** Sends a message of the job with the token. */
export type Report = (message: Message) => void;

export function createReport(token: string): Report {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  return (message) => {
    const bytes = Buffer.from(`${JSON.stringify({ token, message })}\n`);
    for (let written = 0; written < bytes.length; ) {
      try {
        written += writeSync(REPORT_FD, bytes, written);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        Atomics.wait(pause, 0, 0, retryMilliseconds);
      }
    }
  };
}
