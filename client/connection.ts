/**
 * The page's end of the socket. It greets and validates; `connectionMachine.ts` says when it opens a socket and when it
 * comes back, and the resume token of the last welcome asks for the same place in the same session. Whatever fails its check is reported
 * as `garbage` and goes no further, so that nothing a server sends can break the page. A server of another protocol
 * version is refused for good, with a reason that a person can read.
 */
import { distinctUntilChanged, filter, from, map, type Observable, Subject } from 'rxjs';
import { type ActorRefFrom, createActor, type SnapshotFrom } from 'xstate';
import {
  type ClientMessage,
  PROTOCOL_VERSION,
  type ServerMessage,
  serverMessageSchema,
} from '../shared/protocol/control.ts';
import { decodeFrameMessage } from '../shared/protocol/frames.ts';
import { type ConnectionConfig, connectionMachine, defaultConnectionConfig } from './connectionMachine.ts';
import { type Film, readFilm, readTick, type Tick } from './readFrames.ts';
import { type Futures, readFutures } from './readFutures.ts';

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
  | { readonly type: 'futures'; readonly seq: number; readonly futures: Futures }
  /** A message that failed its check; it still counts as received where its sequence number could be read. */
  | { readonly type: 'garbage'; readonly reason: string; readonly seq?: number };

/** What is used of a WebSocket; binary messages come as array buffers. */
export interface Socket {
  readonly readyState: number;
  addEventListener(type: 'open' | 'close', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  send(text: string): void;
  close(): void;
}

const OPEN = 1;

/** What a page asks for: a session to watch, or a recording to replay and the session that was left for it. */
export type Wanted = Pick<Extract<ClientMessage, { type: 'hello' }>, 'session' | 'recording' | 'left'>;

export class Connection {
  readonly events: Observable<ConnectionEvent>;
  private readonly open: () => Socket;
  private readonly wanted: () => Wanted;
  private readonly subject = new Subject<ConnectionEvent>();
  private readonly actor: ActorRefFrom<typeof connectionMachine>;
  private socket: Socket | undefined;
  private resume: string | undefined;
  /** Whether anything has come since it was listened for. */
  private spoken = false;

  /** `open` makes a socket to the server; `uniform` draws from [0, 1); `wanted` says what to ask for. */
  constructor(
    open: () => Socket,
    uniform: () => number,
    config: ConnectionConfig = defaultConnectionConfig,
    wanted: () => Wanted = () => ({}),
  ) {
    this.open = open;
    this.wanted = wanted;
    this.events = this.subject.asObservable();
    const actions = {
      openSocket: () => this.openSocket(),
      dropSocket: () => this.socket?.close(),
      leaveSocket: () => this.leaveSocket(),
      listen: () => {
        this.spoken = false;
      },
    };
    const guards = { spoken: () => this.spoken };
    this.actor = createActor(connectionMachine.provide({ actions, guards }), { input: { config, uniform } });
    this.actor.start();
    from(this.actor)
      .pipe(
        map(linkOf),
        filter((link) => link !== undefined),
        distinctUntilChanged((a, b) => JSON.stringify(a) === JSON.stringify(b)),
      )
      .subscribe((link) => this.subject.next({ type: 'link', link }));
  }

  /** Connects now; also cuts short the wait for the next attempt. */
  connect(): void {
    this.actor.send({ type: 'connect' });
  }

  /** Sends a message; says whether there was a connection to send it on. */
  send(message: ClientMessage): boolean {
    if (this.socket?.readyState !== OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** Closes the socket and does not try again. */
  close(): void {
    this.actor.send({ type: 'close' });
  }

  private openSocket(): void {
    this.leaveSocket();
    const socket = this.open();
    this.socket = socket;
    socket.addEventListener('open', () => {
      this.send({ type: 'hello', version: PROTOCOL_VERSION, resume: this.resume, ...this.wanted() });
    });
    socket.addEventListener('message', ({ data }) => {
      if (socket !== this.socket) return;
      this.spoken = true;
      this.receive(data);
    });
    socket.addEventListener('close', () => {
      if (socket === this.socket) this.actor.send({ type: 'lost' });
    });
  }

  private leaveSocket(): void {
    const { socket } = this;
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
    if (version !== PROTOCOL_VERSION) {
      this.refuse(
        `This page speaks protocol version ${PROTOCOL_VERSION} and the server version ${version}: reload the page.`,
      );
      return false;
    }
    this.resume = resume;
    this.actor.send({ type: 'welcomed' });
    return true;
  }

  /** Stops for good, because trying again would change nothing. */
  private refuse(reason: string): void {
    this.actor.send({ type: 'refused', reason });
  }
}

/** What the page is told of the state; nothing of a connection that it has closed itself. */
function linkOf({ value, context }: SnapshotFrom<typeof connectionMachine>): Link | undefined {
  switch (value) {
    case 'connecting':
    case 'open':
      return { status: value };
    case 'doubtful':
      return { status: 'open' };
    case 'waiting':
      return { status: value, attempt: context.attempt, retryMs: context.retryMs };
    case 'refused':
      return { status: value, reason: context.reason };
    default:
      return undefined;
  }
}

function readFrames(data: ArrayBuffer): ConnectionEvent {
  let seq: number | undefined;
  try {
    const message = decodeFrameMessage(data);
    seq = message.seq;
    if (message.kind === 'futures') return { type: 'futures', seq, futures: readFutures(message) };
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
