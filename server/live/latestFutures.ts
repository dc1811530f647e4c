/**
 * Keeps the several futures of the latest plan alone in the making: those of a plan before are given up, and counted as
 * dropped, because nobody wants to see them any more and the agent has a plan to make. What goes wrong with them is told
 * and ends no session.
 */
import { inWorld } from '../../envs/inWorld.ts';
import { ReverieError } from '../../shared/errors.ts';
import type { World } from '../../shared/world.ts';
import type { Episode } from './episode.ts';
import type { Outgoing } from './framePipeline.ts';
import { type Locate, shapeLocator } from './futureSpread.ts';
import type { LiveSessionOptions } from './liveSessionOptions.ts';
import { faultOf } from './sessionFault.ts';
import { futuresMessage } from './sessionMessages.ts';
import { type FuturesRequest, severalFutures } from './severalFutures.ts';

/** A plan, made from where its episode is now, and who imagines it. */
export type PlanToVary = Pick<FuturesRequest, 'agent' | 'episode' | 'future' | 'settings'>;

/** What is kept for all futures of an episode. */
interface Prepared {
  readonly episode: Episode;
  readonly copy: World;
  readonly locate: Locate | undefined;
}

export class LatestFutures {
  private readonly say: (item: Outgoing) => void;
  private readonly nextSeq: () => number;
  private readonly options: Pick<LiveSessionOptions, 'spareTime' | 'onDefect'>;
  private making: AbortController | undefined;
  private prepared: Prepared | undefined;
  private givenUp = 0;

  /** `say` is told of futures that are there, numbered by `nextSeq`, or why they could not be made. */
  constructor(
    say: (item: Outgoing) => void,
    nextSeq: () => number,
    options: Pick<LiveSessionOptions, 'spareTime' | 'onDefect'>,
  ) {
    this.say = say;
    this.nextSeq = nextSeq;
    this.options = options;
  }

  /** Futures that were given up before they were there. */
  get dropped(): number {
    return this.givenUp;
  }

  /** Begins with the futures of a plan, where the settings ask for any. */
  begin(request: PlanToVary): void {
    this.giveUp();
    if ((request.settings.futures ?? 0) === 0) return;
    const making = new AbortController();
    this.making = making;
    void this.make(request, making);
  }

  /** Gives up what is in the making, if anything is. */
  giveUp(): void {
    if (this.making === undefined) return;
    this.making.abort();
    this.making = undefined;
    this.givenUp++;
  }

  private async make(request: PlanToVary, making: AbortController): Promise<void> {
    const { signal } = making;
    try {
      const { episode } = request;
      const { spareTime } = this.options;
      const { branch, locate } = inWorld(episode.spec.id, () => this.prepare(episode));
      const futures = await severalFutures({ ...request, branch, locate, spareTime, signal });
      if (signal.aborted) return;
      this.making = undefined;
      this.say(futuresMessage(this.nextSeq(), futures, episode));
    } catch (error) {
      if (signal.aborted) return;
      this.making = undefined;
      making.abort(); // one part has failed: the others need not go on
      if (!(error instanceof ReverieError)) this.options.onDefect(error);
      this.say({ type: 'error', code: 'futures', message: faultOf(error).message });
    }
  }

  /** Where futures branch now, in the copy that is kept for all of the episode. */
  private prepare(episode: Episode): Pick<FuturesRequest, 'branch' | 'locate'> {
    if (this.prepared?.episode !== episode) {
      const { subject, spec } = episode;
      const { copy } = episode.branch();
      const locate = subject === undefined ? undefined : shapeLocator(copy.scene(), spec, subject);
      this.prepared = { episode, copy, locate };
    }
    const { copy, locate } = this.prepared;
    return { branch: episode.branch(copy), locate };
  }
}
