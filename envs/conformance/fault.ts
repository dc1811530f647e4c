/**
 * What a conformance check found wrong: what was seen, what was expected instead, and how to mend it. The first two
 * make the sentence of the report; the third is advice of its own, since the same symptom can have several causes.
 */
import { WorldError } from '../../shared/errors.ts';

/** Advice, or what finds it out: advice that costs something is only asked for when there is a fault. */
export type Mend = string | (() => string);

export class Fault extends WorldError {
  /** What the world's author can do about it. */
  readonly mend: string;

  /**
   * @param seen what the world did, with the value and where it was met
   * @param expected what the contract says
   */
  constructor(seen: string, expected: string, mend: Mend) {
    super(`${seen}: expected ${expected}`);
    this.mend = typeof mend === 'string' ? mend : mend();
  }
}
