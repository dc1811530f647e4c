/** An agent that is given time for its plans keeps it, on a clock that an iteration of the solver moves. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { createCemSolver, defaultCemConfig } from '../../models/planning/cemSolver.ts';
import type { Solver } from '../../models/planning/contracts.ts';
import type { Agent } from '../../server/agent/agent.ts';
import { loadLatentAgent } from '../../server/agent/latentAgent.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { ManualClock } from '../../shared/clock.ts';
import type { Frame } from '../../shared/frame.ts';

const ITERATION = 7;
const clock = new ManualClock();
const cem = createCemSolver({ ...defaultCemConfig, candidates: 8, elites: 2 });
/** How long the agent is held up once it has searched. */
let delay = 0;
const slow: Solver = {
  ...cem,
  async plan(request) {
    const plan = await cem.plan({
      ...request,
      observe: (iteration) => {
        request.observe?.(iteration);
        clock.advance(ITERATION);
      },
    });
    setImmediate(() => clock.advance(delay));
    return plan;
  },
};

describe.each([30, 61])('a plan of %s ms', (milliseconds) => {
  let agent: Agent;
  let frame: Frame;
  beforeAll(async () => {
    const world = (await loadWorld('two-room')).create();
    world.reset(1);
    frame = world.frame();
    const directory = weightsDirectory('two-room');
    agent = await loadLatentAgent({ directory, threads: 1, solver: slow, planTime: { clock, milliseconds } });
  });
  afterAll(() => agent.dispose());

  test('is searched as long as the time allows, and no longer', async () => {
    const began = clock.now();
    const { costs } = await agent.plan({ frame, goal: frame, seed: 3 });
    expect(clock.now() - began).toBeLessThanOrEqual(milliseconds);
    expect(costs).toHaveLength(Math.floor(milliseconds / ITERATION));
  });

  test('that was held up takes no time from all that come after it', async () => {
    const iterations = async () => (await agent.plan({ frame, goal: frame, seed: 3 })).costs.length;
    const usual = await iterations();
    delay = milliseconds;
    await iterations();
    delay = 0;
    expect(await iterations()).toBe(1); // it expects the like again
    for (let i = 0; i < 20; i++) await iterations();
    expect(await iterations()).toBe(usual);
  });
});
