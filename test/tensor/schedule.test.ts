import { describe, expect, it } from 'vitest';
import { emaOf } from '../../models/tensor/ema.ts';
import { float32 } from '../../models/tensor/program.ts';
import { warmupConstant, warmupCosine } from '../../models/tensor/schedule.ts';

describe('the learning rate', () => {
  const config = { peak: 2, warmupSteps: 4, floor: 0.1 };

  it('rises linearly over the warm-up', () => {
    expect([0, 1, 2, 3, 4].map((step) => warmupCosine(step, 0, config))).toEqual([0.5, 1, 1.5, 2, 2]);
  });

  it('falls along half a cosine to its floor, and stays there', () => {
    expect(warmupCosine(100, 0.5, config)).toBeCloseTo(2 * (0.1 + 0.9 / 2), 12);
    expect(warmupCosine(100, 1, config)).toBeCloseTo(0.2, 12);
    expect(warmupCosine(100, 1.5, config)).toBeCloseTo(0.2, 12);
  });

  it('stays at its peak where it is constant', () => {
    expect([0, 1, 3, 4, 1000].map((step) => warmupConstant(step, config))).toEqual([0.5, 1, 2, 2, 2]);
  });

  it('needs no warm-up', () => {
    expect(warmupCosine(0, 0, { ...config, warmupSteps: 0 })).toBe(2);
    expect(warmupConstant(0, { peak: 3, warmupSteps: 0 })).toBe(3);
  });
});

describe('the moving average', () => {
  const weights = (value: number) => ({ w: float32(value, [1]) });
  const first = (tensors: Record<string, { data: ArrayLike<number> }>) => tensors.w?.data[0];

  it('begins as the parameters themselves', () => {
    expect(first(emaOf(weights(3), undefined, 0.9, 0))).toBe(3);
  });

  it('keeps little of the past while it is young and `decay` of it later', () => {
    expect(first(emaOf(weights(1), weights(0), 0.9, 0))).toBeCloseTo(0.9, 6);
    expect(first(emaOf(weights(1), weights(0), 0.9, 10_000))).toBeCloseTo(0.1, 6);
  });

  it('leaves its inputs as they are', () => {
    const [now, before] = [weights(1), weights(0)];
    emaOf(now, before, 0.5, 3);
    expect([first(now), first(before)]).toEqual([1, 0]);
  });
});
