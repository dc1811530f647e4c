/**
 * The time that the server's thread has to spare beside its clocks. Work that can wait is cut into parts that each take
 * a fraction of a tick; parts are done in slices, and after each slice the thread rests for as long, for ticks and
 * sockets. All sessions share one: whoever has work waits for a turn, so that the more there is, the longer it takes,
 * and never more than about half of the thread.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../shared/clock.ts';

export interface SpareTimeConfig {
  /** A slice ends with the first part that passes it. */
  readonly sliceMs: number;
  /** Rest before each slice. */
  readonly restMs: number;
}

export const defaultSpareTimeConfig: SpareTimeConfig = { sliceMs: 2, restMs: 2 };

export class SpareTime {
  private readonly clock: Clock;
  private readonly config: SpareTimeConfig;
  private turn: Promise<void> = Promise.resolve();

  constructor(clock: Clock, config: SpareTimeConfig = defaultSpareTimeConfig) {
    this.clock = clock;
    this.config = config;
  }

  /**
   * Does the work, one part for each time that the generator rests.
   * @throws the signal's reason once it is aborted; whatever the work throws.
   */
  async run<T>(work: Generator<void, T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      const done = await this.nextTurn();
      try {
        signal.throwIfAborted();
        const result = this.slice(work);
        if (result.done) return result.value;
      } finally {
        done();
      }
    }
  }

  /** Resolves when it is one's turn, with what ends it. */
  private async nextTurn(): Promise<() => void> {
    const before = this.turn;
    let done = (): void => {};
    this.turn = new Promise((resolve) => {
      done = resolve;
    });
    await before;
    await pause(this.config.restMs);
    return done;
  }

  private slice<T>(work: Generator<void, T>): IteratorResult<void, T> {
    const until = this.clock.now() + this.config.sliceMs;
    let result = work.next();
    while (!result.done && this.clock.now() < until) result = work.next();
    return result;
  }
}
