/**
 * A server that says exactly what a test wants: it serves the built page, speaks the protocol with synthetic frames,
 * keeps every message that it was sent, and can drop its connections or send garbage. Sessions outlive their sockets,
 * as the real server's do.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import {
  type ClientMessage,
  clientMessageSchema,
  type DrivenWorld,
  PROTOCOL_VERSION,
  type ServerMessage,
  type Settings,
} from '../../shared/protocol/control.ts';
import { encodeFrameMessage, type MessageKind, type Stream } from '../../shared/protocol/frames.ts';
import { filledBy } from './fakeFilling.ts';
import { lessonOf, readingAt } from './fakeReading.ts';
import { FAN_ELITES, fanOf, futuresOf, picture } from './fakeStreams.ts';
import { FakeTrainings } from './fakeTrainings.ts';
import { servePage, TOKEN } from './servePage.ts';
import { BUDGET, draw, episodeOf, HORIZON, posesOf, sceneAt, WORLDS } from './syntheticWorld.ts';

const TICK_MS = 50;
/** Messages that a page may leave unacknowledged, as with the real server, so that a slow page never falls behind. */
const IN_FLIGHT_LIMIT = 3;

export class FakeServer {
  /** Everything that pages have said, in order. */
  readonly received: ClientMessage[] = [];
  /** Version that the welcome announces. */
  version = PROTOCOL_VERSION;
  /** What a plan's frames take to paint in one step, in milliseconds. */
  renderMs = 22.4;
  /** Whether the agent has learned to read; from then on plans are read where that is asked for. */
  private learned = false;
  readonly trainings = new FakeTrainings();
  /** The latest pictures sent. */
  latest: { readonly truth: Uint8Array; readonly dream: Uint8Array } | undefined;
  private settings: Settings = { world: 'push-t', seed: 1, rendererSteps: 1 };
  private readonly http = createServer((request, response) => {
    if (!this.trainings.answers(request, response)) void servePage(this.directory, request.url ?? '/', response);
  });
  private readonly sockets = new WebSocketServer({ noServer: true });
  private readonly greeted = new Set<WebSocket>();
  private readonly directory: string;
  private readonly clock = setInterval(() => this.tick(), TICK_MS);
  /** A page that hears nothing gives the connection up; oftener than the real one, since tests put its clock forward. */
  private readonly heart = setInterval(() => this.sendStats(), 5 * TICK_MS);
  private running = true;
  private accepting = true;
  private dreamt = 0;
  private driven: DrivenWorld | undefined;
  private serial = 1;
  private step = 0;
  private planStart = 0;
  private sequence = 0;
  private acknowledged = -1;
  private lastStep = Number.POSITIVE_INFINITY;

  /** Serves the page built in `directory`. */
  constructor(directory: string) {
    this.directory = directory;
    this.http.on('upgrade', (request, socket, head) => {
      const address = new URL(request.url ?? '/', 'http://host');
      if (!this.accepting || address.pathname !== '/socket' || address.searchParams.get('token') !== TOKEN) {
        socket.destroy();
        return;
      }
      this.sockets.handleUpgrade(request, socket, head, (peer) => this.accept(peer));
    });
  }

  /** Starts on any free port; returns it. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.http.listen(0, '127.0.0.1', resolve));
    return (this.http.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const timer of [this.clock, this.heart]) clearInterval(timer);
    this.drop();
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  /** Cuts every connection. */
  drop(): void {
    for (const peer of this.sockets.clients) peer.terminate();
  }

  /** Whether new connections are accepted. */
  admit(accepting: boolean): void {
    this.accepting = accepting;
  }

  /**
   * The clock goes to this step of an episode and stops there, so that a test knows what is on the screen. The steps of a
   * plan are sent at once, so that the page has no need to draw every one, and those of the next when it has drawn them.
   */
  standAt(step: number): void {
    this.lastStep = step;
  }

  /** The clock goes on, a step at a time, and does not stop. */
  go(): void {
    this.lastStep = Number.POSITIVE_INFINITY;
  }

  /** The agent learns to read: some of the episodes, or all of them, as if the page had asked. */
  teach(done: number): void {
    const lesson = lessonOf(done);
    this.learned = lesson.quantities !== undefined;
    this.say(lesson);
  }

  /** Sends a control message to every page. */
  say(message: ServerMessage): void {
    this.raw(JSON.stringify(message));
  }

  /** Sends anything at all. */
  raw(data: string | Uint8Array): void {
    for (const peer of this.greeted) peer.send(data);
  }

  /** Messages of one type. */
  heard<T extends ClientMessage['type']>(type: T): Extract<ClientMessage, { type: T }>[] {
    return this.received.filter((message): message is Extract<ClientMessage, { type: T }> => message.type === type);
  }

  private accept(peer: WebSocket): void {
    peer.on('close', () => this.greeted.delete(peer));
    peer.on('message', (data) => {
      const message = clientMessageSchema.parse(JSON.parse(data.toString()));
      this.received.push(message);
      this.answer(peer, message);
    });
  }

  private answer(peer: WebSocket, message: ClientMessage): void {
    this.obey(peer, message);
    if (!('request' in message)) return;
    const { settings, running: playing } = this;
    this.say({ type: 'heard', request: message.request, settings, playing });
  }

