/**
 * The agent that a session has borrowed for its world, with its lessons in reading: borrowed when a world is loaded, kept
 * from task to task, given back when the world changes or the session ends, and discarded when it fails.
 */
import type { Agent } from '../agent/agent.ts';
import type { AgentLease, AgentPool } from '../agent/agentPool.ts';
import type { ReadingLessons } from './readingLessons.ts';

export class SessionAgent {
  private readonly agents: AgentPool;
  private readonly lessons: ReadingLessons | undefined;
  private lease: (AgentLease & { readonly world: string }) | undefined;

  /** Without lessons it never learns to read. */
  constructor(agents: AgentPool, lessons?: ReadingLessons) {
    this.agents = agents;
    this.lessons = lessons;
  }

  /** The agent, once one is borrowed. */
  get borrowed(): Agent | undefined {
    return this.lease?.agent;
  }

  /** The agent of this world, if that is the one that is borrowed. */
  of(world: string): Agent | undefined {
    return this.lease?.world === world ? this.lease.agent : undefined;
  }

  /** Borrows the agent of this world, unless that is done. @throws whatever its start throws, or the signal's reason */
  async borrow(world: string, signal: AbortSignal): Promise<void> {
    if (this.lease?.world === world) return;
    this.release();
    const lease = await this.agents.acquire(world);
    if (signal.aborted) lease.release();
    signal.throwIfAborted();
    this.lease = { ...lease, world };
  }

  /** It learns to read the state, where that is wanted. */
  teach(wanted: boolean | undefined): void {
    this.lessons?.attend(wanted ? this.borrowed : undefined);
  }

  /** Gives up an agent that has failed; one that was given back meanwhile is no business of the session any more. */
  discard(agent: Agent): void {
    if (this.borrowed === agent) this.part()?.discard();
  }

  /** Gives it back. */
  release(): void {
    this.part()?.release();
  }

  private part(): AgentLease | undefined {
    const { lease } = this;
    this.lessons?.attend(undefined);
    this.lease = undefined;
    return lease;
  }
}
