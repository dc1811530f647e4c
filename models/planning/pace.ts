/**
 * How long a search goes on: a fixed number of iterations, or until a deadline. A deadline is kept, not only noticed:
 * the next iteration begins only if the longest so far would still fit. The first always begins, so that there is a
 * plan; whoever asks for less time than one iteration takes cannot be helped.
 */
import type { Deadline } from './contracts.ts';

export class Pace {
  private readonly iterations: number;
  private readonly deadline: Deadline | undefined;
  private begun = 0;
  private lastBegan = 0;
  private longest = 0;

  /** @param iterations how many there are without a deadline */
  constructor(iterations: number, deadline?: Deadline) {
    this.iterations = iterations;
    this.deadline = deadline;
  }

  /** Asked before each iteration: whether it should begin. */
  goesOn(): boolean {
    const index = this.begun++;
    if (!this.deadline) return index < this.iterations;
    const now = this.deadline.clock.now();
    if (index > 0) this.longest = Math.max(this.longest, now - this.lastBegan);
    this.lastBegan = now;
    return index === 0 || now + this.longest <= this.deadline.until;
  }
}
