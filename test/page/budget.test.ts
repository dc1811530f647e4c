/**
 * What a frame may cost, and the renderer steps that it leaves.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  barLayout,
  budgetMs,
  type FrameParts,
  frameParts,
  offeredSteps,
  stepsWithin,
  totalMs,
} from '../../client/budget.ts';
import { initialPageState } from '../../client/pageState.ts';
import { readBudget, writeBudget } from '../../client/urlState.ts';
import { RENDERER_STEPS } from '../../shared/protocol/control.ts';
import { episodeOf } from './syntheticWorld.ts';

const ms = fc.double({ min: 0, max: 500, noNaN: true });
const anyParts: fc.Arbitrary<FrameParts> = fc.record({ sim: ms, plan: ms, render: ms, send: ms, draw: ms });
const anyBudget = fc.constantFrom(budgetMs({ fps: 30 }), budgetMs({ fps: 60 }));
const parts = (render: number): FrameParts => ({ sim: 1, plan: 4, render, send: 1, draw: 4 });

describe('barLayout', () => {
  it('never overflows its bar and keeps the parts in proportion to the budget', () => {
    fc.assert(
      fc.property(anyParts, anyBudget, (each, allowed) => {
        const { widths, budget, total } = barLayout(each, allowed);
        expect(totalMs(widths)).toBeLessThanOrEqual(1 + 1e-9);
        expect(budget).toBeLessThan(1);
        expect(widths.render / budget).toBeCloseTo(each.render / allowed, 9);
        expect(total).toBeCloseTo(totalMs(each), 9);
      }),
    );
  });
});

describe('frameParts', () => {
  it('has nothing to show before the server has measured', () => {
    expect(frameParts({ ...initialPageState, drawMs: 3 })).toBeUndefined();
  });
});

describe('stepsWithin', () => {
  it('takes as many steps as fit, and one where nothing does', () => {
    expect(stepsWithin(parts(1), 1, 33)).toBe(16);
    expect(stepsWithin(parts(2), 1, 33)).toBe(8);
    expect(stepsWithin(parts(4), 1, 33)).toBe(4);
    expect(stepsWithin(parts(32), 8, 33)).toBe(4);
    expect(stepsWithin(parts(400), 8, 33)).toBe(1);
  });

  it('keeps what fits, though it would not have gone there', () => {
    expect(stepsWithin(parts(20), 8, 33)).toBe(8);
    expect(stepsWithin(parts(10), 4, 33)).toBe(4);
  });

  it('chooses among those that the agent has', () => {
    expect(stepsWithin(parts(1), 1, 33, [1, 2, 4, 8])).toBe(8);
    expect(stepsWithin(parts(400), 8, 33, [4, 8])).toBe(4);
    expect(offeredSteps({ episode: undefined, replayDream: undefined })).toEqual([1, 2, 4, 8, 16]);
    const episode = episodeOf({ world: 'push-t', seed: 1, rendererSteps: 1 });
    expect(offeredSteps({ episode: { ...episode, stepCounts: [1, 2] }, replayDream: undefined })).toEqual([1, 2]);
    const replayDream = { state: 'shown' as const, agent: 'same' as const, stepCounts: [1 as const, 4 as const] };
    expect(offeredSteps({ episode, replayDream })).toEqual([1, 4]);
  });

  it('never chooses more than one step over the budget, and settles', () => {
    fc.assert(
      fc.property(anyParts, anyBudget, fc.constantFrom(...RENDERER_STEPS), (each, budget, steps) => {
        const chosen = stepsWithin(each, steps, budget);
        const then = { ...each, render: (each.render / steps) * chosen };
        if (chosen > 1) expect(totalMs(then)).toBeLessThanOrEqual(budget);
        const settled = stepsWithin(then, chosen, budget);
        const after = { ...each, render: (each.render / steps) * settled };
        expect(stepsWithin(after, settled, budget)).toBe(settled);
      }),
    );
  });
});

describe('the budget in the address', () => {
  it('is read as it was written, and nonsense as the default', () => {
    for (const fps of [30, 60] as const)
      for (const auto of [true, false]) {
        const query = writeBudget('?seed=3&fps=9', { fps, auto });
        expect(readBudget(query)).toEqual({ fps, auto });
        expect(new URLSearchParams(query).get('seed')).toBe('3');
      }
    expect(readBudget('?fps=45&auto=yes')).toEqual({ fps: 30, auto: false });
    expect(writeBudget('?auto=on', { fps: 30, auto: false })).toBe('');
  });
});
