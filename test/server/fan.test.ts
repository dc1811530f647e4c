import { expect, test } from 'vitest';
import { sampleCandidates } from '../../server/agent/candidateSample.ts';
import { Episode } from '../../server/live/episode.ts';
import { FAN_CANDIDATES, FAN_ITERATIONS } from '../../server/live/fan.ts';
import { imagineFuture } from '../../server/live/imaginedFuture.ts';
import { filmMessage, planMessage } from '../../server/live/sessionMessages.ts';
import { WorldError } from '../../shared/errors.ts';
import { serverMessageSchema } from '../../shared/protocol/control.ts';
import { decodeFrameMessage, encodeFrameMessage } from '../../shared/protocol/frames.ts';
import { FAKE_HORIZON, fakeAgent } from './fakeAgent.ts';
import { fakeWorld } from './fakeWorld.ts';

const clock = { now: () => 0 };
const settings = { world: 'line', seed: 1, rendererSteps: 1 } as const;

/** An agent that searches `iterations` times among 40 candidates, of which candidate 3 is best and goes furthest. */
function searching(iterations: number) {
  const agent = fakeAgent();
  const actions = new Float32Array(40 * FAKE_HORIZON).fill(-1).fill(1, 3 * FAKE_HORIZON, 4 * FAKE_HORIZON);
  const sample = (index: number) => ({ index, actions, costs: new Float32Array(40), elites: [3] });
  return fakeAgent('line', {
    plan: async ({ candidates, ...request }) => {
      const plan = await agent.plan(request);
      if (candidates === undefined) return plan;
      const all = Array.from({ length: iterations }, (_, i) => sampleCandidates(sample(i), candidates));
      return { ...plan, candidates: all };
    },
  });
}

test('a plan has no fan unless the settings ask for one', async () => {
  const episode = new Episode(fakeWorld(), 1);
  const future = await imagineFuture({ agent: searching(2), episode, settings, clock });
  expect(future.fan).toBeUndefined();
  expect(planMessage(future).fan).toBeUndefined();
  expect(filmMessage(0, future, episode).streams.filter(({ name }) => name === 'fan')).toEqual([]);
});

test('a fan crosses the wire with its elites first, and leaves the episode and the plan as they were', async () => {
  const episode = new Episode(fakeWorld(), 1);
  episode.step([0.5]);
  const without = await imagineFuture({ agent: searching(2), episode, settings, clock });
  const future = await imagineFuture({ agent: searching(2), episode, settings: { ...settings, fan: true }, clock });
  expect(future.plan.actions).toEqual(without.plan.actions);
  expect(episode.steps).toBe(1);
  expect(episode.scene()[1]?.pose.x).toBe(0.5);

  const message = planMessage(future);
  expect(serverMessageSchema.parse(JSON.parse(JSON.stringify(message)))).toEqual(message);
  expect(message.fan).toEqual({ shape: 'dot', elites: [1, 1], fanMs: 0 });
  const { buffer } = encodeFrameMessage(filmMessage(0, future, episode));
  const streams = decodeFrameMessage(buffer as ArrayBuffer).streams.filter(({ name }) => name === 'fan');
  expect(streams.map(({ index, width, height }) => [index, width, height])).toEqual([
    [0, FAKE_HORIZON + 1, FAN_CANDIDATES],
    [1, FAKE_HORIZON + 1, FAN_CANDIDATES],
  ]);
  const points = Array.from(streams[0]?.data ?? []);
  expect(points.slice(0, 10)).toEqual([0.5, 0, 1.5, 0, 2.5, 0, 3.5, 0, 4.5, 0]);
  expect(points.slice(10, 14)).toEqual([0.5, 0, -0.5, 0]);
});

test('a long search is shown by a bounded number of its iterations', async () => {
  const episode = new Episode(fakeWorld(), 1);
  const future = await imagineFuture({ agent: searching(50), episode, settings: { ...settings, fan: true }, clock });
  expect(future.fan?.iterations).toHaveLength(FAN_ITERATIONS);
});

test('physics that breaks down under a candidate is the fault of its world', async () => {
  const episode = new Episode(fakeWorld({ breaksAt: 2 }), 1);
  const asked = imagineFuture({ agent: searching(1), episode, settings: { ...settings, fan: true }, clock });
  await expect(asked).rejects.toThrow(WorldError);
});
