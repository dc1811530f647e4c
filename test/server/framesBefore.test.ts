/** Which frames an agent is told of before those that it is to paint, in each place where a session has it paint. */
import { expect, test } from 'vitest';
import type { RenderOptions } from '../../server/agent/agent.ts';
import { DrivenDream } from '../../server/live/drivenDream.ts';
import { Episode } from '../../server/live/episode.ts';
import { imagineFuture } from '../../server/live/imaginedFuture.ts';
import { severalFutures } from '../../server/live/severalFutures.ts';
import { SpareTime } from '../../server/live/spareTime.ts';
import { ManualClock } from '../../shared/clock.ts';
import type { Frame } from '../../shared/frame.ts';
import { FAKE_HORIZON, fakeAgent } from './fakeAgent.ts';
import { fakeWorld } from './fakeWorld.ts';

const settings = { world: 'line', seed: 1, rendererSteps: 2, futures: 2 } as const;
const clock = new ManualClock();

/** An agent that notes what it is asked to paint, and paints every frame in a number of its own. */
function observed() {
  const asked: RenderOptions[] = [];
  let painted = 0;
  const agent = fakeAgent('line', {
    async render({ rows }, options) {
      asked.push(options);
      return Array.from({ length: rows }, () => Uint8Array.of(100 + painted++));
    },
  });
  return { agent, asked };
}

/** Where the dot is in a frame of the world, or the number of one that was painted. */
function nameOf(frame: Frame): number {
  return frame.length > 1 ? frame.indexOf(255) / 3 : (frame[0] as number);
}

const told = ({ before = [], first = 0 }: RenderOptions) => ({ before: before.map(nameOf), first });

test('a plan goes on from what is seen and was seen; at the start only from what is seen', async () => {
  const { agent, asked } = observed();
  const episode = new Episode(fakeWorld(), 1);
  await imagineFuture({ agent, episode, settings, clock });
  episode.step([1]);
  episode.step([1]);
  await imagineFuture({ agent, episode, settings, clock });
  expect(asked.map(told)).toEqual([
    { before: [0], first: 0 },
    { before: [1, 2], first: 0 },
  ]);
});

test('each frame of another future goes on from that future, as those of a plan do', async () => {
  const { agent, asked } = observed();
  const episode = new Episode(fakeWorld({ goal: 99 }), 1);
  episode.step([1]);
  const future = await imagineFuture({ agent, episode, settings, clock });
  const { signal } = new AbortController();
  const spareTime = new SpareTime(clock);
  const branch = episode.branch();
  await severalFutures({ agent, episode, future, settings, branch, locate: undefined, spareTime, signal });
  const own = Array.from({ length: FAKE_HORIZON }, (_, i) => 100 + FAKE_HORIZON + i);
  expect(asked.slice(1).map(told)).toEqual(
    own.map((_, row) => ({ before: [0, 1, ...own.slice(0, row)].slice(-4), first: row })),
  );
});

test('a dream that is driven goes on from its own frames', async () => {
  const { agent, asked } = observed();
  const episode = new Episode(fakeWorld(), 1);
  episode.step([1]);
  const dream = new DrivenDream(agent, episode, settings);
  for (let i = 0; i < 4; i++) await dream.step({ x: 1, y: 0 });
  expect(asked.map(told)).toEqual([
    { before: [0, 1], first: 0 },
    { before: [0, 1, 100], first: 1 },
    { before: [0, 1, 100, 101], first: 2 },
    { before: [1, 100, 101, 102], first: 3 },
  ]);
});
