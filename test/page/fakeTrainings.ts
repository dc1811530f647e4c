/**
 * Trainings as a test wants them, over HTTP: what is begun stays where the test has put it, losses are given out by the
 * byte as they lie in a log, a few lines at a time, and every request is kept.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MetricsLine } from '../../shared/protocol/metrics.ts';
import { type TrainingSummary, trainingRequestSchema } from '../../shared/protocol/trainings.ts';
import { TOKEN } from './servePage.ts';

/** Lines of an answer. */
const LINES_AT_ONCE = 40;

/** A line of JSON as the log holds it. */
interface Logged {
  readonly line: MetricsLine;
  readonly end: number;
}

export class FakeTrainings {
  /** Why there is no training on this server, if there is none. */
  absent: string | undefined;
  /** Why the next request to do something is refused, if it is. */
  refusal: string | undefined;
  /** Whether connections are cut instead of answered. */
  down = false;
  /** Whether what is to be done is done without an answer. */
  silent = false;
  /** Method and path of every request, in order; of those for losses, the byte too. */
  readonly asked: string[] = [];
  private runs: TrainingSummary[] = [];
  private readonly logs = new Map<string, Logged[]>();

  /** There is a run, before all others in the list. */
  add(run: Partial<TrainingSummary> & Pick<TrainingSummary, 'id'>): void {
    const { length } = this.runs;
    const startedAt = new Date(Date.UTC(2026, 4, 1, 8, length)).toISOString();
    const known = { world: 'push-t', minutes: 32, seed: 0, startedAt, status: 'running', stopping: false } as const;
    this.runs = [{ ...known, ...run }, ...this.runs];
  }

  /** A run stands differently from now on. */
  change(id: string, changes: Partial<TrainingSummary>): void {
    this.runs = this.runs.map((run) => (run.id === id ? { ...run, ...changes } : run));
  }

  /** A run writes lines. */
  log(id: string, lines: readonly MetricsLine[]): void {
    const log = this.logs.get(id) ?? [];
    this.logs.set(id, log);
    for (const line of lines) log.push({ line, end: (log.at(-1)?.end ?? 0) + JSON.stringify(line).length + 1 });
  }

  /** Answers a request for trainings; whether it is one. */
  answers(request: IncomingMessage, response: ServerResponse): boolean {
    const address = new URL(request.url ?? '/', 'http://host');
    const [root, id = '', what = ''] = address.pathname.slice(1).split('/').map(decodeURIComponent);
    if (root !== 'trainings') return false;
    const from = address.searchParams.get('from');
    this.asked.push(`${request.method} ${address.pathname}${from === null ? '' : `?from=${from}`}`);
    if (this.down) {
      response.destroy();
      return true;
    }
    const give = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (address.searchParams.get('token') !== TOKEN) give(403, { message: 'The token is wrong.' });
    else if (this.absent !== undefined) give(404, { message: this.absent });
    else if (request.method === 'POST') void this.obey(request, id, what, give);
    else if (id === '') give(200, { trainings: this.runs });
    else give(200, this.metrics(id, Number(from)));
    return true;
  }

  private async obey(
    request: IncomingMessage,
    id: string,
    what: string,
    give: (status: number, body: unknown) => void,
  ): Promise<void> {
    const body = Buffer.concat(await request.toArray()).toString();
    if (this.refusal !== undefined) {
      give(409, { message: this.refusal });
      this.refusal = undefined;
      return;
    }
    if (what === 'stop') this.change(id, { stopping: true });
    else if (what === 'resume') this.change(id, { status: 'running', stopping: false, message: undefined });
    else this.add({ id: `begun-${this.runs.length}`, ...trainingRequestSchema.parse(JSON.parse(body)) });
    if (!this.silent) give(200, { id: id || this.runs[0]?.id });
  }

  private metrics(id: string, from: number) {
    const rest = (this.logs.get(id) ?? []).filter(({ end }) => end > from);
    const given = rest.slice(0, LINES_AT_ONCE);
    return {
      lines: given.map(({ line }) => line),
      next: given.at(-1)?.end ?? from,
      more: rest.length > given.length,
    };
  }
}
