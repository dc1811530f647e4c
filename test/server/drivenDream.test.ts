/** A dream that a person drives, when its agent fails: the session that dreams it fails, and one that has left it goes on. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AgentPool } from '../../server/agent/agentPool.ts';
import { isFrames } from '../../server/live/framePipeline.ts';
import { LiveSession } from '../../server/live/liveSession.ts';
import { SpareTime } from '../../server/live/spareTime.ts';
import { ManualClock } from '../../shared/clock.ts';
import { ServerError } from '../../shared/errors.ts';
import type { ServerMessage } from '../../shared/protocol/control.ts';
import { fakeAgent } from './fakeAgent.ts';
import { fakeWorld } from './fakeWorld.ts';

const soon = { timeout: 20_000, interval: 5 };
const worlds = new Map(['line', 'other'].map((id) => [id, fakeWorld({ id, goal: 9999, budget: 9999 })] as const));

let session: LiveSession;
/** Steps of the dream that are under way, and what makes one fail. */
let dreamt: ((error: Error) => void)[];
let said: ServerMessage[];

/** As an agent in a process of its own does: what it was asked for fails when it is put away. */
function dreamer(world: string) {
  const end = () => {
    for (const fail of dreamt.splice(0)) fail(new ServerError("the agent's process has ended"));
  };
  return fakeAgent(world, {
    imagine: () => new Promise((_, reject) => dreamt.push(reject)),
    dispose: async () => end(),
  });
}

const heard = (type: ServerMessage['type']) => said.filter((message) => message.type === type);

beforeEach(async () => {
  dreamt = [];
  said = [];
  const clock = new ManualClock();
  session = new LiveSession({
    worlds,
    agents: new AgentPool(async (world) => dreamer(world)),
    settings: { world: 'line', seed: 3, rendererSteps: 1 },
    clock,
    spareTime: new SpareTime(clock),
    onDefect: (error) => expect.fail(String(error)),
  });
  session.output.subscribe((item) => {
    if (!isFrames(item)) said.push(item);
  });
  session.hold(false);
  await vi.waitFor(() => expect(heard('plan').length).toBeGreaterThan(0), soon);
  session.receive({ type: 'drive', request: 1, direction: { x: 1, y: 0 }, world: 'dream' });
  await vi.waitFor(() => expect(dreamt).toHaveLength(1), soon);
  said = [];
});

afterEach(() => session.close());

describe('a step of a dream that fails', () => {
  test('fails the session', async () => {
    dreamt[0]?.(new ServerError('the process has ended'));
    await vi.waitFor(() => expect(session.health().phase).toBe('failed'), soon);
    expect(heard('error')).toEqual([{ type: 'error', code: 'agent', message: 'the process has ended' }]);
  });

  test('after another world was chosen leaves the session in that world alone', async () => {
    session.receive({ type: 'configure', request: 2, settings: { world: 'other' } });
    await vi.waitFor(() => expect([...heard('plan'), ...heard('error')].length).toBeGreaterThan(0), soon);
    expect(dreamt).toEqual([]);
    expect(heard('error')).toEqual([]);
    expect(session.health().phase).toBe('running');
  });
});
