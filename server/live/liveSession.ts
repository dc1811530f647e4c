/**
 * A live session: one agent at work on one task after another, for whoever watches. The state machine decides what
 * happens next; here it is done, on one clock: each tick advances the physics by one step of the plan and says, in one
 * message, what happened and what had been imagined of it. While the agent thinks, or nobody watches, the clock stands.
 */
import { BehaviorSubject, type Observable, Subject, type Subscription } from 'rxjs';
import { type ActorRefFrom, createActor, fromPromise } from 'xstate';
import { inWorld } from '../../envs/inWorld.ts';
import { ReverieError, WorldError } from '../../shared/errors.ts';
import type { Frame } from '../../shared/frame.ts';
import type { Direction, ServerMessageOf, SessionPhase, Settings } from '../../shared/protocol/control.ts';
import { drivenAction } from './drivenAction.ts';
import { Episode, type EpisodeVerdict } from './episode.ts';
import { type Filler, fillerOf } from './fillingIn.ts';
import type { Outgoing } from './framePipeline.ts';
import { actionAt, type ImaginedFuture, imagineFuture } from './imaginedFuture.ts';
import { LatestFutures } from './latestFutures.ts';
import type { LiveSessionOptions } from './liveSessionOptions.ts';
import { broughtDown, offeredSteps, paintable } from './offeredSteps.ts';
import { ReadingLessons } from './readingLessons.ts';
import { SessionAgent } from './sessionAgent.ts';
import { SessionDream } from './sessionDream.ts';
import type { ArrangeRequest, ImagineInput, LoadInput, SessionHealth, SessionRequest } from './sessionEvents.ts';
import { faultOf, NOT_A_RECORDING, unknownWorld } from './sessionFault.ts';
import { isPlaying, phaseOf, sessionMachine } from './sessionMachine.ts';
import { dreamMessage, episodeMessage, filmMessage, planMessage, tickMessage } from './sessionMessages.ts';
import { SessionRecorder } from './sessionRecorder.ts';
import { type Standing, toldOnJoining } from './standing.ts';
import { ticksUnlessHeld } from './steadyTicks.ts';

export class LiveSession {
  private readonly options: LiveSessionOptions;
  private readonly said = new Subject<Outgoing>();
  private readonly held = new BehaviorSubject(true);
  private readonly periodMs = new BehaviorSubject(Number.POSITIVE_INFINITY);
  private readonly actor: ActorRefFrom<typeof sessionMachine>;
  private readonly ticking: Subscription;
  private readonly lessons: ReadingLessons;
  private readonly agent: SessionAgent;
  private readonly futures: LatestFutures;
  private readonly recorder: SessionRecorder;
  private readonly dream: SessionDream;
  private episode: Episode | undefined;
  private nextSeq = 0;
  /** Episodes so far. */
  private begun = 0;
  private phase: SessionPhase = 'loading';
  private toldSettings: Settings;
  private timings = { simMs: 0, planMs: 0, renderMs: 0 };
  private present: Standing = {};

  /** Begins at once to load its world, and is held until somebody watches. */
  constructor(options: LiveSessionOptions) {
    this.options = options;
    this.toldSettings = options.settings;
    this.recorder = new SessionRecorder(options, (message) => this.said.next(message));
    this.lessons = new ReadingLessons((message) => this.said.next(message), options.onDefect);
    this.agent = new SessionAgent(options.agents, this.lessons);
    this.dream = new SessionDream(this.agent);
    const nextSeq = () => this.nextSeq++;
    this.futures = new LatestFutures((item) => this.said.next(item), nextSeq, options);
    const machine = sessionMachine.provide({
      actors: {
        loadEpisode: fromPromise(({ input, signal }) => this.load(input, signal)),
        imagine: fromPromise(({ input, signal }) => this.imagine(input, signal)),
      },
    });
    this.actor = createActor(machine, { input: { settings: options.settings } });
    this.followMachine();
    this.ticking = ticksUnlessHeld(this.held, this.periodMs, options.scheduler).subscribe(() =>
      this.actor.send({ type: 'tick' }),
    );
    this.actor.start();
  }

  /** All that the session says, from now on; completes when it closes. */
  get output(): Observable<Outgoing> {
    return this.said.asObservable();
  }

