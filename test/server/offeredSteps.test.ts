import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadLatentAgent } from '../../server/agent/latentAgent.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { broughtDown, offeredSteps, paintable } from '../../server/live/offeredSteps.ts';
import { RENDERER_STEPS } from '../../shared/protocol/control.ts';

const counts = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.uniqueArray(fc.integer({ min: 1, max: 64 })));

describe('step counts on offer', () => {
  test('are those of the page that the agent has', () => {
    expect(offeredSteps({ stepCounts: [1, 2, 4, 8] })).toEqual([1, 2, 4, 8]);
    expect(offeredSteps({ stepCounts: 1000 })).toEqual([1, 2, 4, 8, 16]);
    expect(offeredSteps({ stepCounts: 5 })).toEqual([1, 2, 4]);
    expect(offeredSteps({ stepCounts: [] })).toEqual([]);
  });

  test('bring what is asked for down to the nearest, and leave all else as it is', () => {
    fc.assert(
      fc.property(counts, fc.constantFrom(...RENDERER_STEPS), (stepCounts, rendererSteps) => {
        const offered = offeredSteps({ stepCounts });
        const asked = { world: 'line', seed: 1, rendererSteps };
        const { rendererSteps: given, ...rest } = paintable(asked, { stepCounts });
        expect(rest).toEqual({ world: 'line', seed: 1 });
        if (offered.length === 0 || offered.includes(rendererSteps)) expect(given).toBe(rendererSteps);
        else {
          expect(offered).toContain(given);
          const between = offered.filter((count) => count < rendererSteps && count > given);
          expect(between).toEqual([]);
        }
      }),
    );
    expect(paintable({ seed: 3 }, { stepCounts: [1] })).toEqual({ seed: 3 });
  });

  test('are told to whoever asked for others', () => {
    const agent = { world: 'line', stepCounts: [1, 2] };
    expect(broughtDown({ rendererSteps: 16 }, { rendererSteps: 2 }, agent)?.message).toMatch(/no 16 steps, only 1, 2/);
    expect(broughtDown({ rendererSteps: 2 }, { rendererSteps: 2 }, agent)).toBeUndefined();
  });

  test.each([
    ['mcm', [1, 2, 4, 8, 16]],
    ['regression', [1]],
    ['ddim', 1000],
  ] as const)('are what the method %s of a shipped agent has', async (method, expected) => {
    const agent = await loadLatentAgent({ directory: weightsDirectory('two-room'), method, threads: 1 });
    expect(agent.stepCounts).toEqual(expected);
    await agent.dispose();
  });
});
