/**
 * One viewer's connection to the session that it watches, perhaps beside others. It greets, checks what the page says, and sends what the session says at the
 * pace of the page's acknowledgements. Nothing that one page sends can harm another: what fails its check is answered
 * with an `error`, and a page that goes on failing, floods, or lets megabytes pile up is cut off.
 */
import { interval, merge, Subject, Subscription, share, withLatestFrom } from 'rxjs';
import type { RawData, WebSocket } from 'ws';
import type { Clock } from '../../shared/clock.ts';
import {
  type ClientMessage,
  clientMessageSchema,
  PROTOCOL_VERSION,
  type ServerMessage,
  type WorldSummary,
} from '../../shared/protocol/control.ts';
import { encodeFrameMessage } from '../../shared/protocol/frames.ts';
import { type FlowState, flowOf, isFrames, type Outgoing, released, stalled } from './framePipeline.ts';
import { RateLimit, type RateLimitConfig } from './rateLimit.ts';
import type { ViewerRequest } from './sessionEvents.ts';
import type { Seat, SessionRegistry } from './sessionRegistry.ts';

export interface ViewerConfig {
  /** A page that has not greeted by then is cut off. */
  readonly helloMs: number;
  /** A page that leaves a full pipeline unacknowledged for so long does not look: it is shown nothing until it does. */
  readonly stallMs: number;
  /** Between two `stats`. */
  readonly statsMs: number;
  readonly rate: RateLimitConfig;
  /** Messages that fail their check before the page is cut off. */
  readonly strikes: number;
  /** Bytes that may be queued for a page that does not read. */
  readonly maxBufferedBytes: number;
}

export const defaultViewerConfig: ViewerConfig = {
  helloMs: 5000,
  stallMs: 2000,
  statsMs: 1000,
  rate: { perSecond: 200, burst: 400 },
  strikes: 3,
  maxBufferedBytes: 8 * 1024 * 1024,
};

/** Close codes of RFC 6455 and, from 4000 on, of our own. */
const CLOSE = { policy: 1008, takenOver: 4001 } as const;

const UNKNOWN_SESSION: ServerMessage = {
  type: 'error',
  code: 'unknown-session',
  message: 'The session of this address has ended, or was of another server; this is a new one.',
};

export interface ViewerContext {
  readonly sessions: SessionRegistry;
  readonly worlds: readonly WorldSummary[];
  readonly clock: Clock;
  readonly config: ViewerConfig;
}

export class ViewerConnection {
  private readonly socket: WebSocket;
  private readonly context: ViewerContext;
  private readonly rate: RateLimit;
  private readonly acks = new Subject<number>();
  private readonly subscriptions = new Subscription();
  private readonly helloTimer: NodeJS.Timeout;
  private readonly gone = new AbortController();
  private seat: Seat | undefined;
  private strikes = 0;
  private stalled = false;
  /** Of the session, what was not kept for a viewer that did not look: whether anything, and how many ticks. */
  private missed = { anything: false, ticks: 0 };
  private sendMs = 0;

  constructor(socket: WebSocket, context: ViewerContext) {
    this.socket = socket;
    this.context = context;
    this.rate = new RateLimit(context.config.rate, context.clock);
    this.helloTimer = setTimeout(() => this.refuse('no-hello', 'Say hello first.'), context.config.helloMs);
    socket.on('message', (data, isBinary) => this.hear(data, isBinary));
    socket.on('close', () => this.closed());
    // A broken or oversized message: ws closes the connection with the code for it (1007, 1009).
    socket.on('error', () => {});
  }

