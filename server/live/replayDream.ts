/**
 * What an agent foresees beside a replay. The recording is divided into stretches as long as the agent plans ahead, as a
 * live session is by its plans, so that a step has the same dream however it is reached. A second copy of the episode
 * goes ahead in the thread's spare time to see where the next stretch begins; the replay waits for none of this. One
 * stretch is imagined at a time, always the one that is needed most by then: an agent that is too slow leaves some out.
 * When other renderer steps are chosen, what was painted in those of before is forgotten, also what is under way.
 */
import { ReverieError, WeightsError } from '../../shared/errors.ts';
import type { ServerMessageOf, Settings } from '../../shared/protocol/control.ts';
import type { Agent } from '../agent/agent.ts';
import type { LiveRecordings } from '../recording/liveRecordings.ts';
import type { RecordedEpisode } from '../recording/recordedEpisode.ts';
import type { ImaginedFuture } from './imaginedFuture.ts';
import { imagineStretch, seenAt } from './imaginedStretch.ts';
import type { LiveSessionOptions } from './liveSessionOptions.ts';
import { offeredSteps } from './offeredSteps.ts';
import { type Opened, openRecording } from './replayMessage.ts';
import { SessionAgent } from './sessionAgent.ts';
import { faultOf } from './sessionFault.ts';

/** What is known of the dream, as the page is told. */
export type DreamStanding = NonNullable<ServerMessageOf<'replay'>['dream']>;

export interface ReplayDreamOptions extends Pick<LiveSessionOptions, 'agents' | 'clock' | 'spareTime' | 'onDefect'> {
  /** What it is painted in at first. */
  readonly settings: Settings;
  /** Knows the weights of the agents that have been loaded; where it is missing, whose dream it is stays unknown. */
  readonly recordings?: Pick<LiveRecordings, 'weightsOf'>;
  /** What is known of it has changed. */
  readonly onStanding: () => void;
  /** A stretch has come, perhaps the one that the replay stands in. */
  readonly onStretch: () => void;
}

/** Stretches that are kept: about the present one and the next, from wherever a viewer comes. */
const KEPT = 4;

export class ReplayDream {
  private readonly opened: Opened;
  private readonly options: ReplayDreamOptions;
  private readonly agent: SessionAgent;
  private readonly scout: RecordedEpisode;
  private readonly ended = new AbortController();
  /** By the step at which they begin, oldest first. */
  private readonly stretches = new Map<number, ImaginedFuture>();
  private known: DreamStanding = { state: 'loading' };
  private settings: Settings;
  private step = 0;
  private periodMs = Number.POSITIVE_INFINITY;
  /** What the latest stretch took, from the wish to the last frame. */
  private tookMs = 0;
  private borrowing = false;
  private busy = false;
  /** The first stretch that the replay does not get to, because it departs before. */
  private beyond = Number.POSITIVE_INFINITY;

  /** @throws ReplayMismatch when the recording does not begin as recorded */
  constructor(opened: Opened, options: ReplayDreamOptions) {
    this.opened = opened;
    this.options = options;
    this.settings = options.settings;
    this.agent = new SessionAgent(options.agents);
    this.scout = openRecording(opened.recording, opened.definition).episode;
  }

  get standing(): DreamStanding {
    return this.known;
  }

  /** The agent, once it is there. */
  get dreamer(): Agent | undefined {
    return this.agent.borrowed;
  }

  /** Borrows the agent, unless it is there or on its way. One that has failed is tried again. */
  async begin(): Promise<void> {
    if (this.agent.borrowed !== undefined || this.borrowing) return;
    this.borrowing = true;
    this.stand({ state: 'loading' });
    try {
      await this.agent.borrow(this.opened.definition.spec.id, this.ended.signal);
      const stepCounts = this.dreamer === undefined ? [] : offeredSteps(this.dreamer);
      this.stand({ state: 'shown', agent: this.whose(), ...(stepCounts.length > 0 && { stepCounts }) });
    } catch (error) {
      this.giveUp(error);
    } finally {
      this.borrowing = false;
    }
    void this.work();
  }

