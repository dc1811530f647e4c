/** What a session's latents say of the state: how it is learned, and how it reaches the page. */
import { describe, expect, test, vi } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import type { Agent } from '../../server/agent/agent.ts';
import { loadLatentAgent } from '../../server/agent/latentAgent.ts';
import { StateReader } from '../../server/agent/stateReader.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { Episode } from '../../server/live/episode.ts';
import { imagineFuture } from '../../server/live/imaginedFuture.ts';
import { ReadingLessons } from '../../server/live/readingLessons.ts';
import { planMessage } from '../../server/live/sessionMessages.ts';
import { WorldError } from '../../shared/errors.ts';
import { type ServerMessage, serverMessageSchema } from '../../shared/protocol/control.ts';
import { FAKE_HORIZON, FAKE_LESSONS, fakeAgent } from './fakeAgent.ts';
import { fakeWorld } from './fakeWorld.ts';

const clock = { now: () => 0 };
const settings = { world: 'line', seed: 1, rendererSteps: 1 } as const;
const noDefect = (error: unknown) => expect.unreachable(String(error));
const soon = { timeout: 20_000, interval: 5 };

/** Encodes where the dot is, halved. */
const dynamics = {
  encode: vi.fn(async (frames: readonly Uint8Array[]) => ({
    rows: frames.length,
    columns: 1,
    data: Float32Array.from(frames, (frame) => frame.subarray(0, 192).indexOf(255) / 6),
  })),
};

describe('a reader of the state', () => {
  const config = { fitted: 3, judged: 2, length: 10, seed: 1 };

  test('learns an episode a lesson, then reads what is linear in the latent and says how well', async () => {
    const reader = new StateReader(dynamics, fakeWorld(), config);
    for (let done = 1; done < 5; done++) {
      expect(await reader.lesson()).toEqual({ done, total: 5 });
      expect(reader.read(Float32Array.of(1))).toBeUndefined();
    }
    const last = await reader.lesson();
    expect(last).toMatchObject({ done: 5, total: 5, quantities: [{ name: 'x', unit: 'units', kind: 'position' }] });
    expect(last.quantities?.[0]?.r2).toBeGreaterThan(0.999);
    expect(reader.read(Float32Array.of(2))?.[0]).toBeCloseTo(4, 1);
  });

  test('plays nothing more once it has learned', async () => {
    const reader = new StateReader(dynamics, fakeWorld(), config);
    for (let i = 0; i < 5; i++) await reader.lesson();
    const calls = dynamics.encode.mock.calls.length;
    expect(await reader.lesson()).toMatchObject({ done: 5, quantities: [{}] });
    expect(dynamics.encode.mock.calls.length).toBe(calls);
  });

  test('does not claim to read what never varies', async () => {
    const definition = fakeWorld();
    const still = {
      ...definition,
      create: () => Object.assign(definition.create(), { state: () => ({ x: 7 }) }),
    };
    const reader = new StateReader(dynamics, still, config);
    for (let i = 0; i < 4; i++) await reader.lesson();
    expect((await reader.lesson()).quantities).toEqual([{ name: 'x', unit: 'units', kind: 'position' }]);
  });
});

test('a trained agent reads where things are, and where they will be, from frames alone', {
  timeout: 120_000,
}, async () => {
  const agent = await loadLatentAgent({ directory: weightsDirectory('push-t'), threads: 1 });
  const { create, spec } = await loadWorld('push-t');
  const world = create();
  world.reset(5);
  const request = { frame: world.frame(), goal: world.frame(), seed: 1 };
  expect(await agent.plan({ ...request, read: true })).not.toHaveProperty('reading');
  let lesson = await agent.learnToRead();
  while (lesson.quantities === undefined) lesson = await agent.learnToRead();
  expect(lesson.quantities.map(({ name }) => name)).toEqual(Object.keys(spec.quantities));
  for (const { r2 } of lesson.quantities) expect(r2).toBeGreaterThan(0.9);
  const { reading, ...read } = await agent.plan({ ...request, read: true });
  expect(await agent.plan(request)).toEqual(read);
  const { blockX = Number.NaN, blockY = Number.NaN } = world.state();
  const [x = 0, y = 0] = reading?.seen.slice(2, 4) ?? [];
  expect(Math.hypot(x - blockX, y - blockY)).toBeLessThan(spec.arena.width / 20);
  expect(reading?.foreseen).toHaveLength(lesson.quantities.length);
  await agent.dispose();
});