  private obey(peer: WebSocket, message: ClientMessage): void {
    switch (message.type) {
      case 'hello': {
        const welcome: ServerMessage = {
          type: 'welcome',
          version: this.version,
          session: 'session-1',
          viewer: 1,
          resume: 'resume-1',
          worlds: WORLDS,
          settings: this.settings,
        };
        this.greeted.add(peer);
        this.acknowledged = this.sequence - 1;
        peer.send(JSON.stringify(welcome));
        peer.send(JSON.stringify(episodeOf(this.settings)));
        this.sendPlan();
        this.phase();
        break;
      }
      case 'configure':
        this.settings = { ...this.settings, ...message.settings };
        if (message.settings.world !== undefined || message.settings.seed !== undefined) this.begin();
        break;
      case 'transport':
        this.transport(message.command);
        break;
      case 'arrange':
        this.rearrange(message);
        break;
      case 'drive':
        this.driven = message.direction === null ? undefined : message.world;
        break;
      case 'auto':
        this.say({ type: 'audience', viewers: 1, ...(message.on && { auto: 1 }) });
        break;
      case 'fill':
        for (const answer of filledBy(message)) peer.send(JSON.stringify(answer));
        break;
      case 'ack':
        this.acknowledged = Math.max(this.acknowledged, message.seq);
        break;
    }
  }

  /** The goal, or a body, stands where it was put, unless that is outside the arena. */
  private rearrange({ what, shape, pose }: Extract<ClientMessage, { type: 'arrange' }>): void {
    const { goal, scene, arena, ...episode } = episodeOf(this.settings);
    if (pose.x < 0 || pose.x > arena.width) {
      this.say({ type: 'error', code: `impossible-${what}`, message: 'It would lie outside the arena.' });
      return;
    }
    const moved = (all: typeof goal) => all.map((each, i) => (i === shape ? { ...each, pose } : each));
    const shapes = what === 'goal' ? { goal: moved(goal), scene } : { goal, scene: moved(scene) };
    this.say({ ...episode, ...shapes, arena, serial: ++this.serial });
  }

  private transport(command: 'play' | 'pause' | 'step' | 'next'): void {
    if (command === 'step') this.advance();
    else if (command === 'next') {
      this.settings = { ...this.settings, seed: this.settings.seed + 1 };
      this.begin();
    } else {
      this.running = command === 'play';
      this.phase();
    }
  }

  private phase(): void {
    this.say({ type: 'phase', phase: this.running ? 'running' : 'paused' });
  }

  private begin(): void {
    this.step = 0;
    this.planStart = 0;
    this.say(episodeOf(this.settings));
    this.sendPlan();
  }

  private tick(): void {
    if (!this.running || this.greeted.size === 0 || this.sequence - 1 - this.acknowledged >= IN_FLIGHT_LIMIT) return;
    const steps = Number.isFinite(this.lastStep) ? Math.min(HORIZON, this.lastStep - this.step) : 1;
    for (let i = 0; i < steps; i++) this.advance();
  }

  private advance(): void {
    if (this.driven === 'dream') {
      this.dreamt++;
      this.send('tick', [picture('dream', 0, this.dream(this.step + this.dreamt))]);
      return;
    }
    this.dreamt = 0;
    this.step++;
    if (this.step > this.planStart + HORIZON) {
      this.planStart = this.step - 1;
      this.sendPlan();
    }
    const scene = sceneAt(this.step, this.settings.seed);
    this.latest = { truth: draw(scene), dream: this.dream(this.step) };
    this.send('tick', [
      picture('truth', 0, this.latest.truth),
      ...(this.driven === 'truth' ? [] : [picture('dream', 0, this.latest.dream)]),
      { name: 'poses', index: 0, width: 3, height: scene.length, data: posesOf(scene) },
    ]);
    if (this.step < BUDGET) return;
    this.say({ type: 'outcome', success: true, steps: this.step });
    this.settings = { ...this.settings, seed: this.settings.seed + 1 };
    this.begin();
  }

  private dream(step: number): Uint8Array {
    const age = step - this.planStart;
    return draw(sceneAt(step, this.settings.seed, (age * age) / 40));
  }

  private sendPlan(): void {
    const fan = this.settings.fan ? fanOf(episodeOf(this.settings).arena) : [];
    this.say({
      type: 'plan',
      envStep: this.planStart,
      horizon: HORIZON,
      costs: Array.from({ length: 8 }, (_, i) => ({ best: 4 * 0.6 ** i + 0.6, mean: 9 * 0.75 ** i + 1 })),
      planMs: 184,
      renderMs: this.renderMs * this.settings.rendererSteps,
      rendererSteps: this.settings.rendererSteps,
      ...(fan.length > 0 && { fan: { shape: 'block', elites: fan.map(() => FAN_ELITES), fanMs: 40 } }),
      ...(this.learned && this.settings.reading && { reading: readingAt(this.planStart, this.settings.seed) }),
    });
    const frames = Array.from({ length: HORIZON }, (_, i) => this.dream(this.planStart + i + 1));
    this.send('plan', [
      picture('goal', 0, draw(sceneAt(BUDGET, this.settings.seed))),
      ...frames.map((frame, i) => picture('imagined', i, frame)),
      ...fan,
    ]);
    const { futures = 0, seed } = this.settings;
    if (futures > 0) this.send('futures', futuresOf(this.planStart, seed, futures));
  }

  private sendStats(): void {
    const phase = this.running ? 'running' : 'paused';
    const times = { simMs: 1.2, planMs: 184, renderMs: 1.4 * this.settings.rendererSteps, sendMs: 0.3 };
    this.say({ type: 'stats', phase, envStep: this.step, dropped: 2, inFlight: 1, ...times });
  }

  private send(kind: MessageKind, streams: readonly Stream[]): void {
    const message = { kind, seq: this.sequence++, envStep: this.step, simTimeMs: this.step * 100, streams };
    this.raw(encodeFrameMessage(kind === 'tick' ? message : { ...message, envStep: this.planStart }));
  }
}
