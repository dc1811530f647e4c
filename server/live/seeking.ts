/**
 * The way to a step of a recording that is replayed: what lies between is played in the thread's spare time. Whoever
 * wants another step meanwhile goes there instead, and the way of before comes to nothing.
 */
import type { RecordedEpisode } from '../recording/recordedEpisode.ts';
import type { SpareTime } from './spareTime.ts';

export class Seeking {
  private readonly spareTime: Pick<SpareTime, 'run'>;
  private way: AbortController | undefined;

  constructor(spareTime: Pick<SpareTime, 'run'>) {
    this.spareTime = spareTime;
  }

  /** Whether the replay is on its way. */
  get underWay(): boolean {
    return this.way !== undefined;
  }

  /**
   * Goes to a step; whether it was reached, and not given up for another.
   * @throws ReplayMismatch when what lies between is not as recorded.
   */
  async to(episode: RecordedEpisode, step: number): Promise<boolean> {
    this.stop();
    const way = new AbortController();
    this.way = way;
    try {
      await this.spareTime.run(episode.seeking(step), way.signal);
    } catch (error) {
      if (!way.signal.aborted) throw error;
    } finally {
      if (this.way === way) this.way = undefined;
    }
    return !way.signal.aborted;
  }

  /** Stays where the episode has come to. */
  stop(): void {
    this.way?.abort();
    this.way = undefined;
  }
}
