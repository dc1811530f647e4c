/**
 * When the section on training asks the server: one question at a time, as often as the answers say, less after failures.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Poll } from '../../client/training/poll.ts';
import { TrainingTrouble } from '../../client/training/trainingRuns.ts';

describe('a poll', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A poll whose questions are answered by the test. */
  function polled() {
    const open: { more: (waitMs: number | undefined) => void; fail: (error: Error) => void }[] = [];
    const lines: (string | undefined)[] = [];
    const poll = new Poll({
      ask: () => new Promise((more, fail) => open.push({ more, fail })),
      everyMs: 1000,
      onTrouble: (line) => lines.push(line),
    });
    const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
    return { poll, open, lines, pass };
  }

  it('asks one question at a time, as long after the last answer as it says, and rests where there is no more', async () => {
    const { poll, open, pass } = polled();
    poll.start();
    poll.start();
    poll.wake();
    await pass(10_000);
    expect(open).toHaveLength(1);
    open[0]?.more(1000);
    await pass(999);
    expect(open).toHaveLength(1);
    await pass(1);
    expect(open).toHaveLength(2);
    open[1]?.more(15_000);
    await pass(14_999);
    expect(open).toHaveLength(2);
    await pass(1);
    expect(open).toHaveLength(3);
    open[2]?.more(undefined);
    await pass(60_000);
    expect(open).toHaveLength(3);
    poll.wake();
    expect(open).toHaveLength(4);
  });

  it('asks once more after an answer if it was told to meanwhile, and not at all when it was stopped', async () => {
    const { poll, open, pass } = polled();
    poll.start();
    poll.now();
    poll.now();
    open[0]?.more(undefined);
    await pass(0);
    expect(open).toHaveLength(2);
    poll.stop();
    open[1]?.more(1000);
    poll.now();
    await pass(60_000);
    expect(open).toHaveLength(2);
  });

  it('says what went wrong, waits twice as long after each failure up to half a minute, and recovers', async () => {
    const { poll, open, lines, pass } = polled();
    poll.start();
    for (const wait of [2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      const asked = open.length;
      open.at(-1)?.fail(new TrainingTrouble('It did not answer.'));
      await pass(wait - 1);
      expect(open).toHaveLength(asked);
      expect(lines.at(-1)).toBe(`It did not answer. It is asked again after ${wait / 1000} s.`);
      await pass(1);
      expect(open).toHaveLength(asked + 1);
    }
    const asked = open.length;
    open.at(-1)?.more(1000);
    await pass(1000);
    expect([lines.at(-1), open.length]).toEqual([undefined, asked + 1]);
  });
});
