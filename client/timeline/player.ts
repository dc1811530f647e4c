/**
 * Where on the timeline the page is: live, or somewhere in the past, standing or playing at a speed, perhaps round and
 * round one task. Looking back changes nothing for the session: it goes on, and what comes is kept for later. The
 * player shows each moment by the `Screen` that it is given and tells its listener of every change.
 */
import { REPLAY_SPEEDS, type ReplaySpeed } from '../../shared/protocol/control.ts';
import type { History, Moment } from './history.ts';

export const SPEEDS = REPLAY_SPEEDS;
export type Speed = ReplaySpeed;

/** What draws a moment. */
export interface Screen {
  /** Shows it at once. */
  jump(moment: Moment): void;
  /** Moves on to it from the one before. */
  glide(moment: Moment, now: number): void;
}

export class Player {
  private readonly history: History;
  private readonly screen: Screen;
  private readonly onChange: () => void;
  private position: number | undefined;
  private running = false;
  private rate: Speed = 1;
  private round = false;
  private movedAt = Number.NEGATIVE_INFINITY;

  constructor(history: History, screen: Screen, onChange: () => void) {
    this.history = history;
    this.screen = screen;
    this.onChange = onChange;
  }

  /** Whether the page shows what happens now. */
  get live(): boolean {
    return this.position === undefined;
  }

  /** Number of the moment shown. */
  get index(): number {
    return this.position ?? this.history.last;
  }

  get playing(): boolean {
    return this.running;
  }

  get speed(): Speed {
    return this.rate;
  }

  get loop(): boolean {
    return this.round;
  }

  /** A new moment has come. */
  push(moment: Moment, now: number): void {
    if (this.position === undefined) this.screen.glide(moment, now);
    else if (this.position < this.history.first) this.seek(this.history.first, false);
    this.onChange();
  }

  /** Looks back at a moment; a number beyond those held is brought to the nearest. */
  seek(index: number, playing = false): void {
    const { first, last } = this.history;
    if (last < first) return;
    this.position = Math.min(last, Math.max(first, Math.round(index)));
    this.running = playing;
    const moment = this.history.at(this.position);
    if (moment !== undefined) this.screen.jump(moment);
    this.onChange();
  }

  /** Goes by some moments; after what happens now there is none. */
  move(by: number): void {
    if (!this.live || by < 0) this.seek(this.index + by);
  }

  /** Goes to the nearest moment before (-1) or after (1) with an event other than a plan. */
  event(direction: 1 | -1): void {
    for (let i = this.index + direction; this.history.at(i) !== undefined; i += direction)
      if (this.history.at(i)?.events.some((event) => event !== 'plan')) {
        this.seek(i);
        return;
      }
  }

  /** Plays from here, or from the beginning of the task when there is nothing after; or stands. */
  toggle(now: number): void {
    this.movedAt = now;
    if (this.running) this.running = false;
    else this.seek(this.index < this.history.last ? this.index : this.history.spanOf(this.index)[0], true);
    this.onChange();
  }

  setSpeed(speed: Speed): void {
    this.rate = speed;
    this.onChange();
  }

  setLoop(loop: boolean): void {
    this.round = loop;
    this.onChange();
  }

  /** Back to what happens now. */
  toLive(): void {
    if (this.position === undefined) return;
    this.position = undefined;
    this.running = false;
    const moment = this.history.at(this.history.last);
    if (moment !== undefined) this.screen.jump(moment);
    this.onChange();
  }

  /** Moves on when it is time to: to the next moment, round to the first of the task, or at the end back to live. */
  advance(now: number): void {
    const { position } = this;
    if (position === undefined || !this.running) return;
    const stepMs = (1000 * (this.history.at(position)?.episode.stepSeconds ?? 0)) / this.rate;
    if (now - this.movedAt < stepMs) return;
    this.movedAt = now - this.movedAt < 2 * stepMs ? this.movedAt + stepMs : now;
    const [first, last] = this.history.spanOf(position);
    if (this.round && position >= last) {
      this.seek(first, true);
      return;
    }
    const next = this.history.at(position + 1);
    if (next === undefined) {
      this.toLive();
      return;
    }
    this.position = position + 1;
    this.screen.glide(next, now);
    this.onChange();
  }
}
