/**
 * A session whose truth comes from a recording. Viewers watch it as they watch a live one, on the same clock and by the
 * same messages, but nobody acts in it: what would change what happened is refused with a reason. Any step can be gone
 * to, by playing what lies between in the time that the thread has to spare, and any speed be chosen. Every state is
 * compared with the recorded one (`recordedEpisode.ts`), and where the replay departs it stands and says so. What an
 * agent foresees of it comes beside it as soon as it is imagined (`replayDream.ts`), painted in the steps that viewers
 * choose (`replaySettings.ts`); nothing here waits for that.
 */
import { BehaviorSubject, type Observable, Subject, type Subscription } from 'rxjs';
import { inWorld } from '../../envs/inWorld.ts';
import { ReverieError } from '../../shared/errors.ts';
import type { ReplaySpeed, ServerMessageOf, SessionPhase, Settings } from '../../shared/protocol/control.ts';
import type { Filler } from './fillingIn.ts';
import type { Outgoing } from './framePipeline.ts';
import type { ImaginedFuture } from './imaginedFuture.ts';
import { ReplayDream } from './replayDream.ts';
import {
  noSuchStep,
  type Opened,
  openRecording,
  readShelved,
  replayFailure,
  replayMessage,
  replayOutcome,
  replayPlan,
  replayTick,
} from './replayMessage.ts';
import type { ReplayOptions } from './replayOptions.ts';
import { chooseSteps, settingsOf } from './replaySettings.ts';
import { Seeking } from './seeking.ts';
import type { SessionHealth, SessionRequest } from './sessionEvents.ts';
import { HAS_HAPPENED } from './sessionFault.ts';
import { type Standing, toldOnJoining } from './standing.ts';
import { ticksUnlessHeld } from './steadyTicks.ts';
import type { WatchableSession } from './watchableSession.ts';

