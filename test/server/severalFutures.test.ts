/**
 * Several futures of a plan: how plans are varied, where they truly lead and what is imagined of them, without a trace
 * in the episode and in the time that the thread has to spare.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawScene } from '../../envs/drawScene.ts';
import { loadWorld } from '../../envs/registry.ts';
import { branchedFutures } from '../../server/live/branchedFutures.ts';
import { Episode } from '../../server/live/episode.ts';
import { isFrames, type Outgoing } from '../../server/live/framePipeline.ts';
import { futureSpread, shapeLocator } from '../../server/live/futureSpread.ts';
import { actionAt, imagineFuture } from '../../server/live/imaginedFuture.ts';
import { LatestFutures } from '../../server/live/latestFutures.ts';
import { SpareTime } from '../../server/live/spareTime.ts';
import { variedPlans } from '../../server/live/variedPlans.ts';
import { hashState } from '../../server/recording/stateHash.ts';
import { ManualClock } from '../../shared/clock.ts';
import { FRAME_BYTES } from '../../shared/frame.ts';
import { decodeFrameMessage, encodeFrameMessage } from '../../shared/protocol/frames.ts';
import { Random } from '../../shared/random.ts';
import type { Scene } from '../../shared/scene.ts';
import { contains, type Space, sample } from '../../shared/space.ts';
import type { World } from '../../shared/world.ts';
import { FAKE_HORIZON, fakeAgent } from './fakeAgent.ts';
import { fakeWorld } from './fakeWorld.ts';

const clock = { now: () => 0 };
const settings = { world: 'line', seed: 1, rendererSteps: 2, futures: 3 } as const;

describe('variations of a plan', () => {
  const spaces: fc.Arbitrary<Space> = fc.oneof(
    fc.integer({ min: 1, max: 9 }).map((count): Space => ({ kind: 'discrete', count })),
    fc
      .array(fc.tuple(fc.integer({ min: -50, max: 0 }), fc.integer({ min: 1, max: 50 })), {
        minLength: 1,
        maxLength: 4,
      })
      .map((bounds): Space => ({ kind: 'box', low: bounds.map(([low]) => low), high: bounds.map(([, high]) => high) })),
  );
  const planIn = (space: Space, horizon: number) => {
    const random = new Random(5);
    return { horizon, actions: Float32Array.from(Array.from({ length: horizon }, () => sample(space, random)).flat()) };
  };

  test('are the plan itself first, lie in the space, and are the same among few and among many', () => {
    fc.assert(
      fc.property(spaces, fc.integer({ min: 1, max: 12 }), fc.nat(), (space, horizon, seed) => {
        const plan = planIn(space, horizon);
        const plans = variedPlans(plan, space, 5, new Random(seed));
        expect(plans).toHaveLength(5);
        expect(plans[0]).toEqual(plan.actions);
        for (const actions of plans)
          for (let step = 0; step < horizon; step++)
            expect(contains(space, actionAt({ ...plan, actions } as never, step))).toBe(true);
        expect(variedPlans(plan, space, 3, new Random(seed))).toEqual(plans.slice(0, 3));
      }),
    );
  });

  test('differ from the plan and from each other by a share of each dimension’s range', () => {
    const space: Space = { kind: 'box', low: [-1, -100], high: [1, 100] };
    const plan = { horizon: 8, actions: new Float32Array(16) };
    const plans = variedPlans(plan, space, 200, new Random(1)).slice(1);
    expect(new Set(plans.map(String)).size).toBe(199);
    const deviation = (dimension: number) => {
      const values = plans.flatMap((actions) => [...actions].filter((_, i) => i % 2 === dimension));
      return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
    };
    expect(deviation(0)).toBeGreaterThan(0.35);
    expect(deviation(0)).toBeLessThan(0.55);
    expect(deviation(1) / deviation(0)).toBeGreaterThan(80);
  });

  test('keep some numbered choices and draw others again', () => {
    const plan = { horizon: 100, actions: new Float32Array(100).fill(3) };
    const [, varied] = variedPlans(plan, { kind: 'discrete', count: 50 }, 2, new Random(1));
    const kept = [...(varied ?? [])].filter((choice) => choice === 3).length;
    expect(kept).toBeGreaterThan(30);
    expect(kept).toBeLessThan(70);
  });
});

/** Runs the work to its end, and says in how many parts. */
function exhaust<T>(work: Generator<void, T>): { readonly value: T; readonly parts: number } {
  for (let parts = 0; ; parts++) {
    const result = work.next();
    if (result.done) return { value: result.value, parts };
  }
}

