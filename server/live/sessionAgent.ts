/**
 * The agent that a session has borrowed for its world, with its lessons in reading: borrowed when a world is loaded, kept
 * from task to task, given back when the world changes or the session ends, and discarded when it fails. It is shared:
 * what a session asks of it one thing after another leaves no queue there of what nobody waits for any more.
 */
import { WorldError } from '../../shared/errors.ts';
import type { Agent } from '../agent/agent.ts';
import type { AgentLease, AgentPool } from '../agent/agentPool.ts';
import type { ReadingLessons } from './readingLessons.ts';

export class SessionAgent {
  private readonly agents: AgentPool;
  private readonly lessons: ReadingLessons | undefined;
  private lease: (AgentLease & { readonly world: string }) | undefined;
  /** Settles when all has been done that the lease's agent was asked for in turn. */
  private turn: Promise<unknown> = Promise.resolve();

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
    this.turn = Promise.resolve(); // whatever another agent is doing
  }

  /**
   * Does work with the agent when all before that came in turn has settled, so that the agent has one of them at a time.
   * Work that may be given up before its turn looks first whether it has been.
   */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => {});
    return done;
  }

  /** It learns to read the state, where that is wanted. */
  teach(wanted: boolean | undefined): void {
    this.lessons?.attend(wanted ? this.borrowed : undefined);
  }

  /** Gives up an agent for an error, unless that is the world's, with which the agent has nothing to do. */
  giveUp(agent: Agent, error: unknown): void {
    if (!(error instanceof WorldError)) this.discard(agent);
  }

  /** Discards an agent that has failed; one that was given back meanwhile is no business of the session any more. */
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
