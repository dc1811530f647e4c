/** What every solver promises, on a problem with a known answer. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCemSolver, defaultCemConfig } from '../../models/planning/cemSolver.ts';
import type { Iteration, PlanRequest, Solver } from '../../models/planning/contracts.ts';
import { createGradientSolver, defaultGradientConfig } from '../../models/planning/gradientSolver.ts';
import { createIcemSolver } from '../../models/planning/icemSolver.ts';
import { createMppiSolver } from '../../models/planning/mppiSolver.ts';
import { ManualClock } from '../../shared/clock.ts';
import { UsageError } from '../../shared/errors.ts';
import { Random } from '../../shared/random.ts';
import type { Space } from '../../shared/space.ts';
import { endOf, pointMass, request, SCALE, tracedPointMass } from './pointMass.ts';

const gradient = createGradientSolver({ ...defaultGradientConfig, iterations: 25 });
/** Five iterations of the default are too few to reach the walls of the box. */
const cem = createCemSolver({ ...defaultCemConfig, candidates: 128, iterations: 8, elites: 16 });
const solvers: readonly Solver[] = [cem, createIcemSolver(), createMppiSolver(), gradient];
const dynamics = tracedPointMass();

test('cem takes fewer iterations where it begins from proposals and from a warm start, one at least', async () => {
  const warmStart = new Float32Array(14);
  const proposals = [new Float32Array(16)];
  const iterationsWith = async (begins: Partial<PlanRequest>, config = defaultCemConfig): Promise<number> => {
    let iterations = 0;
    await createCemSolver(config).plan(request([1, 1], { dynamics, ...begins, observe: () => iterations++ }));
    return iterations;
  };
  expect(await iterationsWith({})).toBe(5);
  expect(await iterationsWith({ proposals })).toBe(4);
  expect(await iterationsWith({ warmStart })).toBe(3);
  expect(await iterationsWith({ warmStart, proposals })).toBe(2);
  expect(await iterationsWith({ warmStart, proposals }, { ...defaultCemConfig, iterations: 2 })).toBe(1);
});

test('cem begins narrower where it goes on from a warm start', async () => {
  const spread = async (begins: Partial<PlanRequest>): Promise<number> => {
    let deviation = 0;
    const observe = ({ index, actions }: Iteration) => {
      if (index === 0) deviation = Math.sqrt(actions.reduce((sum, value) => sum + value * value, 0) / actions.length);
    };
    await createCemSolver().plan(request([1, 1], { dynamics, ...begins, observe }));
    return deviation;
  };
  expect(await spread({ warmStart: new Float32Array(16) })).toBeLessThan(0.85 * (await spread({})));
});

