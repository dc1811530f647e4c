/**
 * Lets a session's agent learn to read the state, lesson after lesson, and says after each how far it is. Agents are
 * shared: what one has learned for another session it need not learn again. Lessons end when they are all done, when
 * nobody asks any more, or when they fail; then the page is told why, and the session goes on without them. One lesson
 * is given at a time, also where pupils come and go faster than they learn.
 */
import { ReverieError } from '../../shared/errors.ts';
import type { ServerMessage, ServerMessageOf } from '../../shared/protocol/control.ts';
import type { Agent } from '../agent/agent.ts';
import { faultOf } from './sessionFault.ts';

export class ReadingLessons {
  private readonly say: (message: ServerMessage) => void;
  private readonly onDefect: (error: unknown) => void;
  private pupil: Agent | undefined;
  /** Counts pupils, so that lessons that were given up are not gone on with when their pupil comes back. */
  private turn = 0;
  private said: ServerMessageOf<'lesson'> | undefined;
  /** Whether the present pupil has learned all, or cannot. */
  private over = false;
  private teaching = false;

  /** `onDefect` is told of errors that are not meant for the viewer. */
  constructor(say: (message: ServerMessage) => void, onDefect: (error: unknown) => void) {
    this.say = say;
    this.onDefect = onDefect;
  }

  /** How far the present pupil is, once it has had a lesson. */
  get latest(): ServerMessageOf<'lesson'> | undefined {
    return this.said;
  }

  /** Teaches this agent, or nobody; one that is being taught, or has been, goes on as it was. */
  attend(agent: Agent | undefined): void {
    if (agent === this.pupil) return;
    this.pupil = agent;
    this.said = undefined;
    this.over = false;
    this.turn++;
    void this.teach();
  }

  /** One lesson after another, each for whoever is the pupil by then. */
  private async teach(): Promise<void> {
    if (this.teaching) return;
    this.teaching = true;
    try {
      while (this.pupil !== undefined && !this.over) await this.lesson(this.pupil, this.turn);
    } finally {
      this.teaching = false;
    }
  }

  private async lesson(agent: Agent, turn: number): Promise<void> {
    try {
      const { done, total, quantities } = await agent.learnToRead();
      if (this.turn !== turn) return;
      this.said = { type: 'lesson', done, total, ...(quantities && { quantities: [...quantities] }) };
      this.over = quantities !== undefined;
      this.say(this.said);
    } catch (error) {
      if (this.turn !== turn) return;
      this.over = true;
      if (!(error instanceof ReverieError)) this.onDefect(error);
      this.say({ type: 'error', code: 'reading', message: faultOf(error).message });
    }
  }
}
