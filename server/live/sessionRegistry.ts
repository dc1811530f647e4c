/**
 * The sessions of a server, each with the secret by which a page that lost its connection takes its session up again. A
 * session without a viewer is held and, after a while, closed.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { LiveSession } from './liveSession.ts';

/** Milliseconds for which a session waits for its page to come back. */
export const RETENTION_MS = 30_000;

/** A session and who watches it. */
export interface SessionEntry {
  readonly id: string;
  /** Whoever knows it may take up the session. */
  readonly resumeToken: string;
  readonly session: LiveSession;
}

interface Watched extends SessionEntry {
  /** Parts the present viewer from the session. */
  leave: (() => void) | undefined;
  expiry: NodeJS.Timeout | undefined;
}

export class SessionRegistry {
  private readonly create: () => LiveSession;
  private readonly retentionMs: number;
  private readonly capacity: number;
  private readonly entries = new Map<string, Watched>();

  /** Keeps at most `capacity` sessions without a viewer; the oldest goes first. */
  constructor(create: () => LiveSession, capacity: number, retentionMs = RETENTION_MS) {
    this.create = create;
    this.capacity = capacity;
    this.retentionMs = retentionMs;
  }

  /**
   * The session of the resume token, or a new one where none is given or known. `leave` is called when another
   * connection takes the session over.
   */
  attach(resumeToken: string | undefined, leave: () => void): SessionEntry {
    const entry = (resumeToken === undefined ? undefined : this.entries.get(resumeToken)) ?? this.begin();
    clearTimeout(entry.expiry);
    const before = entry.leave;
    entry.leave = leave;
    before?.();
    return entry;
  }

  /** The viewer that attached with this `leave` has gone; its session waits for a while. */
  detach({ resumeToken }: SessionEntry, leave: () => void): void {
    const entry = this.entries.get(resumeToken);
    if (entry === undefined || entry.leave !== leave) return;
    entry.leave = undefined;
    entry.session.leave();
    entry.expiry = setTimeout(() => this.end(entry), this.retentionMs);
    const waiting = [...this.entries.values()].filter((candidate) => candidate.leave === undefined);
    for (const oldest of waiting.slice(0, Math.max(0, waiting.length - this.capacity))) this.end(oldest);
  }

  /** Ends every session. */
  close(): void {
    for (const entry of [...this.entries.values()]) this.end(entry);
  }

  private begin(): Watched {
    const entry: Watched = {
      id: randomUUID(),
      resumeToken: randomBytes(18).toString('base64url'),
      session: this.create(),
      leave: undefined,
      expiry: undefined,
    };
    this.entries.set(entry.resumeToken, entry);
    return entry;
  }

  private end(entry: Watched): void {
    clearTimeout(entry.expiry);
    this.entries.delete(entry.resumeToken);
    entry.session.close();
  }
}