describe.each(solvers)('$name', (solver) => {
  test('reaches any goal within reach', async () => {
    const coordinate = fc.double({ min: -1.8, max: 1.8, noNaN: true });
    await fc.assert(
      fc.asyncProperty(coordinate, coordinate, async (x, y) => {
        const { actions, cost } = await solver.plan(request([x, y], { dynamics }));
        const [endX, endY] = endOf(actions);
        expect(Math.hypot(endX - x, endY - y)).toBeLessThan(0.25);
        expect(cost).toBeLessThan(0.1);
      }),
      { numRuns: 8 },
    );
  });

  test('goes as far as the box allows towards a goal out of reach', async () => {
    const { actions } = await solver.plan(request([100, -100], { dynamics }));
    const [x, y] = endOf(actions);
    expect(x).toBeGreaterThan(0.85 * SCALE * solver.horizon);
    expect(y).toBeLessThan(-0.85 * SCALE * solver.horizon);
  });

  test('is determined by its generator', async () => {
    const plan = (seed: number) => solver.plan(request([1, 0.5], { dynamics, random: new Random(seed) }));
    expect(await plan(7)).toEqual(await plan(7));
    expect((await plan(8)).actions).not.toEqual((await plan(7)).actions);
  });

  test('takes up what is proposed, in the units of the space, whatever its length', async () => {
    const space: Space = { kind: 'box', low: [0, -4], high: [2, 0] };
    const proposals = [Float32Array.from([2, -4, 0.5, -1]), Float32Array.from({ length: 40 }, () => 0.25 - 1)];
    const first: number[][] = [];
    const observe = ({ index, actions }: Iteration): void => {
      const size = 2 * solver.horizon;
      for (let at = 0; index === 0 && at < actions.length; at += size) first.push([...actions.slice(at, at + size)]);
    };
    await solver.plan(request([0.6, -0.6], { dynamics, space, observe, proposals }));
    const [short, long] = first.slice(first.length / 2) as [number[], number[]];
    expect(short.map((value) => value.toFixed(4))).toEqual(
      Array.from({ length: solver.horizon }, (_, t) => (t === 0 ? [2, -4] : [0.5, -1]))
        .flat()
        .map((v) => v.toFixed(4)),
    );
    const inside = Array.from({ length: solver.horizon }, () => [0, -0.75]).flat();
    expect(long.map((value) => value.toFixed(4))).toEqual(inside.map((value) => value.toFixed(4)));
    const alone = await solver.plan(request([0.6, -0.6], { dynamics, space, proposals: [] }));
    expect(alone).toEqual(await solver.plan(request([0.6, -0.6], { dynamics, space })));
  });

  test('plans in the units of the space', async () => {
    const space: Space = { kind: 'box', low: [0, -4], high: [2, 0] };
    const seen: Float32Array[] = [];
    const observe = ({ actions }: Iteration) => seen.push(actions.slice());
    const { actions } = await solver.plan(request([0.6, -0.6], { dynamics, space, observe }));
    for (const candidates of [...seen, actions]) {
      candidates.forEach((value, i) => {
        expect(value).toBeGreaterThanOrEqual((space.low[i % 2] as number) - 1e-6);
        expect(value).toBeLessThanOrEqual((space.high[i % 2] as number) + 1e-6);
      });
    }
    const [x, y] = endOf(actions);
    expect(Math.hypot(x - 0.6, y + 0.6)).toBeLessThan(0.3);
  });

  test('reports every iteration, its elites best first, and gets better', async () => {
    const best: number[] = [];
    const observe = ({ costs, elites, actions }: Iteration): void => {
      expect(actions).toHaveLength(costs.length * solver.horizon * 2);
      expect(costs[elites[0] as number]).toBe(Math.min(...costs));
      best.push(costs[elites[0] as number] as number);
    };
    await solver.plan(request([1.5, -1.2], { dynamics, observe }));
    expect(best.length).toBeGreaterThan(3);
    expect(best.at(-1)).toBeLessThan((best[0] as number) / 3);
  });

  test('begins with the warm start, continued by its last action', async () => {
    const warmStart = Float32Array.from({ length: 6 }, (_, i) => (i % 2 === 0 ? 0.5 : -0.25));
    const first: number[][] = [];
    const observe = ({ actions }: Iteration) => first.push(Array.from(actions.subarray(0, solver.horizon * 2)));
    await solver.plan(request([0, 0], { dynamics, warmStart, observe }));
    expect(first[0]).toEqual(Array.from({ length: solver.horizon * 2 }, (_, i) => (i % 2 === 0 ? 0.5 : -0.25)));
  });

  test('keeps a deadline, whatever an iteration takes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 5, max: 40 }), fc.integer({ min: 40, max: 200 }), async (each, budget) => {
        const clock = new ManualClock();
        let iterations = 0;
        await solver.plan(
          request([1, 1], {
            dynamics,
            deadline: { clock, until: budget },
            observe: () => {
              iterations++;
              clock.advance(each);
            },
          }),
        );
        expect(clock.now()).toBeLessThanOrEqual(budget);
        expect(iterations).toBe(Math.floor(budget / each));
      }),
      { numRuns: 6 },
    );
  });

  test('has a plan although the deadline is over', async () => {
    const clock = new ManualClock();
    clock.advance(10);
    let iterations = 0;
    const { actions } = await solver.plan(
      request([1, 1], { dynamics, deadline: { clock, until: 5 }, observe: () => iterations++ }),
    );
    expect(iterations).toBe(1);
    expect(actions).toHaveLength(solver.horizon * 2);
  });
});

