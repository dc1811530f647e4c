/**
 * The losses of a run as lines of JSON in its directory, so that curves can be drawn while it trains and after. Lines are
 * only ever appended: a kill costs at most the last one, which a reader skips. A resumed run goes on from a checkpoint
 * before the last line; what it trains anew replaces, when read, the lines of those steps.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../../shared/errors.ts';
import { followedBy, type MetricsLine, metricsLineSchema } from '../../shared/protocol/metrics.ts';

const FILE = 'metrics.jsonl';
const SECONDS_BETWEEN = 1;

/** Appends to the log of a run's directory, a line about every second of training. */
export class MetricsLog {
  private readonly path: string;
  private last: { readonly stage: string; readonly seconds: number } | undefined;
  /** A kill may have left half a line, which must not swallow the next. */
  private lead: string;

  constructor(directory: string) {
    this.path = metricsPath(directory);
    this.lead = existsSync(this.path) && !/(^|\n)$/.test(readFileSync(this.path, 'utf8')) ? '\n' : '';
  }

  /** @throws DataError when the line cannot be written */
  add(line: MetricsLine): void {
    const { stage, seconds } = line;
    if (this.last?.stage === stage && seconds - this.last.seconds < SECONDS_BETWEEN) return;
    this.last = { stage, seconds };
    try {
      appendFileSync(this.path, `${this.lead}${JSON.stringify(line)}\n`);
      this.lead = '';
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new DataError(`cannot write "${this.path}" (${reason}); free some space and go on with --resume`, {
        cause: error,
      });
    }
  }
}

/** The lines of a run in order, each step of a stage once; none where nothing was trained yet. */
export async function readMetrics(directory: string): Promise<MetricsLine[]> {
  const path = metricsPath(directory);
  if (!existsSync(path)) return [];
  return followedBy([], parseMetrics(await readFile(path, 'utf8')));
}

/** Lines as they were written, in order; a damaged one is passed over. */
export function parseMetrics(text: string): MetricsLine[] {
  return text.split('\n').flatMap(parsed);
}

/** Where the log of a run's directory lies. */
export function metricsPath(directory: string): string {
  return join(directory, FILE);
}

function parsed(text: string): MetricsLine[] {
  try {
    const line = metricsLineSchema.safeParse(JSON.parse(text));
    return line.success ? [line.data] : [];
  } catch {
    return []; // cut short by a kill
  }
}