describe('a plan', () => {
  async function planned(agent: Agent, reading: boolean) {
    const episode = new Episode(fakeWorld(), 1);
    for (let i = 0; i < 3; i++) episode.step([1]);
    return planMessage(await imagineFuture({ agent, episode, settings: { ...settings, reading }, clock }));
  }

  test('comes with what is read beside the truth, once asked for and learned, across the wire', async () => {
    const agent = fakeAgent();
    expect(await planned(agent, true)).not.toHaveProperty('reading');
    for (let i = 0; i < FAKE_LESSONS; i++) await agent.learnToRead();
    expect(await planned(agent, false)).not.toHaveProperty('reading');
    const message = await planned(agent, true);
    expect(message.reading).toEqual({ truth: [3], seen: [3], foreseen: [FAKE_HORIZON - 1] });
    expect(serverMessageSchema.parse(JSON.parse(JSON.stringify(message)))).toEqual(message);
  });
});

describe('lessons', () => {
  test('go on to the last, each told, and are not given again', async () => {
    const said: ServerMessage[] = [];
    const lessons = new ReadingLessons((message) => said.push(message), noDefect);
    const agent = fakeAgent();
    lessons.attend(agent);
    lessons.attend(agent);
    await vi.waitFor(() => expect(lessons.latest?.quantities).toHaveLength(1), soon);
    lessons.attend(agent);
    expect(said).toMatchObject([1, 2, 3].map((done) => ({ type: 'lesson', done, total: FAKE_LESSONS })));
    for (const message of said) expect(serverMessageSchema.parse(message)).toEqual(message);
  });

  test('stop when nobody asks any more', async () => {
    const said: ServerMessage[] = [];
    const lessons = new ReadingLessons((message) => said.push(message), noDefect);
    const learnToRead = vi.fn(async () => {
      if (learnToRead.mock.calls.length === 2) lessons.attend(undefined);
      return { done: 1, total: 99 };
    });
    lessons.attend(fakeAgent('line', { learnToRead }));
    await vi.waitFor(() => expect(learnToRead).toHaveBeenCalledTimes(2), soon);
    await new Promise((resolve) => setImmediate(resolve));
    expect(learnToRead).toHaveBeenCalledTimes(2);
    expect(said).toHaveLength(1);
    expect(lessons.latest).toBeUndefined();
  });

  test('begin anew for a pupil that was left and comes back, without the ones that were under way', async () => {
    const said: ServerMessage[] = [];
    const lessons = new ReadingLessons((message) => said.push(message), noDefect);
    const agent = fakeAgent();
    for (const pupil of [agent, undefined, agent]) lessons.attend(pupil);
    await vi.waitFor(() => expect(lessons.latest?.quantities).toHaveLength(1), soon);
    expect(said).toMatchObject([{ done: 2 }, { done: 3 }]);
  });

  test('that fail say why, and a defect of ours is not for the page', async () => {
    for (const [error, text, told] of [
      [new WorldError('the line is cut'), 'the line is cut', 0],
      [new TypeError('secret'), 'defect', 1],
    ] as const) {
      const said: ServerMessage[] = [];
      const defects: unknown[] = [];
      const lessons = new ReadingLessons(
        (message) => said.push(message),
        (defect) => defects.push(defect),
      );
      lessons.attend(fakeAgent('line', { learnToRead: () => Promise.reject(error) }));
      await vi.waitFor(() => expect(said).toHaveLength(1), soon);
      expect(said[0]).toMatchObject({ type: 'error', code: 'reading', message: expect.stringContaining(text) });
      expect(defects).toHaveLength(told);
    }
  });
});
