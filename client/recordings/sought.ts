/**
 * A step of a replay that a person has asked for, and whether it is there. A replay that plays may have passed it before
 * its picture is drawn, since a page that is slow is sent the latest step alone: a step beyond it counts too, once the
 * replay has gone back, where it must, or where the step lies so close beyond that it was passed.
 */

/** Steps that a page may be behind by, at four times the world's speed. */
const PASSED = 8;

export class Sought {
  readonly step: number;
  private drawn: number;
  /** Whether the replay needs to go back no more. */
  private ahead: boolean;
  private played = false;

  /** `drawn` is the step that is on the screen as it is asked for. */
  constructor(step: number, drawn: number) {
    this.step = step;
    this.drawn = drawn;
    this.ahead = step >= drawn;
  }

  /** Whether it is there, now that another step has been drawn or the replay goes on or stands. */
  reachedBy(drawn: number, playing: boolean): boolean {
    this.ahead ||= drawn < this.drawn;
    this.played ||= playing;
    this.drawn = drawn;
    if (drawn === this.step) return true;
    if (!this.played || drawn < this.step) return false;
    return this.ahead || drawn <= this.step + PASSED;
  }
}
