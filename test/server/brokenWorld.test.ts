/**
 * A live session whose world breaks down where it is only looked at: for a plan, for what is foreseen beside it, for a
 * dream that a person drives. The page is told which world it was, the agent is spared, and nothing is a defect of ours.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AgentPool } from '../../server/agent/agentPool.ts';
import { isFrames } from '../../server/live/framePipeline.ts';
import { LiveSession } from '../../server/live/liveSession.ts';
import { SpareTime } from '../../server/live/spareTime.ts';
import { ManualClock } from '../../shared/clock.ts';
import type { ServerMessageOf, Settings } from '../../shared/protocol/control.ts';
import type { World, WorldDefinition } from '../../shared/world.ts';
import { fakeAgent } from './fakeAgent.ts';
import { fakeWorld } from './fakeWorld.ts';

const soon = { timeout: 20_000, interval: 5 };
const line = fakeWorld({ goal: 9999, budget: 9999 });
const settings: Settings = { world: 'line', seed: 3, rendererSteps: 1 };

let session: LiveSession;
/** What of the world is broken. */
let broken: keyof World | undefined;
let agents: number;
let plans: number;
let errors: ServerMessageOf<'error'>[];

/** The line, any method of which may break. */
const frail: WorldDefinition = {
  ...line,
  create: () =>
    new Proxy(line.create(), {
      get(world, name: keyof World) {
        if (name !== broken) return world[name];
        return () => {
          throw new TypeError(`there is no ${name}`);
        };
      },
    }),
};

beforeEach(() => {
  [broken, agents, plans, errors] = [undefined, 0, 0, []];
  const clock = new ManualClock();
  session = new LiveSession({
    worlds: new Map([['line', frail]]),
    agents: new AgentPool(async (world) => {
      agents++;
      return fakeAgent(world);
    }),
    settings,
    clock,
    spareTime: new SpareTime(clock),
    onDefect: (error) => expect.fail(String(error)),
  });
  session.output.subscribe((item) => {
    if (isFrames(item)) return;
    if (item.type === 'plan') plans++;
    if (item.type === 'error') errors.push(item);
  });
});

afterEach(() => session.close());

/** Waits until the session has a plan, and its clock goes on. */
async function planned(asked: Partial<Settings> = {}): Promise<void> {
  session.receive({ type: 'configure', request: 1, settings: asked });
  session.hold(false);
  await vi.waitFor(() => expect(plans).toBeGreaterThan(0), soon);
}

const brokeDown = (code: string, method: keyof World) => ({
  type: 'error',
  code,
  message: `the world 'line' broke down: there is no ${method}; \`check\` it or choose another`,
});

/** The session has failed because of its world, and goes on with the same agent once that is mended. */
async function sparedAfter(method: keyof World): Promise<void> {
  await vi.waitFor(() => expect(session.health().phase).toBe('failed'), soon);
  expect(errors).toEqual([brokeDown('world', method)]);
  broken = undefined;
  plans = 0;
  session.receive({ type: 'configure', request: 9, settings: { seed: 4 } });
  await vi.waitFor(() => expect(plans).toBeGreaterThan(0), soon);
  expect(agents).toBe(1);
}

describe('a plan', () => {
  test.each([
    { asked: { reading: true }, method: 'state' },
    { asked: { fan: true }, method: 'snapshot' },
  ] as const)('for which the world has no $method fails the session', async ({ asked, method }) => {
    await planned(asked);
    session.hold(true);
    session.receive({ type: 'drive', request: 3, direction: { x: 1, y: 0 }, world: 'truth' });
    broken = method;
    session.receive({ type: 'drive', request: 4, direction: null, world: 'truth' });
    await sparedAfter(method);
  });

  test('whose several futures cannot branch is followed without them', async () => {
    await planned();
    broken = 'snapshot';
    session.receive({ type: 'configure', request: 2, settings: { futures: 3 } });
    await vi.waitFor(() => expect(errors.length).toBeGreaterThan(0), soon);
    expect(errors[0]).toEqual(brokeDown('futures', 'snapshot'));
    expect(session.health().phase).toBe('running');
  });
});

test('a dream that a person drives from what cannot be seen fails the session, and not the server', async () => {
  await planned();
  session.hold(true);
  session.receive({ type: 'drive', request: 2, direction: { x: 1, y: 0 }, world: 'dream' });
  broken = 'frame';
  session.hold(false);
  await sparedAfter('frame');
});
