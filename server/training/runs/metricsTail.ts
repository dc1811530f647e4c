/**
 * The losses of a run from a byte of its log on, so that whoever watches reads only what is new. Half a line at the end,
 * which is being written or was cut short by a kill, is left for the next time.
 */
import { open } from 'node:fs/promises';
import type { MetricsLine } from '../../../shared/protocol/metrics.ts';
import { metricsPath, parseMetrics } from '../metricsLog.ts';

/** Bytes read at once: more than an hour's lines. */
const MOST_BYTES = 1 << 20;

const NEWLINE = 0x0a;

/** Lines from the byte `from`; `next` is where to go on, and `more` whether that is worth while at once. */
export async function readMetricsFrom(
  directory: string,
  from: number,
): Promise<{ lines: MetricsLine[]; next: number; more: boolean }> {
  const file = await open(metricsPath(directory), 'r').catch(() => undefined);
  if (file === undefined) return { lines: [], next: 0, more: false };
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, from);
    const whole = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
    const lines = parseMetrics(buffer.toString('utf8', 0, whole));
    return { lines, next: from + whole, more: bytesRead === MOST_BYTES && whole > 0 };
  } finally {
    await file.close();
  }
}
