/**
 * Time, injected. Nothing outside `server/` start-up and the page reads the machine's clock: code that waits or
 * measures is handed one of these, and a test hands it one that it moves by hand.
 */
export interface Clock {
  /** Milliseconds since an arbitrary origin; never goes backwards. */
  now(): number;
}

/** A clock that stands still until it is advanced. */
export class ManualClock implements Clock {
  private time = 0;

  now(): number {
    return this.time;
  }

  /** Moves time on by `milliseconds`, which must not be negative. */
  advance(milliseconds: number): void {
    if (!(milliseconds >= 0)) throw new RangeError(`a clock cannot move by ${milliseconds} ms`);
    this.time += milliseconds;
  }
}