  /**
   * The replay stands at a step and goes on by one every `periodMs` milliseconds; never, where that is infinite. Returns
   * the stretch in which the step lies, once it has been imagined.
   */
  at(step: number, periodMs: number): ImaginedFuture | undefined {
    this.step = step;
    this.periodMs = periodMs;
    void this.work();
    const { borrowed } = this.agent;
    return borrowed && this.stretches.get(startOf(step, borrowed.horizon));
  }

  /** Paints in other steps from now on, and anew what is soon shown; steps must be of those that the agent has. */
  paint(settings: Settings): void {
    this.settings = settings;
    this.stretches.clear();
    void this.work();
  }

  /** Gives the agent back; nothing is imagined any more. */
  close(): void {
    this.ended.abort();
    this.agent.release();
  }

  private async work(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      for (let next = this.needed(); next !== undefined; next = this.needed())
        await this.imagine(next.agent, next.start);
    } catch (error) {
      this.options.onDefect(error); // of whoever was told
    } finally {
      this.busy = false;
    }
  }

  /** The stretch that is needed most, unless all that are soon shown are there. */
  private needed(): { readonly agent: Agent; readonly start: number } | undefined {
    const { borrowed: agent } = this.agent;
    if (agent === undefined || this.ended.signal.aborted) return undefined;
    const { length } = this.opened.episode;
    const { horizon } = agent;
    const lead = Math.min(horizon, Math.ceil(this.tookMs / this.periodMs));
    const first = startOf(Math.min(length, this.step + lead), horizon);
    const start = [first, first + horizon].find(
      (each) => each < Math.min(length, this.beyond) && !this.stretches.has(each),
    );
    return start === undefined ? undefined : { agent, start };
  }

  private async imagine(agent: Agent, start: number): Promise<void> {
    const { clock, spareTime } = this.options;
    const { steps } = this.opened.recording;
    const { signal } = this.ended;
    const began = clock.now();
    try {
      const seen = await spareTime.run(seenAt(this.scout, start), signal).catch(() => undefined);
      if (signal.aborted) return;
      if (seen === undefined) {
        this.beyond = start; // the replay meets what is wrong there itself, and says it
        return;
      }
      const stretch = await imagineStretch({ agent, steps, start, seen, settings: this.settings, clock });
      if (stretch.rendererSteps !== this.settings.rendererSteps) return; // others have been chosen meanwhile
      this.tookMs = clock.now() - began;
      this.stretches.set(start, stretch);
      const [oldest] = this.stretches.keys();
      if (this.stretches.size > KEPT && oldest !== undefined) this.stretches.delete(oldest);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof WeightsError) this.agent.release();
      else this.agent.discard(agent);
      this.giveUp(error);
      return;
    }
    if (!signal.aborted) this.options.onStretch();
  }

  private giveUp(error: unknown): void {
    if (this.ended.signal.aborted) return;
    if (!(error instanceof ReverieError)) this.options.onDefect(error);
    this.stretches.clear();
    this.stand({ state: 'none', reason: faultOf(error).message });
  }

  private stand(standing: DreamStanding): void {
    if (this.ended.signal.aborted) return;
    this.known = standing;
    this.options.onStanding();
  }

  private whose(): Extract<DreamStanding, { state: 'shown' }>['agent'] {
    const { definition, recording } = this.opened;
    const acted = recording.header.actor.weights?.card;
    const dreams = this.options.recordings?.weightsOf(definition.spec.id)?.card;
    if (acted === undefined || dreams === undefined) return 'unknown';
    return acted === dreams ? 'same' : 'other';
  }
}

/** Where the stretch begins in which a step lies: its frames are those of the steps after its start. */
function startOf(step: number, horizon: number): number {
  return step === 0 ? 0 : horizon * Math.floor((step - 1) / horizon);
}
