/**
 * Tasks that are chosen faster than an agent thinks: what is asked of the agent, which others share, is the one call that
 * is under way and then what the last task needs, whatever came between.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Agent } from '../../server/agent/agent.ts';
import { AgentPool } from '../../server/agent/agentPool.ts';
import { isFrames } from '../../server/live/framePipeline.ts';
import { LiveSession } from '../../server/live/liveSession.ts';
import { ReadingLessons } from '../../server/live/readingLessons.ts';
import { SpareTime } from '../../server/live/spareTime.ts';
import { ManualClock } from '../../shared/clock.ts';
import type { ServerMessageOf } from '../../shared/protocol/control.ts';
import { fakeAgent } from './fakeAgent.ts';
import { fakeWorld } from './fakeWorld.ts';
import { pause } from './liveServerUnderTest.ts';

const soon = { timeout: 20_000, interval: 5 };
const worlds = new Map(['line', 'other'].map((id) => [id, fakeWorld({ id, goal: 9999, budget: 9999 })] as const));
const MANY = 40;

let session: LiveSession;
/** What the agents have been asked, in order, and the answers that the test holds back. */
let asked: string[];
let held: (() => void)[];
let plans: ServerMessageOf<'plan'>[];
let begun: number;
let errors: string[];

/** An agent whose calls are answered when the test says so. */
function slow(world: string): Agent {
  const quick = fakeAgent(world);
  const when = async <T>(call: string, answer: () => Promise<T>): Promise<T> => {
    asked.push(call);
    await new Promise<void>((resolve) => held.push(resolve));
    return answer();
  };
  return {
    ...quick,
    plan: (request) => when(`${world} plan`, () => quick.plan(request)),
    render: (latents, options) => when(`${world} render`, () => quick.render(latents, options)),
    imagine: (latent, actions) => when(`${world} imagine`, () => quick.imagine(latent, actions)),
  };
}

/** Answers the call that is under way; there must be no other. */
function answer(): void {
  expect(held).toHaveLength(1);
  held.pop()?.();
}

const underWay = (...calls: string[]) => vi.waitFor(() => expect(asked).toEqual(calls), soon);

async function choose(seed: number, world = 'line'): Promise<void> {
  const before = begun;
  session.receive({ type: 'configure', request: seed, settings: { seed, world } });
  await vi.waitFor(() => expect(begun).toBeGreaterThan(before), soon);
}

beforeEach(async () => {
  [asked, held, plans, begun, errors] = [[], [], [], 0, []];
  const clock = new ManualClock();
  session = new LiveSession({
    worlds,
    agents: new AgentPool(async (world) => slow(world)),
    settings: { world: 'line', seed: 0, rendererSteps: 1 },
    clock,
    spareTime: new SpareTime(clock),
    onDefect: (error) => expect.fail(String(error)),
  });
  session.output.subscribe((item) => {
    if (isFrames(item)) return;
    if (item.type === 'plan') plans.push(item);
    if (item.type === 'episode') begun++;
    if (item.type === 'error') errors.push(item.message);
  });
  await underWay('line plan');
});

afterEach(() => {
  session.close();
  expect(errors).toEqual([]);
});

describe('a flood of tasks', () => {
  test('leaves one plan with the agent, then plans the last task at once, and paints no other', async () => {
    for (let seed = 1; seed <= MANY; seed++) await choose(seed);
    expect(begun).toBe(MANY + 1);
    expect(asked).toEqual(['line plan']);
    answer();
    await underWay('line plan', 'line plan');
    expect(plans).toEqual([]);
    answer();
    await underWay('line plan', 'line plan', 'line render');
    answer();
    await vi.waitFor(() => expect(plans).toHaveLength(1), soon);
    expect(session.settings.seed).toBe(MANY);
  });

  test('waits for no agent of another world', async () => {
    for (let seed = 1; seed <= MANY; seed++) await choose(seed);
    await choose(MANY, 'other');
    await underWay('line plan', 'other plan');
  });

  test('with dreams taken between leaves one step of them', async () => {
    answer();
    await underWay('line plan', 'line render');
    answer();
    await vi.waitFor(() => expect(plans).toHaveLength(1), soon);
    session.receive({ type: 'transport', request: 1, command: 'pause' });
    for (let i = 0; i < MANY; i++) {
      for (const world of ['truth', 'dream'] as const)
        session.receive({ type: 'drive', request: i, direction: { x: 1, y: 0 }, world });
      session.receive({ type: 'transport', request: i, command: 'step' });
      await pause(0); // as messages come
    }
    await underWay('line plan', 'line render', 'line imagine');
    await pause(50);
    expect(asked).toHaveLength(3);
  });
});

test('lessons that are asked for and given up all the time leave one with the agent', async () => {
  const learnToRead = vi.fn(() => new Promise<never>(() => {}));
  const lessons = new ReadingLessons(
    () => {},
    () => {},
  );
  const pupil = fakeAgent('line', { learnToRead });
  for (let i = 0; i < MANY; i++) for (const each of [pupil, undefined]) lessons.attend(each);
  await pause(0);
  expect(learnToRead).toHaveBeenCalledTimes(1);
});