describe('true futures', () => {
  test.each(['push-t', 'rope'])('in %s leave the world as it was, and the first is what then happens', async (id) => {
    const definition = await loadWorld(id);
    const worlds: World[] = [];
    const create = () => {
      const world = definition.create();
      worlds.push(world);
      return world;
    };
    const episode = new Episode({ ...definition, create }, 4);
    const live = worlds[0] ?? expect.fail('the episode has no world');
    const random = new Random(1);
    for (let i = 0; i < 5; i++) episode.step(sample(definition.spec.action, random));
    const names = Object.keys(definition.spec.quantities);
    const [state, picture] = [hashState(live.state(), names), Uint8Array.from(live.frame())];
    const actions = Float32Array.from(Array.from({ length: 6 }, () => sample(definition.spec.action, random)).flat());
    const plan = { actions, horizon: 6 };
    const plans = variedPlans(plan, definition.spec.action, 3, random);
    const { value: futures, parts } = exhaust(branchedFutures({ ...episode.branch(), plans, horizon: 6 }));
    expect([hashState(live.state(), names), live.frame()]).toEqual([state, picture]);
    expect(episode.steps).toBe(5);
    expect(parts).toBe(18);
    for (let step = 0; step < 6; step++) {
      episode.step(actionAt(plan as never, step));
      expect(futures[0]?.[step]).toEqual(episode.frame());
    }
    expect(futures[1]?.[5]).not.toEqual(futures[0]?.[5]);
  });

  test('stay as their episode ended', () => {
    const episode = new Episode(fakeWorld({ budget: 2 }), 1);
    const plans = [Float32Array.of(1, 1, 1, 1)];
    const [frames] = exhaust(branchedFutures({ ...episode.branch(), plans, horizon: 4 })).value;
    expect(frames?.map((frame) => frame.indexOf(255) / 3)).toEqual([1, 2, 2, 2]);
  });
});

describe('the spread of futures', () => {
  const world = fakeWorld().create();
  const dotAt = (x: number): Scene =>
    world
      .scene()
      .map((shape) => (shape.name === 'dot' ? { ...shape, radius: 3, pose: { x, y: 32, angle: 0 } } : shape));
  const at = (x: number) => drawScene(dotAt(x), world.spec);

  test('is the mean distance between any two, in pixels, where the frames show the shape', () => {
    const locate = shapeLocator(world.scene(), world.spec, 'dot') ?? expect.fail('the dot cannot be found');
    const nothing = new Uint8Array(FRAME_BYTES);
    const films = [
      [at(10), at(10), at(10), nothing],
      [at(10), at(14), nothing, nothing],
      [at(10), at(20), at(12), at(5)],
    ];
    const { value, parts } = exhaust(futureSpread(films, locate));
    expect([...value]).toEqual([0, expect.closeTo(20 / 3, 1), expect.closeTo(2, 1), Number.NaN]);
    expect(parts).toBe(12);
  });

  test('is not known for a shape whose colour is the background’s', () => {
    const scene = world.scene().map((shape) => (shape.name === 'dot' ? { ...shape, color: '#000000' } : shape));
    expect(shapeLocator(scene, world.spec, 'dot')).toBeUndefined();
    expect(shapeLocator(scene, world.spec, 'cube')).toBeUndefined();
  });
});

describe('spare time', () => {
  const config = { sliceMs: 2, restMs: 0 };
  /** Work whose every part takes a millisecond, and notes its name. */
  function* work(name: string, parts: number, time: ManualClock, done: string[]): Generator<void, string> {
    for (let i = 0; i < parts; i++) {
      time.advance(1);
      done.push(name);
      yield;
    }
    return name;
  }

  test('is given in slices, turn by turn', async () => {
    const time = new ManualClock();
    const done: string[] = [];
    const spare = new SpareTime(time, config);
    const { signal } = new AbortController();
    const results = await Promise.all(['a', 'b'].map((name) => spare.run(work(name, 4, time, done), signal)));
    expect(results).toEqual(['a', 'b']);
    expect(done.join('')).toBe('aabbaabb');
  });

  test('is taken back when the work is given up or fails, and goes to the next', async () => {
    const time = new ManualClock();
    const done: string[] = [];
    const spare = new SpareTime(time, config);
    const given = AbortSignal.abort(new Error('nobody waits'));
    const { signal } = new AbortController();
    const broken = (function* (): Generator<void, never> {
      yield;
      throw new TypeError('broken');
    })();
    const all = [spare.run(work('a', 9, time, done), given), spare.run(broken, signal)];
    const last = spare.run(work('c', 3, time, done), signal);
    await expect(all[0]).rejects.toThrow('nobody waits');
    await expect(all[1]).rejects.toThrow('broken');
    expect(await last).toBe('c');
    expect(done.join('')).toBe('ccc');
  });
});