export class ReplaySession implements WatchableSession {
  private readonly id: string;
  private readonly options: ReplayOptions;
  private readonly said = new Subject<Outgoing>();
  private readonly held = new BehaviorSubject(true);
  private readonly periodMs = new BehaviorSubject(Number.POSITIVE_INFINITY);
  private readonly ticking: Subscription;
  private readonly ended = new AbortController();
  private opened: Opened | undefined;
  private dream: ReplayDream | undefined;
  /** The part of the dream that viewers were told of last. */
  private told: ImaginedFuture | undefined;
  private speed: ReplaySpeed = 1;
  /** The clock waits for it. */
  private readonly seeking: Seeking;
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
    this.seeking = new Seeking(options.spareTime);
    this.chosen = options.settings;
    this.ticking = ticksUnlessHeld(this.held, this.periodMs, options.scheduler).subscribe(() => {
      if (this.phase === 'running' && !this.seeking.underWay) this.advance();
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

  /** What a recording shows has happened. */
  get filler(): Filler {
    return { refusal: 'Nothing can be filled in beside a recording; go back to live.' };
  }

  /** Plays, stands, steps, seeks, changes its speed and how it is dreamt; all else would change what happened. */
  receive(request: SessionRequest): ServerMessageOf<'error'> | undefined {
    if (request.type === 'replay') return this.replay(request);
    if (request.type === 'configure') return this.configure(request.settings);
    if (request.type !== 'transport') {
      const givesBack = request.type === 'drive' && request.direction === null;
      return givesBack ? undefined : HAS_HAPPENED;
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
    this.ended.abort();
    this.seeking.stop();
    this.ticking.unsubscribe();
    this.dream?.close();
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
    if (seek > length) return noSuchStep(seek, length);
    void this.seek(opened, seek);
    return undefined;
  }

  private configure(asked: Partial<Settings>): ServerMessageOf<'error'> | undefined {
    const { settings, told } = chooseSteps(this.chosen, asked, this.dream?.dreamer);
    if (settings !== this.chosen) {
      this.chosen = settings;
      this.said.next({ type: 'settings', settings });
      this.dream?.paint(settings);
    }
    return told;
  }

  /** Goes to a step, unless another is wanted meanwhile. A replay that had departed stands there. */
  private async seek(opened: Opened, step: number): Promise<void> {
    try {
      if (!(await this.seeking.to(opened.episode, step))) return;
    } catch (error) {
      this.fail(error);
      return;
    }
    this.guard(opened, () => {
      const { failure: _healed, ...present } = this.present;
      this.present = present;
      this.sayTick(opened);
      if (step === opened.episode.length) this.end(opened);
      else if (this.phase === 'failed') this.enter('paused');
    });
  }

  private pace(): ServerMessageOf<'replay'> {
    const dream = this.dream?.standing;
    return { type: 'replay', speed: this.speed, ...(dream && { dream }) };
  }

  private setPeriod({ definition }: Opened): void {
    this.periodMs.next((1000 * definition.spec.stepSeconds) / this.speed);
  }

  /** More is known of the dream; the agent that comes may lack the steps that were chosen before it came. */
  private dreamStands(): void {
    this.said.next(this.pace());
    const told = this.configure({ rendererSteps: this.chosen.rendererSteps });
    if (told !== undefined) this.said.next(told);
  }

  /** What was imagined of the present step has come after it; other steps are shown when it is their turn. */
  private showDream(opened: Opened): void {
    if (this.seeking.underWay || this.phase === 'failed') return;
    this.guard(opened, () => {
      const stretch = this.imagined(opened);
      if (stretch !== undefined && stretch !== this.told) this.sayTick(opened);
    });
  }

  /** What is imagined about the step that the replay has come to, if it is there. */
  private imagined({ episode }: Opened): ImaginedFuture | undefined {
    return this.dream?.at(episode.position, this.phase === 'running' ? this.periodMs.value : Number.POSITIVE_INFINITY);
  }

  private move(opened: Opened, command: 'play' | 'pause' | 'step'): void {
    if (command === 'pause') this.enter('paused');
    else if (command === 'step') {
      this.enter('paused');
      if (!this.seeking.underWay) this.advance();
    } else if (opened.episode.position === opened.episode.length) this.begin(opened);
    else this.enter('running');
  }

  private async load(): Promise<void> {
    try {
      const read = await readShelved(this.options, this.id, this.ended.signal);
      this.ended.signal.throwIfAborted(); // everybody has gone meanwhile
      this.chosen = settingsOf(read, this.chosen);
      this.said.next({ type: 'settings', settings: this.chosen });
      const opened = openRecording(read.recording, read.definition);
      this.opened = opened;
      this.dream = new ReplayDream(opened, {
        ...this.options,
        settings: this.chosen,
        onStanding: () => this.dreamStands(),
        onStretch: () => this.showDream(opened),
      });
      this.begin(opened, this.wanted ? 'running' : 'paused');
      this.setPeriod(opened);
    } catch (error) {
      this.fail(error);
    }
  }

  /** From the beginning. */
  private begin(opened: Opened, phase: SessionPhase = 'running'): void {
    const { episode } = opened;
    this.seeking.stop();
    this.guard(opened, () => {
      episode.reset();
      const { id, chosen: settings } = this;
      const begun = replayMessage(opened, { id, settings, serial: ++this.begun });
      this.present = { begun };
      this.told = undefined;
      this.said.next(begun);
      this.sayTick(opened);
      this.enter(phase);
      void this.dream?.begin();
    });
  }

  private advance(): void {
    const { opened, options } = this;
    if (opened === undefined || opened.episode.position === opened.episode.length) return;
    const { episode } = opened;
    this.guard(opened, () => {
      const began = options.clock.now();
      episode.step();
      this.sayTick(opened);
      this.simMs = options.clock.now() - began;
      if (episode.position === episode.length) this.end(opened);
    });
  }

  private end(opened: Opened): void {
    const outcome = replayOutcome(opened);
    if (outcome !== undefined) this.said.next(outcome);
    this.enter('paused');
  }

  private sayTick(opened: Opened): void {
    const stretch = this.imagined(opened);
    if (stretch !== undefined && stretch !== this.told) {
      this.told = stretch;
      const plan = replayPlan(this.nextSeq++, stretch, opened);
      this.present = { ...this.present, plan };
      for (const item of plan) this.said.next(item);
    }
    const tick = replayTick(this.nextSeq++, opened.episode, stretch);
    this.present = { ...this.present, tick };
    this.said.next(tick);
  }

  private enter(phase: SessionPhase): void {
    this.wanted = phase === 'running';
    if (phase === this.phase) return;
    this.phase = phase;
    this.said.next({ type: 'phase', phase });
    if (this.opened !== undefined) this.showDream(this.opened);
  }

  /** Runs work on the recording; a world that breaks down fails the session and nothing else. */
  private guard(opened: Opened, work: () => void): void {
    try {
      inWorld(opened.definition.spec.id, work);
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    if (this.ended.signal.aborted) return;
    if (!(error instanceof ReverieError)) this.options.onDefect(error);
    const failure = replayFailure(error);
    this.present = { ...this.present, failure };
    this.said.next(failure);
    this.enter('failed');
  }
}
