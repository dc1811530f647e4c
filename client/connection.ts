/**
 * The page's end of the socket. It greets, validates, and comes back: a lost connection is tried again with exponential
 * back-off and full jitter, and the resume token of the last welcome asks for the same session. Whatever fails its
 * check is reported as `garbage` and goes no further, so that nothing a server sends can break the page. A server of
 * another protocol version is refused for good, with a reason that a person can read.
 */
import { type Observable, Subject } from 'rxjs';
import {
  type ClientMessage,
  PROTOCOL_VERSION,
  type ServerMessage,
  serverMessageSchema,
} from '../shared/protocol/control.ts';
import { decodeFrameMessage } from '../shared/protocol/frames.ts';
import { type Film, readFilm, readTick, type Tick } from './readFrames.ts';

/** The state of the link: `waiting` counts down to the next attempt, `refused` will not try again. */
export type Link =
  | { readonly status: 'connecting' }
  | { readonly status: 'open' }
  | { readonly status: 'waiting'; readonly attempt: number; readonly retryMs: number }
  | { readonly status: 'refused'; readonly reason: string };

export type ConnectionEvent =
  | { readonly type: 'link'; readonly link: Link }
  | { readonly type: 'message'; readonly message: ServerMessage }
  | { readonly type: 'tick'; readonly seq: number; readonly tick: Tick }
  | { readonly type: 'film'; readonly seq: number; readonly film: Film }
  /** A message that failed its check; it still counts as received where its sequence number could be read. */
  | { readonly type: 'garbage'; readonly reason: string; readonly seq?: number };

/** What is used of a WebSocket. */
export interface Socket {
  binaryType: string;
  readonly readyState: number;
  addEventListener(type: 'open' | 'close', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  send(text: string): void;
  close(): void;
}

export interface ConnectionConfig {
  /** First delay before trying again, doubled with each failure. */
  readonly baseMs: number;
  /** Longest delay. */
  readonly capMs: number;
  /** A server that has not answered the greeting by then is given up. */
  readonly welcomeMs: number;
}

export const defaultConnectionConfig: ConnectionConfig = { baseMs: 250, capMs: 8000, welcomeMs: 10_000 };

const OPEN = 1;

/** Delay before attempt `attempt` (from 0): uniform on the upper half of an exponentially growing window. */
export function retryDelay(attempt: number, uniform: number, config = defaultConnectionConfig): number {
  const window = Math.min(config.capMs, config.baseMs * 2 ** Math.min(attempt, 30));
  return Math.round(window * (0.5 + 0.5 * uniform));
}

export class Connection {
  readonly events: Observable<ConnectionEvent>;
  private readonly open: () => Socket;
  private readonly uniform: () => number;
  private readonly config: ConnectionConfig;
  private readonly subject = new Subject<ConnectionEvent>();
  private socket: Socket | undefined;
  private resume: string | undefined;
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `open` makes a socket to the server; `uniform` draws from [0, 1). */
  constructor(open: () => Socket, uniform: () => number, config: ConnectionConfig = defaultConnectionConfig) {
    this.open = open;
    this.uniform = uniform;
    this.config = config;
    this.events = this.subject.asObservable();
  }

  /** Connects now; also cuts short the wait for the next attempt. */
  connect(): void {
    clearTimeout(this.timer);
    this.socket?.close();
    const socket = this.open();
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    this.link({ status: 'connecting' });
    this.timer = setTimeout(() => socket.close(), this.config.welcomeMs);
    socket.addEventListener('open', () => {
      const resume = this.resume === undefined ? {} : { resume: this.resume };
      this.send({ type: 'hello', version: PROTOCOL_VERSION, ...resume });
    });
    socket.addEventListener('message', ({ data }) => {
      if (socket === this.socket) this.receive(data);
    });
    socket.addEventListener('close', () => {
      if (socket === this.socket) this.lost();
    });
  }

  /** Sends a message; says whether there was a connection to send it on. */
  send(message: ClientMessage): boolean {
    if (this.socket?.readyState !== OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** Closes the socket and does not try again. */
  close(): void {
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = undefined;
    socket?.close();
  }

  private receive(data: unknown): void {
    if (data instanceof ArrayBuffer) {
      this.subject.next(readFrames(data));
      return;
    }
    const parsed = serverMessageSchema.safeParse(parseJson(data));
    if (!parsed.success) {
      this.subject.next({ type: 'garbage', reason: `a message is not of the protocol: ${parsed.error.message}` });
      return;
    }
    const message = parsed.data;
    if (message.type === 'welcome' && !this.welcomed(message)) return;
    if (message.type === 'error' && message.code === 'version') {
      this.refuse(message.message);
      return;
    }
    this.subject.next({ type: 'message', message });
  }

  private welcomed({ version, resume }: ServerMessage & { type: 'welcome' }): boolean {
    clearTimeout(this.timer);
    if (version !== PROTOCOL_VERSION) {
      this.refuse(
        `This page speaks protocol version ${PROTOCOL_VERSION} and the server version ${version}: reload the page.`,
      );
      return false;
    }
    this.attempt = 0;
    this.resume = resume;
    this.link({ status: 'open' });
    return true;
  }

  /** Stops for good, because trying again would change nothing. */
  private refuse(reason: string): void {
    this.close();
    this.link({ status: 'refused', reason });
  }

  private lost(): void {
    clearTimeout(this.timer);
    this.socket = undefined;
    const retryMs = retryDelay(this.attempt, this.uniform(), this.config);
    this.attempt++;
    this.link({ status: 'waiting', attempt: this.attempt, retryMs });
    this.timer = setTimeout(() => this.connect(), retryMs);
  }

  private link(link: Link): void {
    this.subject.next({ type: 'link', link });
  }
}

function readFrames(data: ArrayBuffer): ConnectionEvent {
  let seq: number | undefined;
  try {
    const message = decodeFrameMessage(data);
    seq = message.seq;
    return message.kind === 'tick'
      ? { type: 'tick', seq, tick: readTick(message) }
      : { type: 'film', seq, film: readFilm(message) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { type: 'garbage', reason: error.message, ...(seq === undefined ? {} : { seq }) };
  }
}

function parseJson(data: unknown): unknown {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