describe('the futures of the latest plan', () => {
  /** What was said, in order. */
  function latest() {
    const said: Outgoing[] = [];
    const defects: unknown[] = [];
    let wake = (): void => {};
    const tell = (item: Outgoing) => {
      said.push(item);
      wake();
    };
    const spareTime = new SpareTime(clock, { sliceMs: 1, restMs: 0 });
    const onDefect = (error: unknown) => defects.push(error);
    const futures = new LatestFutures(tell, () => 7, { spareTime, onDefect });
    const next = () =>
      new Promise<void>((resolve) => {
        wake = resolve;
      });
    return { futures, said, next, defects };
  }

  test('are true and imagined side by side, the plan’s own first, and cross the wire', async () => {
    const asked: number[][] = [];
    const plain = fakeAgent();
    const agent = fakeAgent('line', {
      render: async (latents, options) => {
        asked.push([latents.rows, options.steps, options.seed]);
        return plain.render(latents, options);
      },
    });
    const episode = new Episode(fakeWorld(), 1);
    episode.step([0.5]);
    const future = await imagineFuture({ agent, episode, settings, clock });
    const { futures, said, next } = latest();
    const made = next();
    futures.begin({ agent, episode, future, settings });
    episode.step([1]); // the session goes on
    await made;
    const [message] = said;
    if (message === undefined || !isFrames(message)) return expect.fail(JSON.stringify(message));
    const { kind, seq, envStep, streams } = decodeFrameMessage(encodeFrameMessage(message).buffer as ArrayBuffer);
    expect([kind, seq, envStep, futures.dropped]).toEqual(['futures', 7, 1, 0]);
    expect(streams.map(({ name, index, width, height }) => [name, index, width, height])).toEqual([
      ...[0, 1, 2].map((index) => ['futureTruth', index, 64, 64 * FAKE_HORIZON]),
      ...[0, 1, 2].map((index) => ['futureDream', index, 64, 64 * FAKE_HORIZON]),
      ['spread', 0, FAKE_HORIZON, 2],
    ]);
    const [truth, , , dream, ...varied] = streams.map(({ data }) =>
      Array.from({ length: FAKE_HORIZON }, (_, step) => data.slice(step * FRAME_BYTES, (step + 1) * FRAME_BYTES)),
    );
    expect(truth?.map((frame) => frame.indexOf(255) / 3)).toEqual([2, 3, 4, 5]);
    expect(dream).toEqual(future.frames);
    expect(varied[0]?.map((frame) => frame[1])).toEqual(Array(FAKE_HORIZON).fill(2));
    expect(varied[0]).not.toEqual(varied[1]);
    expect(streams.at(-1)?.data).toHaveLength(2 * FAKE_HORIZON);
    // The plan's own frames in one call, then one frame at a time, all from the noise of the episode.
    expect(asked.map(([rows]) => rows)).toEqual([FAKE_HORIZON, ...Array(2 * FAKE_HORIZON).fill(1)]);
    expect(new Set(asked.map(([, ...options]) => String(options))).size).toBe(1);
  });

  test('are given up when the next plan comes first, and counted', async () => {
    const episode = new Episode(fakeWorld(), 1);
    const agent = fakeAgent();
    const future = await imagineFuture({ agent, episode, settings, clock });
    const { futures, said, next } = latest();
    const made = next();
    for (let i = 0; i < 3; i++) futures.begin({ agent, episode, future, settings });
    await made;
    futures.giveUp(); // too late: they are there
    expect([said.length, futures.dropped]).toEqual([1, 2]);
  });

  test('are none unless the settings ask for some', async () => {
    const episode = new Episode(fakeWorld(), 1);
    const agent = fakeAgent('line', { imagine: () => expect.fail('nobody asked') });
    const future = await imagineFuture({ agent, episode, settings, clock });
    const { futures } = latest();
    futures.begin({ agent, episode, future, settings: { world: 'line', seed: 1, rendererSteps: 1 } });
    futures.giveUp();
    expect(futures.dropped).toBe(0);
  });

  test('fail alone, and say of whose fault it is', async () => {
    const episode = new Episode(fakeWorld({ breaksAt: 2 }), 1);
    const agent = fakeAgent();
    const future = await imagineFuture({ agent, episode, settings, clock });
    const { futures, said, next, defects } = latest();
    const failed = next();
    futures.begin({ agent, episode, future, settings });
    await failed;
    const message = expect.stringContaining("'line' broke down: the line is cut");
    expect(said).toEqual([{ type: 'error', code: 'futures', message }]);
    expect([defects, futures.dropped]).toEqual([[], 0]);
  });
});
