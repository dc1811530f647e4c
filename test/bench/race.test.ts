import { describe, expect, it } from 'vitest';
import type { Contestant } from '../../server/bench/engine/contestant.ts';
import { benchEngines } from '../../server/bench/engine/engineBench.ts';
import { mlp } from '../../server/bench/engine/mlp.ts';
import { race } from '../../server/bench/engine/race.ts';
import { ManualClock } from '../../shared/clock.ts';

const course = { network: mlp, batch: 16, phase: 'train', budget: 400 } as const;

/** Runs that take what the list says, over and over. */
function scripted(
  name: string,
  times: readonly number[],
  clock: ManualClock,
): Contestant & { runs: number; left: number } {
  const contestant = {
    name,
    device: null,
    runs: 0,
    left: 0,
    prepare: async () => {
      clock.advance(7);
      return {
        run: async () => {
          const time = times[contestant.runs++ % times.length] as number;
          clock.advance(time);
          return time;
        },
        dispose: async () => {
          contestant.left++;
        },
      };
    },
    dispose: async () => {},
  };
  return contestant;
}

describe('a race', () => {
  it('takes the median of runs, without the first of each turn', async () => {
    const clock = new ManualClock();
    // Four turns of 100 ms: the slow first run is what caches and threads of the one before cost.
    const steady = scripted('steady', [90, 5, 5, 5], clock);
    const finish = (await race([steady], course, clock)).get('steady');
    expect(finish).toEqual({ median: 5, preparation: 7, again: null, remark: null });
    expect(steady.left).toBe(1);
  });

  it('prepares those who keep something with nothing kept, and again with everything', async () => {
    const clock = new ManualClock();
    const contestant = scripted('keeping', [5], clock);
    let [kept, preparations] = [false, 0];
    const keeping: Contestant = {
      ...contestant,
      prepare: (...course) => {
        clock.advance(kept ? 0 : 20);
        kept = true;
        preparations++;
        return contestant.prepare(...course);
      },
      forget: async () => {
        kept = false;
      },
    };
    const finish = (await race([keeping], course, clock)).get('keeping');
    expect(finish).toMatchObject({ median: 5, preparation: 27, again: 7 });
    expect(contestant.left).toBe(preparations);
  });

  it('lets a slow contestant run less often, yet often enough for a median', async () => {
    const clock = new ManualClock();
    const [slow, fast] = [scripted('slow', [1000], clock), scripted('fast', [10], clock)];
    await race([slow, fast], course, clock);
    expect(slow.runs).toBe(12);
    expect(fast.runs).toBe(40);
  });

  it('says why a contestant is out, and goes on with the others', async () => {
    const clock = new ManualClock();
    const refusing: Contestant = {
      ...scripted('refusing', [1], clock),
      prepare: () => Promise.reject(new Error('no gradient')),
    };
    const failing: Contestant = {
      ...scripted('failing', [1], clock),
      prepare: async () => ({ run: () => Promise.reject(new Error('out of memory')), dispose: async () => {} }),
    };
    const finishes = await race([refusing, failing, scripted('fine', [4], clock)], course, clock);
    expect(finishes.get('refusing')).toMatchObject({ median: null, preparation: null, remark: 'train: no gradient' });
    expect(finishes.get('failing')).toMatchObject({ median: null, remark: 'train: out of memory' });
    expect(finishes.get('fine')?.median).toBe(4);
  });
});

describe('the engine bench', () => {
  it('compares everybody with the reference, and leaves open what nobody measured', async () => {
    const clock = new ManualClock();
    const broken: Contestant = {
      ...scripted('broken', [1], clock),
      prepare: () => Promise.reject(new Error('no driver')),
    };
    const contestants = [scripted('ours', [2], clock), broken, scripted('theirs', [6], clock)];
    const options = { contestants, reference: 'theirs', networks: [mlp], batches: [16], budget: 100, clock };
    const [ours, none, theirs] = await benchEngines(options);
    expect(ours).toMatchObject({ net: 'mlp', batch: 16, trainMs: 2, forwardMs: 2, ratio: { train: 3, forward: 3 } });
    expect(ours?.gflops).toBeCloseTo((3 * 16 * mlp.flops) / 2e6, 10);
    expect(theirs?.ratio).toEqual({ train: 1, forward: 1 });
    expect(none).toMatchObject({ trainMs: null, gflops: null, ratio: { train: null }, remark: 'train: no driver' });
  });
});
