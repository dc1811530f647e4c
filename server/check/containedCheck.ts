/**
 * Checks a world in processes of its own, so that one that hangs, dies or eats all memory costs nothing but its result.
 * What a check found is told as it comes. When the process ends in the middle of a check, that check has failed, and
 * the checks after it are tried in a new process; the second such end is the last. A further process plays the world
 * afresh, for the check that two processes agree.
 *
 * This contains accidents and runaway code. It is no sandbox: the world runs with the user's rights, and one that means
 * harm can read files, use the network, or lie about itself.
 */
import { randomUUID } from 'node:crypto';
import { type CheckResult, checkNames } from '../../envs/conformance/checkWorld.ts';
import { Fault } from '../../envs/conformance/fault.ts';
import type { Size } from '../../envs/conformance/subject.ts';
import { compareTraces, type Trace } from '../../envs/conformance/trace.ts';
import { UsageError, WorldError } from '../../shared/errors.ts';
import { type Ending, runContained } from './containedProcess.ts';
import { describeEffects } from './describeEffects.ts';
import { describeEnding } from './describeEnding.ts';
import type { Effects, Job, Message } from './messages.ts';

/** All checks, in the order of their results. */
export const containedCheckNames: readonly string[] = [...checkNames, 'processes', 'isolation'];

/** Processes that may end in the middle of a check. */
const mostEnds = 2;

export interface ContainedCheckOptions {
  /** For each check. */
  readonly seconds: number;
  /** Of resident memory. */
  readonly megabytes: number;
  readonly size?: Size;
  /** Names of the checks to try; all when left out. */
  readonly only?: readonly string[];
  readonly interrupted?: AbortSignal;
  /** Is told each result as it comes. */
  readonly observe?: (result: CheckResult) => void;
}

export interface ContainedReport {
  /** The world's id, or as it was named when it didn't load. */
  readonly world: string;
  readonly checks: readonly CheckResult[];
}

/**
 * The results of all checks of the world.
 * @throws UsageError when there is no such world.
 * @throws WorldError when it was interrupted.
 */
export async function checkContained(source: string, options: ContainedCheckOptions): Promise<ContainedReport> {
  const run = new CheckRun(source, options);
  await run.tryAll();
  if (!run.lacksBasics()) await run.compareProcesses();
  run.tellEffects();
  return { world: run.world, checks: run.results };
}

class CheckRun {
  world: string;
  readonly results: CheckResult[] = [];
  private readonly source: string;
  private readonly options: ContainedCheckOptions;
  private readonly wanted: readonly string[];
  private trace: Trace | undefined;
  private effects: Effects | undefined;
  private ending: Ending | undefined;
  private unknown: UsageError | undefined;

  constructor(source: string, options: ContainedCheckOptions) {
    this.source = source;
    this.world = source;
    this.options = options;
    const { only } = options;
    this.wanted = only ? containedCheckNames.filter((name) => only.includes(name)) : containedCheckNames;
  }

  /** Tries the checks, in a second process if the first ends before it is through. */
  async tryAll(): Promise<void> {
    let left = this.wanted;
    for (let ends = 0; ends < mostEnds; ends++) {
      const ending = await this.runProcess(left, (message) => this.hear(message));
      this.ending = ending;
      if (ending.done) return;
      const failed = describeEnding(ending, this.options);
      left = containedCheckNames
        .slice(containedCheckNames.indexOf(ending.check) + 1)
        .filter((name) => left.includes(name));
      const isLast = ends === mostEnds - 1 || ending.check === 'definition' || ending.check === 'answers';
      const untried = isLast && left.length > 0 ? `; not tried any more: ${left.join(', ')}` : '';
      this.add({ ...failed, detail: `${failed.detail}${untried}` });
      if (isLast || left.length === 0) return;
    }
  }

  /** Plays the world afresh in another process, and compares it with what the first one played. */
  async compareProcesses(): Promise<void> {
    const first = this.trace;
    if (!first) return;
    let second: Trace | undefined;
    const ending = await this.runProcess(['processes'], (message) => {
      if (message.kind === 'trace') second = message.trace;
    });
    if (!ending.done) return this.add(describeEnding(ending, this.options));
    try {
      if (second) this.add({ name: 'processes', ok: true, detail: compareTraces(first, second) });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.add({ name: 'processes', ok: false, detail: error.message, mend: error.mend });
    }
  }

  /** Says what the world did beside answering, once all that it printed is known. */
  tellEffects(): void {
    if (this.effects && this.ending) this.add(describeEffects(this.effects, this.ending));
  }

  lacksBasics(): boolean {
    return this.results.some(({ name, ok }) => !ok && (name === 'definition' || name === 'answers'));
  }

  private async runProcess(only: readonly string[], observe: (message: Message) => void): Promise<Ending> {
    const { seconds, megabytes, size, interrupted } = this.options;
    const job: Job = {
      token: randomUUID(),
      source: this.source,
      only: [...only],
      seconds,
      megabytes,
      ...(size && { size }),
    };
    const ending = await runContained(job, observe, interrupted);
    if (this.unknown) throw this.unknown;
    if (interrupted?.aborted) throw new WorldError(`the check of '${this.source}' was interrupted; run it again`);
    return ending;
  }

  private hear(message: Message): void {
    if (message.kind === 'world') this.world = message.id;
    if (message.kind === 'trace') this.trace = message.trace;
    if (message.kind === 'effects') this.effects = message.effects;
    if (message.kind === 'result') this.add(message.result);
    if (message.kind === 'unknown') this.unknown = asUsageError(message);
  }

  /** Keeps the first result of each check: a second process tries the basics again. */
  private add(result: CheckResult): void {
    if (this.results.some(({ name }) => name === result.name)) return;
    this.results.push(result);
    this.options.observe?.(result);
  }
}

/** The error as the other process saw it, with its stack. */
function asUsageError({ message, stack }: { readonly message: string; readonly stack: string }): UsageError {
  const error = new UsageError(message);
  error.stack = stack;
  return error;
}
