/**
 * A session whose truth comes from a recording. Viewers watch it as they watch a live one, on the same clock and by the
 * same messages, but nobody acts in it: what would change what happened is refused with a reason. Any step can be gone
 * to, by playing what lies between in the time that the thread has to spare, and any speed be chosen. Every state is
 * compared with the recorded one (`recordedEpisode.ts`), and where the replay departs it stands and says so.
 */
import { BehaviorSubject, type Observable, Subject, type Subscription } from 'rxjs';
import { createWorld } from '../../envs/validateDefinition.ts';
import { DataError, ReverieError } from '../../shared/errors.ts';
import type { ReplaySpeed, ServerMessageOf, SessionPhase, Settings } from '../../shared/protocol/control.ts';
import { RecordedEpisode, ReplayMismatch } from '../recording/recordedEpisode.ts';
import type { Recording } from '../recording/recording.ts';
import type { RecordingShelf } from '../recording/recordingShelf.ts';
import type { Filler } from './fillingIn.ts';
import type { Outgoing } from './framePipeline.ts';
import type { LiveSessionOptions } from './liveSessionOptions.ts';
import { type Opened, replayMessage } from './replayMessage.ts';
import type { SessionHealth, SessionRequest } from './sessionEvents.ts';
import { tickMessage } from './sessionMessages.ts';
import { type Standing, toldOnJoining } from './standing.ts';
import { ticksUnlessHeld } from './steadyTicks.ts';
import type { WatchableSession } from './watchableSession.ts';

export interface ReplayOptions
  extends Pick<LiveSessionOptions, 'settings' | 'clock' | 'spareTime' | 'scheduler' | 'onDefect'> {
  readonly shelf?: RecordingShelf;
}

const REFUSED: ServerMessageOf<'error'> = {
  type: 'error',
  code: 'replay',
  message: 'This is a recording: what happened in it cannot be changed. Go back to live to try something else.',
};

export class ReplaySession implements WatchableSession {
  private readonly id: string;
  private readonly options: ReplayOptions;
  private readonly said = new Subject<Outgoing>();
  private readonly held = new BehaviorSubject(true);
  private readonly periodMs = new BehaviorSubject(Number.POSITIVE_INFINITY);
  private readonly ticking: Subscription;
  private opened: Opened | undefined;
  private speed: ReplaySpeed = 1;
  /** On the way to a step; the clock waits. */
  private seeking: AbortController | undefined;
  private chosen: Settings;
  private wanted = true;
  private phase: SessionPhase = 'loading';
  private present: Standing = {};
  private nextSeq = 0;
  private begun = 0;
  private simMs = 0;

  /** Begins at once to read the recording of this id. */
  constructor(id: string, options: ReplayOptions) {
    this.id = id;
    this.options = options;
    this.chosen = options.settings;
    this.ticking = ticksUnlessHeld(this.held, this.periodMs, options.scheduler).subscribe(() => {
      if (this.phase === 'running' && this.seeking === undefined) this.advance();
    });
    void this.load();
  }

  get output(): Observable<Outgoing> {
    return this.said.asObservable();
  }

  get settings(): Settings {
    return this.chosen;
  }

  get playing(): boolean {
    return this.wanted && this.phase !== 'failed';
  }

  catchUp(): Outgoing[] {
    return [this.pace(), ...toldOnJoining(this.present, this.chosen, undefined, this.phase)];
  }

  health(): SessionHealth {
    const envStep = this.opened?.episode.position ?? 0;
    return { phase: this.phase, envStep, simMs: this.simMs, planMs: 0, renderMs: 0, droppedFutures: 0 };
  }

  /** No agent is loaded to replay a recording. */
  get filler(): Filler {
    return { refusal: 'A recording has no agent to fill anything in; go back to live.' };
  }

  /** Plays, stands, steps, seeks and changes its speed; all else would change what happened. */
  receive(request: SessionRequest): ServerMessageOf<'error'> | undefined {
    if (request.type === 'replay') return this.replay(request);
    if (request.type !== 'transport') {
      const givesBack = request.type === 'drive' && request.direction === null;
      return givesBack ? undefined : REFUSED;
    }
    const { command } = request;
    if (this.opened === undefined) this.wanted = command !== 'pause';
    else if (command === 'next') this.begin(this.opened);
    else if (this.phase !== 'failed') this.move(this.opened, command);
    return undefined;
  }

  hold(held: boolean): void {
    if (held !== this.held.value) this.held.next(held);
  }

  close(): void {
    this.seeking?.abort();
    this.ticking.unsubscribe();
    this.said.complete();
  }

  private replay({ seek, speed }: Extract<SessionRequest, { type: 'replay' }>): ServerMessageOf<'error'> | undefined {
    const { opened } = this;
    if (speed !== undefined && speed !== this.speed) {
      this.speed = speed;
      if (opened !== undefined) this.setPeriod(opened);
      this.said.next(this.pace());
    }
    if (seek === undefined || opened === undefined) return undefined;
    const { length } = opened.episode;
    if (seek <= length) void this.seek(opened, seek);
    else {
      const message = `The recording has no step ${seek}; choose one from 0 to ${length}.`;
      return { type: 'error', code: 'recording', message };
    }
    return undefined;
  }