  get settings(): Settings {
    return this.actor.getSnapshot().context.settings;
  }

  /** Whether the clock runs, or will run once the session has loaded. */
  get playing(): boolean {
    return isPlaying(this.actor.getSnapshot());
  }

  /** What a page that joins now needs to show the session as it stands. */
  catchUp(): Outgoing[] {
    const joining = toldOnJoining(this.present, this.settings, this.lessons.latest, this.phase);
    return [...this.recorder.standing(), ...joining];
  }

  health(): SessionHealth {
    const envStep = this.episode?.steps ?? 0;
    return { phase: this.phase, envStep, ...this.timings, droppedFutures: this.futures.dropped };
  }

  /** Who fills in what a viewer has painted over. */
  get filler(): Filler {
    return fillerOf(this.agent.borrowed, this.settings, this.options);
  }

  /** Does what a viewer asks; what that viewer is told where it cannot be. */
  receive(request: SessionRequest): ServerMessageOf<'error'> | undefined {
    const { type } = request;
    if (type === 'arrange') return this.guard(() => this.arrange(request));
    if (type === 'configure') return this.configure(request.settings);
    if (type === 'record') return this.recorder.switch(request.on);
    if (type === 'replay') return NOT_A_RECORDING;
    if (type === 'transport') this.actor.send({ type: request.command });
    else this.actor.send({ type, direction: request.direction, world: request.world });
    return undefined;
  }

  private configure(settings: Partial<Settings>): ServerMessageOf<'error'> | undefined {
    const { world } = settings;
    if (world !== undefined && !this.options.worlds.has(world)) return unknownWorld(world, this.options.worlds);
    const agent = this.agent.of(world ?? this.settings.world);
    const possible = agent === undefined ? settings : paintable(settings, agent);
    this.actor.send({ type: 'configure', settings: possible });
    this.agent.teach(this.settings.reading);
    return agent && broughtDown(settings, possible, agent);
  }

  /** A task as a person arranges it, unless it cannot be; nothing where there is no episode. */
  private arrange({ what, shape, pose }: ArrangeRequest): ServerMessageOf<'error'> | undefined {
    const { episode } = this;
    if (episode === undefined || this.phase === 'loading' || this.phase === 'failed') return undefined;
    const arranged = episode.arranged(what, shape, pose);
    if ('refusal' in arranged) return { type: 'error', code: `impossible-${what}`, message: arranged.refusal };
    this.actor.send({ type: 'arrange', task: arranged.task });
    return undefined;
  }

  /** Stops the clock, or lets it go on. */
  hold(held: boolean): void {
    if (held !== this.held.value) this.held.next(held);
  }

  /** Ends the session and gives back its agent. */
  close(): void {
    this.ticking.unsubscribe();
    this.actor.send({ type: 'close' });
    this.actor.stop();
    this.futures.giveUp();
    this.episode?.end();
    this.agent.release();
    this.said.complete();
  }

  private followMachine(): void {
    this.actor.on('began', ({ episode, settings }) => this.guard(() => this.begin(episode, settings)));
    this.actor.on('imagined', ({ future }) => this.guard(() => this.show(future)));
    this.actor.on('advance', ({ future, planStep }) =>
      this.guard(() => {
        const action = actionAt(future.plan, planStep);
        this.advance((episode) => episode.step(action), future.frames[planStep]);
      }),
    );
    this.actor.on('driven', ({ direction }) =>
      this.guard(() => this.advance((episode) => episode.step(drivenAction(episode.spec, direction), 'human'))),
    );
    this.actor.on('dreamBegan', () => this.dream.leave());
    this.actor.on('dreamt', ({ direction }) => void this.dreamOn(direction));
    this.actor.on('ended', ({ success, steps }) => this.said.next({ type: 'outcome', success, steps }));
    this.actor.on('failed', ({ error }) => this.fail(error));
    this.actor.subscribe((snapshot) => {
      this.saySettings(snapshot.context.settings);
      const phase = phaseOf(snapshot) ?? this.phase;
      if (phase === this.phase) return;
      this.phase = phase;
      this.said.next({ type: 'phase', phase });
    });
  }

  /** Whoever did not choose them must be told too. */
  private saySettings(settings: Settings): void {
    if (settings === this.toldSettings) return;
    this.toldSettings = settings;
    this.said.next({ type: 'settings', settings });
  }

