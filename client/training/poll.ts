/**
 * Asks again and again, one question at a time: the next is asked a while after the last was answered, and each answer
 * says how long. After a failure it waits longer, twice as long each time. It rests where an answer says that there is
 * nothing more to come.
 */
import { TrainingTrouble } from './trainingRuns.ts';

/** The longest wait after failures. */
const LONGEST_MS = 30_000;

export interface PollConfig {
  /** Asks; milliseconds to the next question, or nothing where no more is to be asked. */
  readonly ask: () => Promise<number | undefined>;
  /** Half of the wait after a first failure, in milliseconds. */
  readonly everyMs: number;
  /** Told after every question: what went wrong and when it is tried again, or nothing. */
  readonly onTrouble: (line: string | undefined) => void;
}

export class Poll {
  private readonly config: PollConfig;
  private on = false;
  private asking = false;
  /** Whether it was told to ask while it was asking. */
  private again = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(config: PollConfig) {
    this.config = config;
  }

  /** Asks at once, and then again and again; nothing changes where it does already. */
  start(): void {
    if (this.on) return;
    this.on = true;
    this.now();
  }

  /** Asks no more; an answer that is on its way still counts. */
  stop(): void {
    this.on = false;
    this.cancel();
  }

  /** Asks at once, or, while it is asking, once more after that; unless it was stopped. */
  now(): void {
    if (!this.on) return;
    this.cancel();
    if (this.asking) this.again = true;
    else void this.turn();
  }

  /** Asks at once if it rests. */
  wake(): void {
    if (!this.asking && this.timer === undefined) this.now();
  }

  private async turn(): Promise<void> {
    this.asking = true;
    this.again = false;
    const wait = await this.tried().finally(() => {
      this.asking = false;
    });
    if (!this.on) return;
    if (this.again) void this.turn();
    else if (wait !== undefined)
      this.timer = setTimeout(() => {
        this.timer = undefined;
        void this.turn();
      }, wait);
  }

  /** How long to wait; nothing where it rests. */
  private async tried(): Promise<number | undefined> {
    const { ask, everyMs, onTrouble } = this.config;
    try {
      const wait = await ask();
      this.failures = 0;
      onTrouble(undefined);
      return wait;
    } catch (error) {
      if (!(error instanceof TrainingTrouble)) throw error;
      const wait = Math.min(LONGEST_MS, everyMs * 2 ** ++this.failures);
      onTrouble(`${error.message} It is asked again after ${Math.round(wait / 1000)} s.`);
      return wait;
    }
  }

  private cancel(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
