/**
 * The dream that a person drives in a session: begun anew each time it is taken, and left whenever something else is
 * done. One step is imagined at a time, whichever dream it is of, when the agent has done with what the session had asked
 * of it before; a step that is asked for meanwhile is left out, so that the dream never runs behind, and nobody who takes
 * and leaves dreams all the time leaves work with the agent.
 */
import type { Frame } from '../../shared/frame.ts';
import type { Direction, Settings } from '../../shared/protocol/control.ts';
import type { Agent } from '../agent/agent.ts';
import { DrivenDream } from './drivenDream.ts';
import type { Episode } from './episode.ts';
import type { SessionAgent } from './sessionAgent.ts';

export class SessionDream {
  private readonly agent: SessionAgent;
  private dream: DrivenDream | undefined;
  /** The agent that imagines a step, or is about to. */
  private dreamer: Agent | undefined;

  constructor(agent: SessionAgent) {
    this.agent = agent;
  }

  /** Leaves the dream; the next step begins another. */
  leave(): void {
    this.dream = undefined;
  }

  /**
   * One step in the direction; nothing where it is left out, or the dream has been left meanwhile.
   * @throws WorldError when the world breaks down; whatever the agent throws, which is then given up
   */
  async step(direction: Direction, episode: Episode, settings: Settings): Promise<Frame | undefined> {
    const agent = this.agent.borrowed;
    if (agent === undefined || agent === this.dreamer) return undefined;
    this.dreamer = agent;
    let { dream } = this;
    try {
      dream ??= new DrivenDream(agent, episode, settings);
      this.dream = dream;
      const driven = dream;
      const frame = await this.agent.inTurn(async () => (this.dream === driven ? driven.step(direction) : undefined));
      return this.dream === dream ? frame : undefined;
    } catch (error) {
      if (this.agent.borrowed !== agent || this.dream !== dream) return undefined; // nobody has to do with it any more
      this.agent.giveUp(agent, error);
      throw error;
    } finally {
      if (this.dreamer === agent) this.dreamer = undefined;
    }
  }
}
