/**
 * The page's end of the socket: greeting, checking, coming back.
 */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connection, type ConnectionEvent, type Socket } from '../../client/connection.ts';
import { defaultConnectionConfig, retryDelay } from '../../client/connectionMachine.ts';
import { PROTOCOL_VERSION, type ServerMessage } from '../../shared/protocol/control.ts';
import { encodeFrameMessage } from '../../shared/protocol/frames.ts';

/** A socket whose other end is the test. */
class TestSocket implements Socket {
  readyState = 0;
  readonly sent: unknown[] = [];
  private readonly listeners: { type: string; listener: (event: { readonly data: unknown }) => void }[] = [];

  addEventListener(type: string, listener: (event: { readonly data: unknown }) => void): void {
    this.listeners.push({ type, listener });
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.emit('close');
  }

  open(): void {
    this.readyState = 1;
    this.emit('open');
  }

  say(message: ServerMessage): void {
    this.emit('message', JSON.stringify(message));
  }

  emit(type: string, data?: unknown): void {
    for (const each of this.listeners) if (each.type === type) each.listener({ data });
  }
}

let sockets: TestSocket[];
let events: ConnectionEvent[];
let connection: Connection;

function latest(): TestSocket {
  const socket = sockets.at(-1);
  if (socket === undefined) throw new Error('no socket was opened');
  return socket;
}

function welcome(version = PROTOCOL_VERSION): ServerMessage {
  const settings = { world: 'push-t', seed: 0, rendererSteps: 1 } as const;
  return { type: 'welcome', version, session: 's', viewer: 1, resume: 'token', worlds: [], settings };
}

/** What became of the link since it was first open. */
function links(): string[] {
  const all = events.flatMap((event) => (event.type === 'link' ? [event.link.status] : []));
  return all.slice(all.indexOf('open'));
}

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  events = [];
  connection = new Connection(
    () => {
      const socket = new TestSocket();
      sockets.push(socket);
      return socket;
    },
    () => 1,
  );
  connection.events.subscribe((event) => events.push(event));
  connection.connect();
});

afterEach(() => {
  connection.close();
  vi.useRealTimers();
});

