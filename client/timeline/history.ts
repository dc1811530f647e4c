/**
 * What has happened since the page was opened, so that a person can look back: one moment a tick, with its episode, its
 * pictures, the film that was imagined for it and how far the dream was off. It holds the latest `capacity` moments;
 * older ones are forgotten. A moment keeps its number for as long as it is held, so that what points at one never comes
 * to point at another.
 */
import { FRAME_SIZE } from '../../shared/frame.ts';
import type { ServerMessageOf } from '../../shared/protocol/control.ts';
import type { Film, Tick } from '../readFrames.ts';
import type { StepMeasured } from '../session/sessionRecord.ts';
import { differ } from '../stage/difference.ts';
import { contact, surprise, surpriseRatio } from './events.ts';

export type EpisodeMessage = ServerMessageOf<'episode'>;

/** What may be worth looking back at. `plan` is the first moment that a plan foresaw. */
export type MomentEvent = 'plan' | 'contact' | 'surprise' | 'reached' | 'missed';

export interface Moment {
  readonly episode: EpisodeMessage;
  /** Number of the episode since the page was opened, from 1. */
  readonly task: number;
  readonly tick: Tick;
  readonly film: Film | undefined;
  /** Mean difference of truth and dream, from 0 to 1; none where there was no dream. */
  readonly difference: number | undefined;
  /** Mean difference of the truth and the true frame from which the plan began, where that has been seen. */
  readonly still: number | undefined;
  /** How many times the usual difference that is; none before there is a usual one. */
  readonly ratio: number | undefined;
  readonly events: readonly MomentEvent[];
}

/** Moments held: at 10 a second one and a half minutes, about 40 MB with their pictures. */
export const HISTORY_CAPACITY = 900;

export class History {
  private readonly capacity: number;
  private readonly scratch = new Uint8Array(FRAME_SIZE * FRAME_SIZE * 4);
  private moments: Moment[] = [];
  private forgotten = 0;
  private episode: EpisodeMessage | undefined;
  private task = 0;
  private film: Film | undefined;
  /** An end whose step has not come yet. */
  private ending: { readonly event: MomentEvent; readonly steps: number } | undefined;

  constructor(capacity = HISTORY_CAPACITY) {
    this.capacity = capacity;
  }

  /** Number of the oldest moment held. */
  get first(): number {
    return this.forgotten;
  }

  /** Number of the newest moment; one less than `first` while there is none. */
  get last(): number {
    return this.forgotten + this.moments.length - 1;
  }

  /** The moment of this number, if it is held. */
  at(index: number): Moment | undefined {
    return this.moments[index - this.forgotten];
  }

  /** All that are held, oldest first. */
  all(): readonly Moment[] {
    return this.moments;
  }

  /** An episode begins; the one that a lost connection is given again goes on. */
  begin(episode: EpisodeMessage): void {
    const same = this.episode !== undefined && sameEpisode(this.episode, episode);
    this.episode = episode;
    if (same) return;
    this.task++;
    this.film = undefined;
    this.ending = undefined;
  }

  /** A plan was imagined. */
  plan(film: Film): void {
    this.film = film;
  }

  /**
   * A step was taken; returns its moment, if an episode has begun. A replay that goes back begins another way through
   * its episode, since what is held is in the order in which it was seen.
   */
  push(tick: Tick): Moment | undefined {
    const newest = this.moments.at(-1);
    if (newest?.task === this.task && tick.envStep < newest.tick.envStep) this.task++;
    const { episode, film, task } = this;
    if (episode === undefined) return undefined;
    const again = newest?.task === task && newest.tick.envStep === tick.envStep ? this.moments.pop() : undefined;
    const { truth, dream } = tick;
    const difference = this.differenceOf(truth, dream);
    const earlier = this.moments.filter((moment) => moment.task === task);
    const start = earlier.find((moment) => moment.tick.envStep === film?.envStep);
    const still = this.differenceOf(truth, start?.tick.truth);
    const dreams = earlier.flatMap((moment) => moment.difference ?? []);
    const ratio = difference === undefined ? undefined : surpriseRatio(dreams, difference);
    const events: MomentEvent[] = [];
    if (film !== undefined && tick.envStep === film.envStep + 1) events.push('plan');
    if (contact(episode, earlier.at(-1)?.tick.poses, tick.poses)) events.push('contact');
    if (difference !== undefined && surprise(dreams, difference)) events.push('surprise');
    events.push(...this.endAt(tick.envStep, again));
    const moment = { episode, task, tick, film, difference, still, ratio, events };
    this.moments.push(moment);
    if (this.moments.length > this.capacity) {
      this.moments.shift();
      this.forgotten++;
    }
    return moment;
  }

  /** The episode ended after so many steps; where the last of them has not come yet, it is marked when it does. */
  end(success: boolean, steps: number): void {
    const event = success ? 'reached' : 'missed';
    const newest = this.moments.at(-1);
    if (newest?.task !== this.task || newest.tick.envStep !== steps) this.ending = { event, steps };
    else if (!newest.events.some(ends)) this.moments.splice(-1, 1, { ...newest, events: [...newest.events, event] });
  }

  /** Numbers of the first and the last moment of the same episode. */
  spanOf(index: number): readonly [first: number, last: number] {
    const task = this.at(index)?.task;
    let [from, to] = [index, index];
    while (this.at(from - 1)?.task === task && from > this.first) from--;
    while (this.at(to + 1)?.task === task && to < this.last) to++;
    return [from, to];
  }

  /** The end of the episode, if it is at this step: as the moment had it that was here before, or as it was told early. */
  private endAt(envStep: number, again: Moment | undefined): readonly MomentEvent[] {
    const known = again?.events.filter(ends) ?? [];
    if (this.ending?.steps !== envStep) return known;
    const { event } = this.ending;
    this.ending = undefined;
    return known.length > 0 ? known : [event];
  }

  private differenceOf(truth: Uint8Array | undefined, other: Uint8Array | undefined): number | undefined {
    return truth === undefined || other === undefined ? undefined : differ(truth, other, this.scratch);
  }
}

function ends(event: MomentEvent): boolean {
  return event === 'reached' || event === 'missed';
}

/** The figures of a moment. */
export function measuredAt({ tick: { envStep }, film, difference, still, ratio, events }: Moment): StepMeasured {
  const surprised = events.includes('surprise');
  return { envStep, ahead: film && envStep - film.envStep, difference, still, ratio, surprised };
}

function sameEpisode(a: EpisodeMessage, b: EpisodeMessage): boolean {
  return a.serial === b.serial && a.settings.world === b.settings.world && a.settings.seed === b.settings.seed;
}
