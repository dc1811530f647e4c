/**
 * The sessions of a server and the seats of those who watch them. Whoever knows a session's id may take a seat of their
 * own beside the others; whoever knows a seat's secret takes that seat up again after a lost connection. A seat that
 * nobody sits in is kept for a while, and a session for as long as it has a seat. Whoever watches a recording has a seat
 * there, which keeps the session that they left for it too: it stands, since nobody looks, until they come back, or until
 * they have been away for too long. Whenever it ends, they are told.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { EMPTY, type Observable, of, ReplaySubject } from 'rxjs';
import type { ServerMessageOf } from '../../shared/protocol/control.ts';
import { Audience } from './audience.ts';
import type { WatchableSession } from './watchableSession.ts';

/** Milliseconds for which a seat waits for its page to come back. */
export const RETENTION_MS = 30_000;

/** Milliseconds for which a session that was left for a recording is kept at most, by whoever left it. */
export const LEFT_MS = 30 * 60_000;

/** Sessions that are known to have ended, the latest. */
const MAX_ENDED = 1000;

type LeftEnded = ServerMessageOf<'leftEnded'>;
const LEFT_ENDED: LeftEnded = { type: 'leftEnded' };

/** A viewer's place in a session. */
export interface Seat {
  /** Id of the session. */
  readonly id: string;
  readonly session: WatchableSession;
  readonly audience: Audience;
  /** Number of the viewer in the session, from 1. */
  readonly viewer: number;
  /** Whoever knows it may take up the seat. */
  readonly resumeToken: string;
  /** Says when the session that was left for this one has ended, also where it already has; nothing where none was. */
  readonly leftEnded: Observable<LeftEnded>;
}

/** What a page that comes asks for: its own seat of before, else any in a session, else a session of its own. */
export interface SeatRequest {
  readonly resume?: string | undefined;
  readonly session?: string | undefined;
  /** Id of the recording that a session of its own replays. */
  readonly recording?: string | undefined;
  /** Id of the session that was left for the recording, which the seat keeps. */
  readonly left?: string | undefined;
}

interface KeptSeat extends Seat {
  /** Parts the present viewer from the seat. */
  leave: (() => void) | undefined;
  expiry: NodeJS.Timeout | undefined;
  /** What is kept as long as the seat is: its session, and for a while the one that was left for it. */
  readonly keeps: Set<KeptSession>;
  /** Ends that while. */
  away: NodeJS.Timeout | undefined;
}

interface KeptSession extends Pick<Seat, 'id' | 'session' | 'audience'> {
  readonly ended: ReplaySubject<LeftEnded>;
  /** Seats that keep it. */
  keepers: number;
  viewers: number;
}

export class SessionRegistry {
  private readonly create: (recording?: string) => WatchableSession;
  private readonly retentionMs: number;
  private readonly leftMs: number;
  private readonly capacity: number;
  private readonly sessions = new Map<string, KeptSession>();
  /** Ids of sessions that have ended, oldest first. */
  private readonly over = new Set<string>();
  /** By resume token. */
  private readonly seats = new Map<string, KeptSeat>();

  /** Keeps at most `capacity` seats without a viewer; the oldest goes first. */
  constructor(
    create: (recording?: string) => WatchableSession,
    capacity: number,
    retentionMs = RETENTION_MS,
    leftMs = LEFT_MS,
  ) {
    this.create = create;
    this.capacity = capacity;
    this.retentionMs = retentionMs;
    this.leftMs = leftMs;
  }

  /**
   * A seat as asked for, or in a new session where what was asked for is not known. `leave` is called when another
   * connection takes up the same seat.
   */
  attach({ resume, session, recording, left }: SeatRequest, leave: () => void): Seat {
    const before = recording === undefined ? undefined : left;
    const seat =
      this.seats.get(resume ?? '') ?? this.sit(this.sessions.get(session ?? '') ?? this.begin(recording), before);
    clearTimeout(seat.expiry);
    const partPresent = seat.leave;
    seat.leave = leave;
    partPresent?.();
    seat.audience.join(seat.viewer);
    return seat;
  }

  /** The viewer that attached with this `leave` has gone; the seat waits for a while. */
  detach({ resumeToken }: Seat, leave: () => void): void {
    const seat = this.seats.get(resumeToken);
    if (seat === undefined || seat.leave !== leave) return;
    seat.leave = undefined;
    seat.audience.leave(seat.viewer);
    seat.expiry = setTimeout(() => this.give(seat), this.retentionMs);
    const waiting = [...this.seats.values()].filter((candidate) => candidate.leave === undefined);
    for (const oldest of waiting.slice(0, Math.max(0, waiting.length - this.capacity))) this.give(oldest);
  }

  /** Ends every session. */
  close(): void {
    for (const seat of [...this.seats.values()]) this.give(seat);
  }

  private begin(recording: string | undefined): KeptSession {
    const session = this.create(recording);
    const ended = new ReplaySubject<LeftEnded>(1);
    const kept = { id: randomUUID(), session, audience: new Audience(session), ended, keepers: 0, viewers: 0 };
    this.sessions.set(kept.id, kept);
    return kept;
  }

  /** A seat in a session, which keeps the one of the id `before` too. */
  private sit(kept: KeptSession, before = ''): KeptSeat {
    const { id, session, audience } = kept;
    const left = this.sessions.get(before);
    const leftEnded = left?.ended ?? (this.over.has(before) ? of(LEFT_ENDED) : EMPTY);
    const keeps = new Set(left === undefined ? [kept] : [kept, left]);
    for (const each of keeps) each.keepers++;
    const viewer = ++kept.viewers;
    const resumeToken = randomBytes(18).toString('base64url');
    const own = { id, session, audience, viewer, resumeToken, leftEnded };
    const seat: KeptSeat = { ...own, leave: undefined, expiry: undefined, keeps, away: undefined };
    if (left !== undefined && left !== kept)
      seat.away = setTimeout(() => {
        keeps.delete(left);
        this.release(left);
      }, this.leftMs);
    this.seats.set(resumeToken, seat);
    return seat;
  }

  /** Gives a seat away, and what it keeps. */
  private give(seat: KeptSeat): void {
    clearTimeout(seat.expiry);
    clearTimeout(seat.away);
    if (!this.seats.delete(seat.resumeToken)) return;
    for (const kept of seat.keeps) this.release(kept);
  }

  /** A seat keeps the session no more; with the last one it ends. */
  private release(kept: KeptSession): void {
    if (--kept.keepers > 0) return;
    this.sessions.delete(kept.id);
    kept.session.close();
    this.over.add(kept.id);
    const [oldest] = this.over;
    if (this.over.size > MAX_ENDED && oldest !== undefined) this.over.delete(oldest);
    kept.ended.next(LEFT_ENDED);
  }
}
