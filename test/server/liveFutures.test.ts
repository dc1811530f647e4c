/** Several futures of a plan over real sockets: what a page is sent of them, and that nothing waits for them. */
import { describe, expect, test } from 'vitest';
import { FRAME_BYTES } from '../../shared/frame.ts';
import { FAKE_HORIZON } from './fakeAgent.ts';
import { goesOn, liveServerUnderTest } from './liveServerUnderTest.ts';

const { startServer, watch } = liveServerUnderTest();

describe('a page that asks for several futures', () => {
  test('is shown as many futures of each plan as it asks for, true beside imagined, and none any more when it asks for none', async () => {
    await startServer({ world: 'slow', viewer: { statsMs: 20 } });
    const watcher = await watch();
    const futures = () => watcher.frames.filter(({ kind }) => kind === 'futures');
    watcher.ask({ type: 'configure', settings: { futures: 3 } });
    await watcher.until(() => futures().length > 1, 'futures of two plans');
    const [{ envStep, streams } = expect.fail('no futures')] = futures();
    expect(envStep % FAKE_HORIZON).toBe(0);
    expect(streams.map(({ name }) => name)).toEqual([
      ...Array(3).fill('futureTruth'),
      ...Array(3).fill('futureDream'),
      'spread',
    ]);
    const own = streams[0]?.data ?? new Uint8Array();
    const dot = Array.from({ length: FAKE_HORIZON }, (_, t) => own.subarray(t * FRAME_BYTES).indexOf(255) / 3);
    expect(dot).toEqual(dot.map((_, t) => envStep + t + 1));
    expect((await watcher.message('stats')).droppedFutures).toBeGreaterThanOrEqual(0);
    const steps = watcher.ticks().map((message) => message.envStep);
    expect(steps).toEqual(steps.map((_, i) => i));

    watcher.ask({ type: 'configure', settings: { futures: 0 } });
    await watcher.message('heard', ({ request }) => request === 2);
    watcher.forget();
    const plans = () => watcher.messages.filter(({ type }) => type === 'plan');
    await watcher.until(() => plans().length > 1, 'plans');
    expect(futures()).toEqual([]);
  });

  test('sees step after step and plan after plan while futures never come, and is told how many did not', async () => {
    await startServer({ world: 'musing', viewer: { statsMs: 20 } });
    const watcher = await watch();
    watcher.ask({ type: 'configure', settings: { futures: 4 } });
    await watcher.message('stats', ({ droppedFutures = 0 }) => droppedFutures > 2);
    const ticks = watcher.ticks().map(({ envStep }) => envStep);
    expect(ticks).toEqual(ticks.map((_, i) => i));
    expect(watcher.messages.filter(({ type }) => type === 'plan').length).toBeGreaterThan(3);
    expect(watcher.frames.filter(({ kind }) => kind === 'futures')).toEqual([]);
    await goesOn(watcher);
  });

  test('cannot ask for more futures than there may be, or for none of a kind', async () => {
    await startServer({ world: 'endless' });
    const watcher = await watch();
    for (const futures of [9, 1.5]) watcher.ask({ type: 'configure', settings: { futures } });
    await watcher.until(() => watcher.messages.filter(({ type }) => type === 'error').length === 2, 'two refusals');
    expect(watcher.messages.find(({ type }) => type === 'error')).toMatchObject({ code: 'bad-message' });
    await goesOn(watcher);
  });
});
