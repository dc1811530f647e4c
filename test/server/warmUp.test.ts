import { expect, test } from 'vitest';
import type { Agent } from '../../server/agent/agent.ts';
import { warmUp } from '../../server/agent/warmUp.ts';
import { FAKE_HORIZON, fakeAgent } from './fakeAgent.ts';

/** An agent, and what it was asked for. */
function observedAgent(overrides: Partial<Agent> = {}) {
  const agent = fakeAgent('line', overrides);
  const asked: string[] = [];
  const observed: Agent = {
    ...agent,
    plan: (request) => {
      asked.push('plan');
      return agent.plan(request);
    },
    render: (latents, options) => {
      asked.push(`paint ${latents.rows} in ${options.steps}`);
      return agent.render(latents, options);
    },
  };
  return { observed, asked };
}

test('an agent that is warmed up plans, and paints its plan in the steps that are shown first', async () => {
  const { observed, asked } = observedAgent();
  await warmUp(observed, 2);
  expect(asked).toEqual(['plan', `paint ${FAKE_HORIZON} in 2`]);
});

test('an agent without a renderer plans alone', async () => {
  const { observed, asked } = observedAgent({ stepCounts: [] });
  await warmUp(observed, 2);
  expect(asked).toEqual(['plan']);
});
