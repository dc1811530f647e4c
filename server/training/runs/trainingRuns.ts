/**
 * Trainings that people begin, watch, stop and take up again in the page. One is at work at a time, in a process that
 * yields to the live sessions; the folder tells what became of the others. When the server ends, the one at work saves
 * its state, from which it can be resumed.
 */
import { availableParallelism } from 'node:os';
import { DataError } from '../../../shared/errors.ts';
import type { MetricsLine } from '../../../shared/protocol/metrics.ts';
import type { TrainingRequest, TrainingSummary } from '../../../shared/protocol/trainings.ts';
import { hasWeights } from '../../agent/weightsDirectory.ts';
import { claimHolder } from '../runClaim.ts';
import { readMetricsFrom } from './metricsTail.ts';
import { RunFolder, type StartedRun } from './runFolder.ts';
import { type RunEnding, type RunProcess, startRunProcess } from './runProcess.ts';

export interface TrainingRunsOptions {
  /** Where runs lie, a folder each. */
  readonly directory: string;
  /** Worlds that can be trained for, by id: how another process loads them. */
  readonly worlds: ReadonlyMap<string, string>;
  /** Name of the engine, or `auto`. */
  readonly engine: string;
  /** Of the engine; half of the machine's unless told. */
  readonly threads?: number;
  /** Module that trains, instead of `runEntry.ts`. */
  readonly entry?: URL;
  /** The time of day, for the list. */
  readonly today: () => Date;
}

interface AtWork {
  readonly id: string;
  readonly process: RunProcess;
  at?: { readonly stage: string; readonly progress: number };
  stopping: boolean;
  /** Its ending has been written down. */
  readonly settled: Promise<void>;
}

export class TrainingRuns {
  private readonly options: TrainingRunsOptions;
  private readonly folder: RunFolder;
  private atWork: AtWork | undefined;
  /** Requests wait for each other, so that two cannot both find nothing at work. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor(options: TrainingRunsOptions) {
    this.options = options;
    this.folder = new RunFolder(options.directory);
  }

  /** Newest first. */
  async list(): Promise<TrainingSummary[]> {
    const runs = await this.folder.list();
    return Promise.all(runs.map(([id, run]) => this.summaryOf(id, run)));
  }

  /** Begins a run; its id. @throws DataError when it cannot begin now, or not in that world */
  begin({ world, minutes, seed }: TrainingRequest): Promise<string> {
    return this.inTurn(async () => {
      this.refuseWhileAtWork();
      this.sourceOf(world);
      const run: StartedRun = {
        world,
        minutes,
        seed,
        startedAt: this.options.today().toISOString(),
        status: 'running',
      };
      const id = await this.folder.begin(run);
      this.start(id, run);
      return id;
    });
  }

  /** Goes on with a run that has not finished. @throws DataError when it cannot */
  resume(id: string): Promise<void> {
    return this.inTurn(async () => {
      this.refuseWhileAtWork();
      const { message: _, ...run } = await this.folder.read(id);
      if (run.status === 'finished')
        throw new DataError('This training has finished; begin another with more minutes.');
      await this.refuseElsewhere(id);
      this.sourceOf(run.world);
      const resumed: StartedRun = { ...run, status: 'running' };
      await this.folder.write(id, resumed);
      this.start(id, resumed);
    });
  }

  /** Asks a run to save its state and end. @throws DataError when it is not at work here */
  stop(id: string): Promise<void> {
    return this.inTurn(async () => {
      await this.folder.read(id);
      if (this.atWork?.id !== id) {
        await this.refuseElsewhere(id);
        throw new DataError('This training is not running.');
      }
      this.atWork.stopping = true;
      this.atWork.process.stop();
    });
  }

  /** The losses of a run from a byte of its log on. @throws DataError when there is no such run */
  async metrics(id: string, from: number): Promise<{ lines: MetricsLine[]; next: number; more: boolean }> {
    await this.folder.read(id);
    return readMetricsFrom(this.folder.directoryOf(id), from);
  }

  /** Stops what is at work; resolves when it has ended. */
  async close(): Promise<void> {
    await this.queue;
    if (this.atWork === undefined) return;
    this.atWork.stopping = true;
    this.atWork.process.stop();
    await this.atWork.settled;
  }

  private start(id: string, run: StartedRun): void {
    const { engine, threads = Math.max(1, availableParallelism() >> 1) } = this.options;
    const { minutes, seed } = run;
    const job = {
      world: this.sourceOf(run.world),
      minutes,
      seed,
      directory: this.folder.directoryOf(id),
      engine,
      threads,
    };
    const onProgress: Parameters<typeof startRunProcess>[1] = (at) => {
      if (this.atWork?.id === id) this.atWork.at = at;
    };
    const process = startRunProcess(job, onProgress, this.options.entry);
    // In turn: the folder says that it has finished before this is over, which is when people begin the next.
    const settle = (ending: RunEnding): Promise<void> =>
      this.inTurn(async () => {
        const stopping = this.atWork?.stopping ?? false;
        await this.folder.write(id, ended(run, ending, stopping)).catch(() => {}); // a full disk: it looks killed later
        this.atWork = undefined;
      });
    this.atWork = { id, process, stopping: false, settled: process.ended.then(settle) };
  }

  private async summaryOf(id: string, run: StartedRun): Promise<TrainingSummary> {
    const directory = this.folder.directoryOf(id);
    const here = this.atWork?.id === id ? this.atWork : undefined;
    const runs = run.status === 'running' && (here !== undefined || (await claimHolder(directory)) !== undefined);
    const status = run.status === 'running' && !runs ? 'stopped' : run.status;
    return {
      id,
      ...run,
      status,
      stopping: here?.stopping ?? false,
      ...(here?.at && { at: here.at }),
      ...(status === 'finished' &&
        hasWeights(directory) && {
          command: `npm run -s reverie -- serve --world ${this.options.worlds.get(run.world) ?? run.world} --agent ${directory}`,
        }),
    };
  }

  private sourceOf(world: string): string {
    const source = this.options.worlds.get(world);
    if (source === undefined)
      throw new DataError(
        `There is no world "${world}" on this server; choose ${[...this.options.worlds.keys()].join(', ')}.`,
      );
    return source;
  }

  private refuseWhileAtWork(): void {
    if (this.atWork !== undefined)
      throw new DataError('A training is at work already; stop it first, or wait until it has finished.');
  }

  private async refuseElsewhere(id: string): Promise<void> {
    const holder = await claimHolder(this.folder.directoryOf(id));
    if (holder !== undefined)
      throw new DataError(`Another process (${holder}) is at work on this training; stop it where it was begun.`);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => {});
    return done;
  }
}

/** What is kept of a run that has ended. */
function ended(run: StartedRun, ending: RunEnding, stopping: boolean): StartedRun {
  if (ending.kind === 'finished') return { ...run, status: 'finished' };
  if (stopping) return { ...run, status: 'stopped' };
  const message =
    ending.kind === 'failed'
      ? ending.message
      : `Its process was ended from outside (${ending.how}), perhaps for want of memory; resume goes on from its last checkpoint.`;
  return { ...run, status: 'failed', message };
}
