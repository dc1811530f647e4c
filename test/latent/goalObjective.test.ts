/** The cost towards a goal: what it adds up, with and without a division of things from the body. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultGoalObjectiveConfig, goalObjective, goalObjectives } from '../../models/latent/goalObjective.ts';
import { type LatentWeights, LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import { latentSizeOf } from '../../models/latent/motion.ts';
import { defaultThingDistanceConfig, THING_MASK, thingDistanceSpecs } from '../../models/latent/thingDistance.ts';
import type { Rollout } from '../../models/planning/contracts.ts';
import { everySteps, latentDistance } from '../../models/planning/objectives.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { initialise } from '../../models/tensor/parameters.ts';
import { type Engine, float32 } from '../../models/tensor/program.ts';
import { readAgentFiles } from '../../server/agent/agentFiles.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { Random } from '../../shared/random.ts';

const [CANDIDATES, HORIZON] = [3, 4];
const mean = { mean: 1, last: 0 };
const everyStep = { ...defaultGoalObjectiveConfig, stride: 1 };

let engine: Engine;
let whole: LearnedDynamics;
let divided: LearnedDynamics;
let goal: Float32Array;
let rollout: Rollout;

beforeAll(async () => {
  engine = createCpuEngine({ threads: 1 });
  const { config, tensors } = (await readAgentFiles(weightsDirectory('lander'))).latent;
  whole = new LearnedDynamics(engine, { config, tensors });
  const size = latentSizeOf(config);
  const heads = 2;
  const specs = thingDistanceSpecs({ ...defaultThingDistanceConfig, heads }, size);
  const mask = Float32Array.from({ length: size }, (_, i) => (i < size / 2 ? 0 : 1));
  const weights: LatentWeights = {
    config: { ...config, things: { heads } },
    tensors: { ...tensors, ...initialise(specs, new Random(3)), [THING_MASK]: float32(mask, [size]) },
  };
  divided = new LearnedDynamics(engine, weights);
  const random = new Random(1);
  goal = random.normals(size);
  const latents = random.normals(CANDIDATES * HORIZON * size);
  rollout = { candidates: CANDIDATES, horizon: HORIZON, latentSize: size, latents };
});

afterAll(async () => {
  await Promise.all([whole.dispose(), divided.dispose()]);
  await engine.dispose();
});

function expectSame(actual: Float32Array, expected: number[]): void {
  expect(actual).toHaveLength(CANDIDATES);
  expected.forEach((value, i) => {
    expect(actual[i]).toBeCloseTo(value, 4);
  });
}

describe('the cost towards a goal', () => {
  test('is temporal and latent distance where things are not told from the body', async () => {
    expect(whole.thingDistance(goal, mean)).toBeUndefined();
    const temporal = await whole.temporalDistance(goal, mean).cost(rollout);
    const plain = await latentDistance(goal, defaultGoalObjectiveConfig.latentDistance).cost(rollout);
    const costs = await goalObjective(whole, goal, everyStep).cost(rollout);
    expectSame(
      costs,
      Array.from(temporal, (value, i) => value + (plain[i] as number)),
    );
  });

  test('is foremost the distance to things where they are', async () => {
    const things = (await divided.thingDistance(goal, mean)?.cost(rollout)) as Float32Array;
    const temporal = await divided.temporalDistance(goal, mean).cost(rollout);
    const plain = await latentDistance(goal, defaultGoalObjectiveConfig.latentDistance).cost(rollout);
    const costs = await goalObjective(divided, goal, everyStep).cost(rollout);
    expectSame(
      costs,
      Array.from(things, (value, i) => value + 0.25 * (temporal[i] as number) + (plain[i] as number)),
    );
  });

  test('counts every second step of a plan, the last among them', async () => {
    const costs = await goalObjective(divided, goal).cost(rollout);
    const thinned = await everySteps(2, goalObjective(divided, goal, everyStep)).cost(rollout);
    expectSame(costs, [...thinned]);
  });

  test('by temporal distance alone counts nothing else', async () => {
    const temporal = await divided.temporalDistance(goal, mean).cost(rollout);
    const alone = { ...goalObjectives.temporal, stride: 1 };
    expectSame(await goalObjective(divided, goal, alone).cost(rollout), [...temporal]);
  });

  test('to things does not change with where the goal has the body, to the whole it does', async () => {
    const elsewhere = goal.map((value, i) => (i < goal.length / 2 ? value + 2 : value));
    const things = async (to: Float32Array): Promise<number[]> =>
      Array.from((await divided.thingDistance(to, mean)?.cost(rollout)) ?? []);
    expect(await things(elsewhere)).toEqual(await things(goal));
    const all = async (to: Float32Array): Promise<number[]> => [
      ...(await divided.temporalDistance(to, mean).cost(rollout)),
    ];
    expect(await all(elsewhere)).not.toEqual(await all(goal));
  });
});
