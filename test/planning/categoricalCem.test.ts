/** The discrete search on a problem with a known answer: a walker on a line that steps left, stays or steps right. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCemSolver, defaultCemConfig } from '../../models/planning/cemSolver.ts';
import type { Dynamics, Iteration, PlanRequest } from '../../models/planning/contracts.ts';
import { latentDistance } from '../../models/planning/objectives.ts';
import { Random } from '../../shared/random.ts';

const walker: Dynamics = {
  latentSize: 1,
  encode: async () => ({ rows: 0, columns: 1, data: new Float32Array() }),
  rollout: async (latent, actions, candidates, horizon) => {
    const latents = new Float32Array(candidates * horizon);
    for (let i = 0; i < latents.length; i++) {
      const before = i % horizon === 0 ? (latent[0] as number) : (latents[i - 1] as number);
      latents[i] = before + (actions[i] as number) - 1;
    }
    return { candidates, horizon, latentSize: 1, latents };
  },
};

function request(goal: number, changes: Partial<PlanRequest> = {}): PlanRequest {
  return {
    dynamics: walker,
    objective: latentDistance(Float32Array.of(goal), { mean: 1, last: 1 }),
    latent: new Float32Array(1),
    space: { kind: 'discrete', count: 3 },
    random: new Random(1),
    ...changes,
  };
}

async function costOf(actions: Float32Array, goal: number): Promise<number> {
  const { dynamics, objective, latent } = request(goal);
  return (await objective.cost(await dynamics.rollout(latent, actions, 1, 8)))[0] as number;
}

const endOf = (actions: Float32Array): number => actions.reduce((sum, choice) => sum + choice - 1, 0);

describe('cem over discrete choices', () => {
  const solver = createCemSolver();
  /** Five iterations of the default leave a detour now and then. */
  const thorough = createCemSolver({ ...defaultCemConfig, candidates: 128, iterations: 8, elites: 16 });

  test('walks to any place within reach, nearly as straight as can be', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -8, max: 8 }), fc.nat(), async (goal, seed) => {
        const { actions } = await thorough.plan(request(goal, { random: new Random(seed) }));
        const straight = Float32Array.from({ length: 8 }, (_, t) => (t < Math.abs(goal) ? 1 + Math.sign(goal) : 1));
        expect(endOf(actions)).toBe(goal);
        expect(await costOf(actions, goal)).toBeLessThanOrEqual((await costOf(straight, goal)) + 0.5);
      }),
      { numRuns: 100 },
    );
  });

  test('draws valid choices only, of every kind, and reports each iteration', async () => {
    const seen: Iteration[] = [];
    const observe = (iteration: Iteration) => seen.push({ ...iteration, actions: iteration.actions.slice() });
    await solver.plan(request(2, { space: { kind: 'discrete', count: 5 }, observe }));
    expect(seen).toHaveLength(defaultCemConfig.iterations);
    for (const { actions } of seen) expect(new Set(actions)).toEqual(new Set([0, 1, 2, 3, 4]));
  });

  test('takes up the previous plan', async () => {
    const first: Iteration[] = [];
    const observe = (iteration: Iteration) => first.push({ ...iteration, actions: iteration.actions.slice() });
    await solver.plan(request(0, { warmStart: Float32Array.of(2, 0, 2), observe }));
    expect(Array.from(first[0]?.actions.subarray(0, 8) ?? [])).toEqual([2, 0, 2, 2, 2, 2, 2, 2]);
  });

  test('is the same for the same seed, and copes with a single choice', async () => {
    const plan = () => solver.plan(request(3, { random: new Random(7) }));
    expect(await plan()).toEqual(await plan());
    const only = await solver.plan(
      request(-8, { space: { kind: 'discrete', count: 1 }, warmStart: new Float32Array(3) }),
    );
    expect(endOf(only.actions)).toBe(-8);
  });
});