  /** Goes to a step; whoever wants another meanwhile goes there instead. A replay that had departed stands there. */
  private async seek(opened: Opened, step: number): Promise<void> {
    this.seeking?.abort();
    const seeking = new AbortController();
    this.seeking = seeking;
    const { signal } = seeking;
    try {
      await this.options.spareTime.run(opened.episode.seeking(step), signal);
    } catch (error) {
      if (signal.aborted) return;
      this.seeking = undefined;
      this.fail(error);
      return;
    }
    if (signal.aborted) return;
    this.seeking = undefined;
    const { failure: _healed, ...present } = this.present;
    this.present = present;
    this.sayTick(opened.episode);
    if (step === opened.episode.length) this.end(opened.recording, opened);
    else if (this.phase === 'failed') this.enter('paused');
  }

  private pace(): ServerMessageOf<'replay'> {
    return { type: 'replay', speed: this.speed };
  }

  private setPeriod({ definition }: Opened): void {
    this.periodMs.next((1000 * definition.spec.stepSeconds) / this.speed);
  }

  private move(opened: Opened, command: 'play' | 'pause' | 'step'): void {
    if (command === 'pause') this.enter('paused');
    else if (command === 'step') {
      this.enter('paused');
      if (this.seeking === undefined) this.advance();
    } else if (opened.episode.position === opened.episode.length) this.begin(opened);
    else this.enter('running');
  }

  private async load(): Promise<void> {
    try {
      const { shelf } = this.options;
      if (shelf === undefined)
        throw new DataError(
          'This server has no folder for recordings; start it with `--recordings` and one that can be written.',
        );
      const { recording, definition } = await shelf.read(this.id);
      const world = createWorld(definition, recording.header.variation);
      const episode = new RecordedEpisode(recording, world);
      const { task, start } = recording.header;
      const seed = task?.seed ?? (start.kind === 'reset' ? start.seed : 0);
      this.chosen = { ...this.chosen, world: definition.spec.id, seed };
      this.said.next({ type: 'settings', settings: this.chosen });
      this.opened = { recording, definition, episode };
      this.begin(this.opened, this.wanted ? 'running' : 'paused');
      this.setPeriod(this.opened);
    } catch (error) {
      this.fail(error);
    }
  }

  /** From the beginning. */
  private begin(opened: Opened, phase: SessionPhase = 'running'): void {
    const { episode } = opened;
    this.seeking?.abort();
    this.seeking = undefined;
    try {
      episode.reset();
      const { id, chosen: settings } = this;
      const begun = replayMessage(opened, { id, settings, serial: ++this.begun });
      this.present = { begun };
      this.said.next(begun);
      this.sayTick(episode);
      this.enter(phase);
    } catch (error) {
      this.fail(error);
    }
  }

  private advance(): void {
    const { opened, options } = this;
    if (opened === undefined || opened.episode.position === opened.episode.length) return;
    const { episode, recording } = opened;
    const began = options.clock.now();
    try {
      episode.step();
      this.sayTick(episode);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.simMs = options.clock.now() - began;
    if (episode.position === episode.length) this.end(recording, opened);
  }

  /** A recording that was stopped on the way tells nothing of how the task ended. */
  private end({ header: { task, variation }, steps }: Recording, { definition, episode }: Opened): void {
    if (task !== undefined) {
      const world = createWorld(definition, variation);
      world.reset(task.seed);
      const success = world.achieved(episode.state(), task.goal);
      const last = steps.at(-1);
      const over = success || last?.terminated || last?.truncated || episode.length >= task.budget;
      if (over) this.said.next({ type: 'outcome', success, steps: episode.length });
    }
    this.enter('paused');
  }

  private sayTick(episode: RecordedEpisode): void {
    const shown = {
      spec: episode.spec,
      steps: episode.position,
      frame: () => episode.frame(),
      scene: () => episode.scene(),
    };
    const tick = tickMessage(this.nextSeq++, shown, undefined);
    this.present = { ...this.present, tick };
    this.said.next(tick);
  }

  private enter(phase: SessionPhase): void {
    this.wanted = phase === 'running';
    if (phase === this.phase) return;
    this.phase = phase;
    this.said.next({ type: 'phase', phase });
  }

  private fail(error: unknown): void {
    if (!(error instanceof ReverieError)) this.options.onDefect(error);
    const code = error instanceof ReplayMismatch ? 'replay-departed' : 'recording';
    const message = error instanceof ReverieError ? sentence(error.message) : 'The recording cannot be replayed.';
    const failure = { type: 'error', code, message } as const;
    this.present = { ...this.present, failure };
    this.said.next(failure);
    this.enter('failed');
  }
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return begun.endsWith('.') ? begun : `${begun}.`;
}