describe.each(solvers.filter(({ name }) => name !== 'gradient'))('$name, which samples', (solver) => {
  test('needs no slopes, and is not misled by costs that are not numbers', async () => {
    const { objective } = request([1, 1]);
    const broken = {
      cost: async (rollout: Parameters<typeof objective.cost>[0]) =>
        (await objective.cost(rollout)).map((cost, i) => (i % 3 === 0 ? Number.NaN : cost)),
    };
    const { actions } = await solver.plan(request([1, 1], { dynamics: pointMass(), objective: broken }));
    const [x, y] = endOf(actions);
    expect(Math.hypot(x - 1, y - 1)).toBeLessThan(0.4);
  });

  test('asks for rollout and cost in one, where that is possible, with the same outcome', async () => {
    const goal = [1.1, -0.4] as const;
    let asked = 0;
    const fused = {
      ...dynamics,
      rollout: async (): Promise<never> => {
        throw new Error('a rollout was asked for');
      },
      score: async (query: Parameters<NonNullable<typeof dynamics.score>>[0]) => {
        asked++;
        return (dynamics.score as NonNullable<typeof dynamics.score>)(query);
      },
    };
    const { actions } = await solver.plan(request(goal, { dynamics: fused }));
    expect(asked).toBeGreaterThan(0);
    const [x, y] = endOf(actions);
    const [plainX, plainY] = endOf((await solver.plan(request(goal))).actions);
    expect(Math.hypot(x - plainX, y - plainY)).toBeLessThan(0.05);
  });

  test('chooses among discrete actions', async () => {
    const space: Space = { kind: 'discrete', count: 3 };
    const counting = {
      latentSize: 1,
      encode: async () => ({ rows: 0, columns: 1, data: new Float32Array() }),
      rollout: async (_: Float32Array, actions: Float32Array, candidates: number, horizon: number) => ({
        candidates,
        horizon,
        latentSize: 1,
        latents: actions.slice(),
      }),
    };
    const objective = {
      cost: async ({ candidates, horizon, latents }: Awaited<ReturnType<typeof counting.rollout>>) =>
        Float32Array.from({ length: candidates }, (_, i) =>
          latents.subarray(i * horizon, (i + 1) * horizon).reduce((sum, choice) => sum + (choice === 2 ? 0 : 1), 0),
        ),
    };
    const { actions } = await solver.plan(request([0, 0], { space, dynamics: counting, objective }));
    expect(actions.filter((choice) => choice === 2).length).toBeGreaterThanOrEqual(solver.horizon - 1);
  });
});

describe('gradient', () => {
  test('says what to choose where nothing can be differentiated', async () => {
    await expect(gradient.plan(request([1, 1]))).rejects.toThrow(UsageError);
    await expect(gradient.plan(request([1, 1]))).rejects.toThrow(/choose cem, icem or mppi/);
    const space: Space = { kind: 'discrete', count: 3 };
    await expect(gradient.plan(request([1, 1], { dynamics, space }))).rejects.toThrow(/choose cem, icem or mppi/);
  });
});

test('icem never loses the best sequence that it has seen', async () => {
  const solver = createIcemSolver();
  let lowest = Number.POSITIVE_INFINITY;
  const best: number[] = [];
  const observe = ({ costs }: Iteration): void => {
    lowest = Math.min(lowest, ...costs);
    best.push(Math.min(...costs));
  };
  const { cost } = await solver.plan(request([0.7, 1.3], { observe }));
  expect(cost).toBe(lowest);
  expect(best).toEqual([...best].sort((a, b) => b - a));
});
