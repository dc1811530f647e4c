/**
 * A step that a person has gone to in a replay: when it is there, drawn or passed.
 */
import { describe, expect, it } from 'vitest';
import { Sought } from '../../client/recordings/sought.ts';

/** Whether a step that is asked for at another is there, after each of the steps that are drawn then. */
function course(step: number, from: number, drawn: readonly number[], playing = true): boolean[] {
  const sought = new Sought(step, from);
  return drawn.map((each) => sought.reachedBy(each, playing));
}

describe('a step that was asked for', () => {
  it('is there when it is drawn, and not before', () => {
    expect(course(9, 5, [5, 9], false)).toEqual([false, true]);
    expect(course(2, 5, [5, 2], false)).toEqual([false, true]);
    expect(course(4, 5, [5, 5], false)).toEqual([false, false]);
  });

  it('counts as passed by a replay that plays, ahead as soon as it is beyond', () => {
    expect(course(50, 5, [6, 49, 67])).toEqual([false, false, true]);
  });

  it('counts as passed behind once the replay has gone back, however far it has come since', () => {
    expect(course(5, 400, [404, 408, 90])).toEqual([false, false, true]);
    expect(course(5, 400, [4, 30])).toEqual([false, true]);
  });

  it('counts as passed where it lies so close behind that no step back was drawn', () => {
    expect(course(49, 50, [52])).toEqual([true]);
    expect(course(20, 50, [52])).toEqual([false]);
  });

  it('counts as passed also where the replay has come to its end meanwhile', () => {
    const sought = new Sought(58, 10);
    expect([sought.reachedBy(12, true), sought.reachedBy(60, false)]).toEqual([false, true]);
  });
});