  private hear(data: RawData, isBinary: boolean): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (!this.rate.take()) {
      this.refuse('flood', `More than ${this.context.config.rate.perSecond} messages a second; send fewer.`);
      return;
    }
    const message = isBinary ? undefined : readMessage(String(data));
    if (message === undefined) this.strike();
    else this.obey(message);
  }

  private obey(message: ClientMessage): void {
    const { seat } = this;
    if (seat === undefined) {
      if (message.type === 'hello') this.greet(message);
      else this.refuse('no-hello', 'Say hello first.');
      return;
    }
    switch (message.type) {
      case 'hello':
        this.strike();
        return;
      case 'ack':
        this.acks.next(message.seq);
        return;
      default:
        this.ask(seat, message);
    }
  }

  /** Passes a request on, then says how the session stands, so that the page can tell old news from the answer. */
  private ask({ session, audience, viewer }: Seat, request: ViewerRequest): void {
    const tell = (message: ServerMessage): void => this.send(message);
    const refusal = audience.request(viewer, request, { tell, signal: this.gone.signal });
    if (refusal !== undefined) this.send(refusal);
    const { settings, playing } = session;
    this.send({ type: 'heard', request: request.request, settings, playing });
  }

  private greet({ version, resume, session, recording, left }: Extract<ClientMessage, { type: 'hello' }>): void {
    clearTimeout(this.helloTimer);
    if (version !== PROTOCOL_VERSION) {
      this.refuse('version', `The page speaks version ${version} and the server ${PROTOCOL_VERSION}: reload the page.`);
      return;
    }
    const seat = this.context.sessions.attach({ resume, session, recording, left }, this.leave);
    this.seat = seat;
    this.send({
      type: 'welcome',
      version: PROTOCOL_VERSION,
      session: seat.id,
      viewer: seat.viewer,
      resume: seat.resumeToken,
      worlds: [...this.context.worlds],
      settings: seat.session.settings,
    });
    if (recording === undefined && session !== undefined && session !== seat.id) this.send(UNKNOWN_SESSION);
    this.watch(seat);
  }

  /** Lets the session's output flow to the page, and the page's pace back to the session. */
  private watch({ session, audience, viewer, leftEnded }: Seat): void {
    const { stallMs, statsMs } = this.context.config;
    const items = new Subject<Outgoing>();
    const show = (): void => {
      this.missed = { ...this.missed, anything: false };
      for (const item of session.catchUp()) items.next(item);
    };
    const states = flowOf(items, this.acks).pipe(share<FlowState>());
    this.subscriptions.add(states.pipe(released()).subscribe((item) => this.send(item)));
    this.subscriptions.add(
      states.pipe(stalled(stallMs)).subscribe((now) => {
        this.stalled = now;
        audience.stall(viewer, now);
        if (!now && this.missed.anything) show();
      }),
    );
    this.subscriptions.add(
      interval(statsMs)
        .pipe(withLatestFrom(states))
        .subscribe(([, { dropped, inFlight, droppedFutures }]) => {
          const { sendMs } = this;
          const lost = dropped + this.missed.ticks;
          const health = session.health();
          const futures = { droppedFutures: health.droppedFutures + droppedFutures };
          this.send({ type: 'stats', ...health, ...futures, dropped: lost, inFlight: inFlight.length, sendMs });
        }),
    );
    show();
    this.subscriptions.add(
      merge(session.output, audience.changes, leftEnded).subscribe((item) => {
        if (this.stalled && passes(item)) this.miss(item);
        else items.next(item);
      }),
    );
  }

  /** Pictures go by a viewer that does not look: nothing may pile up while the others watch on. */
  private miss(item: Outgoing): void {
    const ticks = this.missed.ticks + (isFrames(item) && item.kind === 'tick' ? 1 : 0);
    this.missed = { anything: true, ticks };
  }

  private send(item: Outgoing): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    const began = this.context.clock.now();
    const data = isFrames(item) ? encodeFrameMessage(item) : JSON.stringify(item satisfies ServerMessage);
    if (this.socket.bufferedAmount + data.length > this.context.config.maxBufferedBytes) {
      this.socket.terminate();
      return;
    }
    this.socket.send(data);
    if (isFrames(item) && item.kind !== 'futures') this.sendMs = this.context.clock.now() - began;
  }

  private strike(): void {
    this.strikes++;
    const message = 'The message is not of the protocol; it changed nothing.';
    if (this.strikes >= this.context.config.strikes) this.refuse('bad-message', message);
    else this.send({ type: 'error', code: 'bad-message', message });
  }

  /** Says why and cuts the page off. */
  private refuse(code: string, message: string): void {
    this.send({ type: 'error', code, message });
    this.socket.close(CLOSE.policy, code);
  }

  /** Another connection has taken up this viewer's seat. */
  private readonly leave = (): void => {
    this.subscriptions.unsubscribe();
    this.socket.close(CLOSE.takenOver, 'the session goes on elsewhere');
  };

  private closed(): void {
    this.gone.abort();
    clearTimeout(this.helloTimer);
    this.subscriptions.unsubscribe();
    if (this.seat !== undefined) this.context.sessions.detach(this.seat, this.leave);
  }
}

/** Whether an item is of the stream of plans and pictures, which a later one makes worthless. */
function passes(item: Outgoing): boolean {
  return isFrames(item) || item.type === 'plan';
}

function readMessage(text: string): ClientMessage | undefined {
  try {
    return clientMessageSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
