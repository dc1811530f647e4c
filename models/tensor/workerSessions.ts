/**
 * Sessions in a worker thread, behind the same interface as local ones. Feeds are copied across, so that the caller may
 * go on using them; outputs are moved. A worker that dies takes with it what it was asked to do: that is refused, and
 * says so. Whatever comes later goes to a new worker, in which each session is opened again when it is next run; graphs
 * are kept here for that. A new worker is started on demand alone, so that a program that kills every worker does no
 * more than fail each time.
 */
import type { Worker } from 'node:worker_threads';
import { EngineError } from '../../shared/errors.ts';
import { startWorker } from '../../shared/startWorker.ts';
import type { HostTensors } from './program.ts';
import { type Session, type SessionHost, type SessionModel, type SessionOptions, targetOf } from './sessionHost.ts';
import { WorkerLink } from './workerLink.ts';

/** Starts the thread; a parameter so that a test can hold on to it. */
export type StartSessionWorker = (options: SessionOptions) => Worker;

const startSessionWorker: StartSessionWorker = (options) =>
  startWorker(new URL('./sessionWorker.ts', import.meta.url), options);

/** Starts a worker thread and keeps sessions there. */
export function workerSessions(options: SessionOptions, start: StartSessionWorker = startSessionWorker): SessionHost {
  let link = new WorkerLink(start(options));
  let disposed = false;
  let sessions = 0;

  /** The worker that lives; a new one if the last has died. */
  const living = (): WorkerLink => {
    if (disposed) throw new EngineError('the engine has been disposed of; create another one');
    if (link.ended) link = new WorkerLink(start(options));
    return link;
  };

  return {
    target: () => targetOf(options.provider),
    async open(model): Promise<Session> {
      const session = new WorkerSession(sessions++, model, living);
      await session.opened();
      return session;
    },
    async dispose(): Promise<void> {
      disposed = true;
      await link.terminate(new EngineError('the engine has been disposed of; create another one'));
    },
  };
}

/** A worker that has been asked to open a session, and its answer. */
interface Home {
  readonly link: WorkerLink;
  readonly opened: Promise<unknown>;
}

/** A graph that is loaded in whichever worker lives. */
class WorkerSession implements Session {
  private readonly session: number;
  private readonly model: SessionModel;
  private readonly living: () => WorkerLink;
  private home: Home | undefined;

  constructor(session: number, model: SessionModel, living: () => WorkerLink) {
    this.session = session;
    this.model = model;
    this.living = living;
  }

  /** Waits until the living worker has the session. */
  async opened(): Promise<void> {
    await this.housed().opened;
  }

  /** The request leaves at once, whatever is awaited, so that requests keep the order of their calls. */
  async run(feeds: HostTensors, signal?: AbortSignal): Promise<HostTensors> {
    const { link, opened } = this.housed();
    const [, outputs] = await Promise.all([opened, link.ask({ do: 'run', session: this.session, feeds }, signal)]);
    return outputs;
  }

  async release(): Promise<void> {
    const { home } = this;
    if (!home || home.link.ended) return; // it went with its worker
    // A worker that dies meanwhile has released it too.
    await home.link.ask({ do: 'release', session: this.session }).catch(() => {});
  }

  /** The living worker, which has been asked to open the session, now if not before. */
  private housed(): Home {
    const link = this.living();
    if (this.home?.link !== link) {
      const { model, outputs } = this.model;
      this.home = { link, opened: link.ask({ do: 'open', session: this.session, model, outputs }) };
    }
    return this.home;
  }
}
