/**
 * The cross-entropy method on a problem with a known answer: a point that moves by its action, and the squared distance
 * from a goal.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCemSolver, defaultCemConfig } from '../../models/planning/cemSolver.ts';
import type { Dynamics, Iteration, PlanRequest } from '../../models/planning/contracts.ts';
import { latentDistance } from '../../models/planning/objectives.ts';
import { Random } from '../../shared/random.ts';
import type { Space } from '../../shared/space.ts';

const box: Space = { kind: 'box', low: [-1, -1], high: [1, 1] };

/** z' = z + scale · a. */
function pointMass(scale: number): Dynamics {
  return {
    latentSize: 2,
    encode: async () => ({ rows: 0, columns: 2, data: new Float32Array() }),
    rollout: async (latent, actions, candidates, horizon) => {
      const latents = new Float32Array(candidates * horizon * 2);
      for (let candidate = 0; candidate < candidates; candidate++) {
        const position = [latent[0] as number, latent[1] as number];
        for (let t = 0; t < horizon; t++) {
          const row = (candidate * horizon + t) * 2;
          for (const axis of [0, 1]) {
            position[axis] = (position[axis] as number) + scale * (actions[row + axis] as number);
            latents[row + axis] = position[axis] as number;
          }
        }
      }
      return { candidates, horizon, latentSize: 2, latents };
    },
  };
}

function request(goal: readonly [number, number], changes: Partial<PlanRequest> = {}): PlanRequest {
  return {
    dynamics: pointMass(0.3),
    objective: latentDistance(Float32Array.from(goal), { mean: 0, last: 1 }),
    latent: new Float32Array(2),
    space: box,
    random: new Random(1),
    ...changes,
  };
}

/** Where a plan ends, starting at the origin. */
function endOf(actions: Float32Array): [number, number] {
  const sum = (axis: number): number => actions.filter((_, i) => i % 2 === axis).reduce((total, a) => total + a, 0);
  return [0.3 * sum(0), 0.3 * sum(1)];
}

describe('cem', () => {
  const solver = createCemSolver(defaultCemConfig);

  test('reaches any goal within reach', async () => {
    const coordinate = fc.double({ min: -1.8, max: 1.8, noNaN: true });
    await fc.assert(
      fc.asyncProperty(coordinate, coordinate, async (x, y) => {
        const { actions, cost } = await solver.plan(request([x, y]));
        const [endX, endY] = endOf(actions);
        expect(Math.hypot(endX - x, endY - y)).toBeLessThan(0.15);
        expect(cost).toBeLessThan(0.05);
      }),
      { numRuns: 20 },
    );
  });

  test('goes as far as the box allows towards a goal out of reach', async () => {
    const { actions } = await solver.plan(request([100, -100]));
    const [x, y] = endOf(actions);
    expect(x).toBeGreaterThan(0.9 * 0.3 * solver.horizon);
    expect(y).toBeLessThan(-0.9 * 0.3 * solver.horizon);
  });

  test('is determined by its generator', async () => {
    const first = await solver.plan(request([1, 0.5], { random: new Random(7) }));
    const again = await solver.plan(request([1, 0.5], { random: new Random(7) }));
    const other = await solver.plan(request([1, 0.5], { random: new Random(8) }));
    expect(again).toEqual(first);
    expect(other.actions).not.toEqual(first.actions);
  });

  test('plans in the units of the space', async () => {
    const space: Space = { kind: 'box', low: [0, -4], high: [2, 0] };
    const seen: Float32Array[] = [];
    const { actions } = await solver.plan(
      request([0.6, -0.6], { space, observe: ({ actions: candidates }) => seen.push(candidates.slice()) }),
    );
    for (const candidates of [...seen, actions]) {
      candidates.forEach((value, i) => {
        expect(value).toBeGreaterThanOrEqual((space.low[i % 2] as number) - 1e-6);
        expect(value).toBeLessThanOrEqual((space.high[i % 2] as number) + 1e-6);
      });
    }
  });

  test('reports every iteration, and gets better', async () => {
    const best: number[] = [];
    const observe = ({ costs, elites }: Iteration): void => {
      expect(costs[elites[0] as number]).toBe(Math.min(...costs));
      best.push(costs[elites[0] as number] as number);
    };
    await solver.plan(request([1.5, -1.2], { observe }));
    expect(best).toHaveLength(defaultCemConfig.iterations);
    expect(best.at(-1)).toBeLessThan((best[0] as number) / 4);
  });

  test('begins with the warm start', async () => {
    const warmStart = Float32Array.from({ length: 4 }, (_, i) => (i % 2 === 0 ? 0.5 : -0.25));
    const firstCandidates: number[][] = [];
    const observe = ({ actions }: Iteration): void => {
      firstCandidates.push(Array.from(actions.subarray(0, solver.horizon * 2)));
    };
    await solver.plan(request([0, 0], { warmStart, observe }));
    expect(firstCandidates[0]).toEqual(
      Array.from({ length: solver.horizon * 2 }, (_, i) => (i % 2 === 0 ? 0.5 : -0.25)),
    );
  });

  test('is not misled by costs that are not numbers', async () => {
    const { objective } = request([1, 1]);
    const broken = {
      cost: async (rollout: Parameters<typeof objective.cost>[0]) =>
        (await objective.cost(rollout)).map((cost, i) => (i % 3 === 0 ? Number.NaN : cost)),
    };
    const { actions } = await solver.plan(request([1, 1], { objective: broken }));
    const [x, y] = endOf(actions);
    expect(Math.hypot(x - 1, y - 1)).toBeLessThan(0.3);
  });
});