  private async load({ settings: { world, seed }, task }: LoadInput, signal: AbortSignal): Promise<Episode> {
    this.present = {};
    this.futures.giveUp();
    this.episode?.end();
    const definition = this.options.worlds.get(world);
    if (definition === undefined) throw new WorldError(`there is no world '${world}'; choose one of the list`);
    await this.agent.borrow(world, signal);
    return inWorld(definition.spec.id, () => new Episode(definition, seed, this.recorder.begin, task));
  }

  private async imagine({ episode, settings }: ImagineInput, signal: AbortSignal): Promise<ImaginedFuture> {
    const agent = this.agent.borrowed;
    if (agent === undefined) throw new Error('a session plans before its agent is loaded');
    this.agent.teach(this.settings.reading);
    this.futures.giveUp();
    const request = { agent, episode, settings: paintable(settings, agent), clock: this.options.clock, signal };
    try {
      return await this.agent.inTurn(() => imagineFuture(request));
    } catch (error) {
      if (!signal.aborted) this.agent.giveUp(agent, error); // else whoever comes after meets what is wrong with it
      throw error;
    }
  }

  private begin(episode: Episode, asked: Settings): void {
    this.episode = episode;
    const agent = this.agent.borrowed;
    const settings = agent === undefined ? asked : paintable(asked, agent);
    const begun = episodeMessage(episode, settings, ++this.begun, agent && offeredSteps(agent));
    this.present = { begun };
    this.said.next(begun);
    this.sayTick(episode);
    this.periodMs.next(1000 * episode.spec.stepSeconds);
    const told = agent && broughtDown(asked, settings, agent);
    if (told === undefined) return;
    this.actor.send({ type: 'configure', settings: { rendererSteps: settings.rendererSteps } });
    this.said.next(told);
  }

  private show(future: ImaginedFuture): void {
    this.timings = { ...this.timings, planMs: future.planMs, renderMs: future.renderMs / future.frames.length };
    const plan = [planMessage(future), filmMessage(this.nextSeq++, future, this.current())];
    this.present = { ...this.present, plan };
    for (const item of plan) this.said.next(item);
    const { settings } = this;
    const agent = this.agent.borrowed;
    if (agent !== undefined) this.futures.begin({ agent, episode: this.current(), future, settings });
  }

  /** One step of the physics, beside what was imagined of it; nothing was where a person drives. */
  private advance(take: (episode: Episode) => EpisodeVerdict, dream?: Frame): void {
    const episode = this.current();
    const began = this.options.clock.now();
    const verdict = take(episode);
    this.sayTick(episode, dream);
    this.timings = { ...this.timings, simMs: this.options.clock.now() - began };
    this.actor.send({ type: 'stepped', verdict });
  }

  /** One step of the dream that a person drives; what the session has left meanwhile is not shown, nor does it fail. */
  private async dreamOn(direction: Direction): Promise<void> {
    const { episode } = this;
    if (episode === undefined) return;
    try {
      const frame = await this.dream.step(direction, episode, this.settings);
      const still = this.actor.getSnapshot().matches({ open: { life: 'dreaming' } });
      if (frame !== undefined && still) this.said.next(dreamMessage(this.nextSeq++, episode, frame));
    } catch (error) {
      this.actor.send({ type: 'broke', error });
    }
  }

  private sayTick(episode: Episode, dream?: Uint8Array): void {
    const tick = tickMessage(this.nextSeq++, episode, dream);
    this.present = { ...this.present, tick };
    this.said.next(tick);
  }

  private fail(error: unknown): void {
    if (!(error instanceof ReverieError)) this.options.onDefect(error);
    const failure = { type: 'error', ...faultOf(error) } as const;
    this.present = { ...this.present, failure };
    this.said.next(failure);
  }

  private current(): Episode {
    if (this.episode === undefined) throw new Error('the session has no episode yet');
    return this.episode;
  }

  /** Runs work on the physics; a world that breaks down fails the session and nothing else. */
  private guard<T>(work: () => T): T | undefined {
    try {
      return inWorld(this.settings.world, work);
    } catch (error) {
      this.actor.send({ type: 'broke', error });
      return undefined;
    }
  }
}
