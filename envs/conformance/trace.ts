/**
 * What a world did in a fixed play, to compare two processes by: the states to the bit, and a digest of each frame. A
 * program that is deterministic in itself may still differ from process to process, by the order of a folder's files, a
 * hash of an object's address, the time at which it was loaded.
 */
import { createHash } from 'node:crypto';
import type { State } from '../../shared/world.ts';
import { Fault } from './fault.ts';
import { play, seeds } from './playing.ts';
import { expectSameState } from './sameness.ts';
import { mendChance } from './strayDraws.ts';
import type { Subject } from './subject.ts';

/** One moment of the play, by what it is called in a report. */
export interface TraceEntry {
  readonly where: string;
  readonly state: State;
  /** Of the frame's bytes; empty where no frame belongs to the state. */
  readonly frame: string;
}

/** What to do about a difference, found out by the process that has the world. */
export interface Trace {
  readonly entries: readonly TraceEntry[];
  readonly mend: string;
}

/** Starts, steps, frames and tasks of a few seeds. */
export function traceOf(subject: Subject): Trace {
  const world = subject.world();
  const entries: TraceEntry[] = [];
  const look = (where: string) => entries.push({ where, state: world.state(), frame: digest(world.frame()) });
  for (const seed of seeds) {
    const actions = play(world, seed);
    world.reset(seed);
    look(`the start of seed ${seed}`);
    for (const [i, action] of actions.entries()) {
      world.step(action);
      look(`step ${i + 1} of seed ${seed}`);
    }
    const { start, goal } = world.task(seed);
    entries.push({ where: `the start of task ${seed}`, state: start, frame: '' });
    entries.push({ where: `the goal of task ${seed}`, state: goal, frame: '' });
  }
  return { entries, mend: mendChance(subject) };
}

/**
 * Says in how many moments two processes agree.
 * @throws Fault naming the first thing that differs.
 */
export function compareTraces(expected: Trace, seen: Trace): string {
  for (const [i, { where, state, frame }] of expected.entries.entries()) {
    const other = seen.entries[i];
    const place = `${where} in a second process`;
    if (!other || other.where !== where) {
      throw new Fault(
        `an episode ended elsewhere: ${other?.where ?? 'nothing'} came instead of ${where}`,
        'the same',
        seen.mend,
      );
    }
    expectSameState(state, other.state, place, expected.mend);
    if (frame !== other.frame) throw new Fault(`the frame differs at ${place}`, 'the same bytes', expected.mend);
  }
  return `${expected.entries.length} states and frames of ${seeds.length} episodes are the same in two processes`;
}

function digest(frame: Uint8Array): string {
  return createHash('sha256').update(frame).digest('hex');
}
