/** One graph for rollout and cost: it says what the two said apart, and its slopes are those of its costs. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultGoalObjectiveConfig, goalObjective } from '../../models/latent/goalObjective.ts';
import { LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import type { ScoreQuery, TracedCost } from '../../models/planning/contracts.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import type { Engine } from '../../models/tensor/program.ts';
import { readAgentFiles } from '../../server/agent/agentFiles.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { Random } from '../../shared/random.ts';

const [CANDIDATES, HORIZON] = [5, 4];

/** What a plan has cost half-way: its last step is not known yet. */
const meanAlone = { ...defaultGoalObjectiveConfig, latentDistance: { mean: 0.1, last: 0 } };

describe('the shipped model of push-t', () => {
  let engine: Engine;
  let dynamics: LearnedDynamics;
  let query: ScoreQuery;
  let goal: Float32Array;
  const objective = () => goalObjective(dynamics, goal);

  beforeAll(async () => {
    engine = createCpuEngine({ threads: 1 });
    dynamics = new LearnedDynamics(engine, (await readAgentFiles(weightsDirectory('push-t'))).latent);
    goal = new Random(2).normals(dynamics.latentSize);
    const random = new Random(1);
    const actions = Float32Array.from({ length: CANDIDATES * HORIZON * 2 }, () => random.uniform(-1, 1));
    const latent = random.normals(dynamics.latentSize);
    const cost = objective().traced as TracedCost;
    query = { latent, actions, candidates: CANDIDATES, horizon: HORIZON, cost };
  });
  afterAll(() => engine.dispose());

  test('costs the same in one graph as in two', async () => {
    const apart = await objective().cost(await dynamics.rollout(query.latent, query.actions, CANDIDATES, HORIZON));
    const fused = await dynamics.score(query);
    expect(fused).toHaveLength(CANDIDATES);
    fused.forEach((cost, i) => {
      expect(cost / (apart[i] as number)).toBeCloseTo(1, 5);
    });
  });

  test('gives up the dearest half-way, and costs the others what they cost', async () => {
    const all = await dynamics.score(query);
    const steps = query.actions.length / CANDIDATES;
    const begun = query.actions.filter((_, i) => i % steps < steps / 2);
    const judged = goalObjective(dynamics, goal, meanAlone);
    const half = await judged.cost(await dynamics.rollout(query.latent, begun, CANDIDATES, HORIZON / 2));
    const cheapest = Array.from(half.keys()).sort((a, b) => (half[a] as number) - (half[b] as number));
    for (const survivors of [CANDIDATES, 3, 1]) {
      const costs = await dynamics.score({ ...query, survivors });
      const left = Array.from(costs.keys()).filter((i) => costs[i] !== Number.POSITIVE_INFINITY);
      expect(left).toEqual(cheapest.slice(0, survivors).sort((a, b) => a - b));
      for (const i of left) expect((costs[i] as number) / (all[i] as number)).toBeCloseTo(1, 5);
    }
  });

  test('gives up nobody where half of a plan tells nothing of its cost', async () => {
    const lastAlone = { mean: 0, last: 1 };
    const weights = { thingDistance: lastAlone, temporalDistance: lastAlone, latentDistance: lastAlone };
    const { traced } = goalObjective(dynamics, goal, { ...defaultGoalObjectiveConfig, ...weights });
    const cost = traced as TracedCost;
    for (const asked of [
      { ...query, cost },
      { ...query, actions: query.actions.subarray(0, 2 * CANDIDATES), horizon: 1 },
    ])
      expect(await dynamics.score({ ...asked, survivors: 2 })).toEqual(await dynamics.score(asked));
  });

  test('has the slopes of its costs', async () => {
    const { costs, gradients } = await dynamics.slope(query);
    const fused = await dynamics.score(query);
    costs.forEach((cost, i) => {
      expect(cost / (fused[i] as number)).toBeCloseTo(1, 5);
    });
    // Along a direction of all actions, by central differences; candidates do not touch each other's cost.
    const direction = new Random(3).normals(gradients.length);
    const step = 1e-3;
    const moved = (sign: number): Promise<Float32Array> =>
      dynamics.score({ ...query, actions: query.actions.map((a, i) => a + sign * step * (direction[i] as number)) });
    const [above, below] = [await moved(1), await moved(-1)];
    const size = HORIZON * 2;
    for (let i = 0; i < CANDIDATES; i++) {
      const measured = ((above[i] as number) - (below[i] as number)) / (2 * step);
      const own = gradients.subarray(i * size, (i + 1) * size);
      const along = own.reduce((sum, slope, k) => sum + slope * (direction[i * size + k] as number), 0);
      expect(Math.abs(along - measured)).toBeLessThan(0.03 * Math.abs(measured) + 0.3);
    }
  });
});
