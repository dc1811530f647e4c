/** One graph for rollout and cost: it says what the two said apart, and its slopes are those of its costs. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goalObjective } from '../../models/latent/goalObjective.ts';
import { LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import type { ScoreQuery } from '../../models/planning/contracts.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import type { Engine } from '../../models/tensor/program.ts';
import { readAgentFiles } from '../../server/agent/agentFiles.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { Random } from '../../shared/random.ts';

const [CANDIDATES, HORIZON] = [5, 4];

describe('the shipped model of push-t', () => {
  let engine: Engine;
  let dynamics: LearnedDynamics;
  let query: ScoreQuery;
  const objective = () => goalObjective(dynamics, new Random(2).normals(dynamics.latentSize));

  beforeAll(async () => {
    engine = createCpuEngine({ threads: 1 });
    dynamics = new LearnedDynamics(engine, (await readAgentFiles(weightsDirectory('push-t'))).latent);
    const random = new Random(1);
    const actions = Float32Array.from({ length: CANDIDATES * HORIZON * 2 }, () => random.uniform(-1, 1));
    const latent = random.normals(dynamics.latentSize);
    const cost = objective().traced as NonNullable<ReturnType<typeof objective>['traced']>;
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
