/**
 * Collects what a world does outside every answer: promises that are rejected with nobody to handle it, errors thrown
 * in timers, and what it leaves running. Without this, the first would end the process in the middle of a check that
 * has nothing to do with it.
 */
import { describeThrown } from '../../envs/conformance/describeThrown.ts';
import type { Effects } from './messages.ts';

/** Most that is told of each kind. */
const most = 5;

/** Milliseconds that short timers are given to go off before what is left is counted. */
const settling = 60;

/** Kinds of resources that belong to the process and not to the world. */
const ourResources = new Set(['MessagePort', 'Worker', 'TTYWrap', 'PipeWrap', 'FSReqPromise', 'Immediate']);

/** Node's names for the others, in words. */
const names: Readonly<Record<string, string>> = {
  Timeout: 'timer(s)',
  ProcessWrap: 'child process(es)',
  TCPServerWrap: 'server(s)',
  TCPSocketWrap: 'connection(s)',
  FSEventWrap: 'file watcher(s)',
};

export class StrayEffects {
  private readonly thrown: string[] = [];
  private readonly before: ReadonlyMap<string, number>;

  /** Begins to collect; `during` says what was being done. */
  constructor(during: () => string) {
    this.before = resources();
    const note = (what: string) => (thrown: unknown) => {
      if (this.thrown.length < most) this.thrown.push(`${what} ${describeThrown(thrown)}, during '${during()}'`);
    };
    process.on('unhandledRejection', note('a promise was rejected, and nobody handled it, with'));
    process.on('uncaughtException', note('outside every call there was thrown'));
  }

  /** What there is after the world has had a moment to settle. */
  async collect(): Promise<Pick<Effects, 'thrown' | 'open'>> {
    await new Promise((resolve) => setTimeout(resolve, settling));
    const open = [...resources()].flatMap(([kind, count]) => {
      const more = count - (this.before.get(kind) ?? 0);
      return more > 0 && !ourResources.has(kind) ? [`${more} ${names[kind] ?? kind}`] : [];
    });
    return { thrown: this.thrown, open };
  }
}

/** How many of each kind keep the process from ending. */
function resources(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