describe('Connection', () => {
  it('greets with its version, and is open when it is welcomed', () => {
    latest().open();
    expect(latest().sent).toEqual([{ type: 'hello', version: PROTOCOL_VERSION }]);
    latest().say(welcome());
    expect(events).toContainEqual({ type: 'link', link: { status: 'open' } });
    expect(events.at(-1)).toEqual({ type: 'message', message: welcome() });
  });

  it('comes back after a loss and asks for the same session', () => {
    latest().open();
    latest().say(welcome());
    latest().close();
    expect(events.at(-1)).toEqual({ type: 'link', link: { status: 'waiting', attempt: 1, retryMs: 250 } });
    vi.advanceTimersByTime(250);
    expect(sockets).toHaveLength(2);
    latest().open();
    expect(latest().sent).toEqual([{ type: 'hello', version: PROTOCOL_VERSION, resume: 'token' }]);
  });

  it('asks for the session that the address names, beside its own place in it', () => {
    const open = () => {
      const socket = new TestSocket();
      sockets.push(socket);
      return socket;
    };
    const linked = new Connection(
      open,
      () => 1,
      defaultConnectionConfig,
      () => ({ session: 'shared' }),
    );
    linked.connect();
    latest().open();
    latest().say(welcome());
    latest().close();
    vi.advanceTimersByTime(250);
    latest().open();
    linked.close();
    const hello = { type: 'hello', version: PROTOCOL_VERSION, session: 'shared' };
    expect(sockets.slice(1).map(({ sent }) => sent)).toEqual([[hello], [{ ...hello, resume: 'token' }]]);
  });

  it('waits longer after each failure, and short again after a welcome', () => {
    const waits = Array.from({ length: 8 }, () => {
      latest().close();
      const event = events.at(-1);
      vi.advanceTimersByTime(defaultConnectionConfig.capMs);
      return event?.type === 'link' && event.link.status === 'waiting' ? event.link.retryMs : undefined;
    });
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
    latest().open();
    latest().say(welcome());
    latest().close();
    expect(events.at(-1)).toMatchObject({ link: { attempt: 1, retryMs: 250 } });
  });

  it('gives up a server that never welcomes it', () => {
    latest().open();
    vi.advanceTimersByTime(defaultConnectionConfig.welcomeMs);
    expect(events.at(-1)).toMatchObject({ link: { status: 'waiting' } });
  });

  it('gives up a link on which nothing comes any more, and comes back', () => {
    latest().open();
    latest().say(welcome());
    for (let second = 0; second < 60; second++) {
      vi.advanceTimersByTime(1000);
      latest().say({ type: 'phase', phase: 'paused' });
    }
    expect(links()).toEqual(['open']);
    vi.advanceTimersByTime(11_000);
    expect(links()).toEqual(['open']);
    vi.advanceTimersByTime(7000);
    expect(links()).toEqual(['open', 'waiting']);
    vi.advanceTimersByTime(250);
    expect(sockets).toHaveLength(2);
    expect(sockets[0]?.readyState).toBe(3);
  });

  it('counts what came while its timers were held up, and is handed over after them', () => {
    latest().open();
    latest().say(welcome());
    for (let wake = 0; wake < 5; wake++) {
      vi.advanceTimersByTime(defaultConnectionConfig.listenMs);
      latest().emit('message', new ArrayBuffer(3));
    }
    expect(links()).toEqual(['open']);
  });

  it.each([
    ['a welcome of another version', welcome(PROTOCOL_VERSION + 1)],
    ['a refusal for its version', { type: 'error', code: 'version', message: 'Too old.' } as const],
  ])('stops for good at %s', (_, message) => {
    latest().open();
    latest().say(message);
    expect(events.at(-1)).toMatchObject({ type: 'link', link: { status: 'refused' } });
    vi.advanceTimersByTime(60_000);
    expect(sockets).toHaveLength(1);
  });

  it('hears nothing more from a socket that it has replaced', () => {
    const old = latest();
    old.open();
    connection.connect();
    const before = events.length;
    old.say(welcome());
    old.emit('close');
    expect(events).toHaveLength(before);
  });

  it('says when a message could not be sent', () => {
    expect(connection.send({ type: 'transport', request: 1, command: 'play' })).toBe(false);
    latest().open();
    expect(connection.send({ type: 'transport', request: 1, command: 'play' })).toBe(true);
  });

  it('reports any garbage as garbage, and only that', () => {
    latest().open();
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.uint8Array({ maxLength: 200 })), (data) => {
        latest().emit('message', typeof data === 'string' ? data : data.buffer);
        expect(events.at(-1)?.type).toBe('garbage');
      }),
    );
  });

  it('says which frame message was garbage, so that it can be acknowledged', () => {
    latest().open();
    const data = new Uint8Array(16);
    const streams = [{ name: 'truth', index: 0, width: 2, height: 2, data } as const];
    const bytes = encodeFrameMessage({ kind: 'tick', seq: 7, envStep: 0, simTimeMs: 0, streams });
    latest().emit('message', bytes.buffer);
    expect(events.at(-1)).toMatchObject({ type: 'garbage', seq: 7 });
  });
});

describe('retryDelay', () => {
  it('stays between half the window and the window, and never above the cap', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, uniform) => {
        const { baseMs, capMs } = defaultConnectionConfig;
        const window = Math.min(capMs, baseMs * 2 ** attempt);
        const delay = retryDelay(attempt, uniform);
        expect(delay).toBeGreaterThanOrEqual(window / 2);
        expect(delay).toBeLessThanOrEqual(window);
      }),
    );
  });
});
