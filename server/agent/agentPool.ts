/**
 * Agents that live sessions share. Loading one takes seconds and hundreds of megabytes, and planning keeps no state
 * between calls, so that sessions in the same world borrow the same agent. It is started for its first borrower, or before
 * one comes, and disposed of after its last. One that dies meanwhile is lent to nobody any more.
 */
import type { Agent } from './agent.ts';

/**
 * A borrowed agent; exactly one of the two methods is called when the borrower is done, and calling again does nothing.
 */
export interface AgentLease {
  readonly agent: Agent;
  release(): void;
  /** Gives back an agent that has failed: later borrowers get a new one. */
  discard(): void;
}

interface Entry {
  readonly agent: Promise<Agent>;
  borrowers: number;
}

export class AgentPool {
  private readonly start: (worldId: string) => Promise<Agent>;
  private readonly entries = new Map<string, Entry>();
  private readonly leaving = new Set<Promise<void>>();

  /** `start` loads the agent of a world. */
  constructor(start: (worldId: string) => Promise<Agent>) {
    this.start = start;
  }

  /**
   * Borrows the agent of a world.
   * @throws whatever the start of the agent throws; the next borrower then tries again.
   */
  async acquire(worldId: string): Promise<AgentLease> {
    const entry = this.entryOf(worldId);
    entry.borrowers++;
    return this.lease(worldId, entry, await entry.agent);
  }

  /**
   * Starts the agent of a world before anybody borrows it, and puts it to a first use, so that nobody waits for either.
   * @throws whatever the start of the agent or its use throws; the next borrower then gets a new one.
   */
  async warm(worldId: string, use: (agent: Agent) => Promise<void>): Promise<void> {
    const entry = this.entryOf(worldId);
    const agent = await entry.agent;
    try {
      await use(agent);
    } catch (error) {
      if (this.forget(worldId, entry) && entry.borrowers === 0) this.dispose(agent);
      throw error;
    }
  }

  /** Disposes of agents that nobody has borrowed, and waits until every agent that was given back is gone. */
  async settled(): Promise<void> {
    for (const [worldId, entry] of this.entries) {
      if (entry.borrowers > 0) continue;
      this.forget(worldId, entry);
      await entry.agent.then(
        (agent) => this.dispose(agent),
        () => {},
      );
    }
    await Promise.all(this.leaving);
  }

  private entryOf(worldId: string): Entry {
    const present = this.entries.get(worldId);
    if (present) return present;
    const entry: Entry = { agent: this.start(worldId), borrowers: 0 };
    this.entries.set(worldId, entry);
    const forget = () => this.forget(worldId, entry);
    entry.agent.then(({ gone }) => gone?.then(forget), forget);
    return entry;
  }

  private lease(worldId: string, entry: Entry, agent: Agent): AgentLease {
    let held = true;
    const giveBack = (failed: boolean) => {
      if (!held) return;
      held = false;
      entry.borrowers--;
      if (failed || entry.borrowers === 0) this.forget(worldId, entry);
      if (entry.borrowers === 0) this.dispose(agent);
    };
    return { agent, release: () => giveBack(false), discard: () => giveBack(true) };
  }

  /** Says whether it was there. */
  private forget(worldId: string, entry: Entry): boolean {
    return this.entries.get(worldId) === entry && this.entries.delete(worldId);
  }

  private dispose(agent: Agent): void {
    // An agent whose process has died cannot say goodbye; there is nothing left to free.
    const gone = agent
      .dispose()
      .catch(() => {})
      .finally(() => this.leaving.delete(gone));
    this.leaving.add(gone);
  }
}
