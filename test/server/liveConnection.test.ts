import { describe, expect, test } from 'vitest';
import { FAKE_HORIZON } from './fakeAgent.ts';
import { liveServerUnderTest, pause } from './liveServerUnderTest.ts';
import type { TestPage } from './testPage.ts';

const { startServer, open, watch } = liveServerUnderTest();

describe('a page that loses its connection', () => {
  test('takes up its session where it stood, and time stood still meanwhile', async () => {
    await startServer({ world: 'endless' });
    const before = open();
    const { resume, session } = await before.greet();
    await before.until(() => before.ticks().length > 3, 'ticks');
    before.socket.terminate();
    await pause(100);
    const after = open();
    expect((await after.greet(resume)).session).toBe(session);
    await after.message('phase');
    await after.until(() => after.ticks().length > 0, 'the latest tick');
    expect(after.messages.map(({ type }) => type).slice(0, 3)).toEqual(['welcome', 'episode', 'plan']);
    expect(after.frames.map(({ kind }) => kind).slice(0, 2)).toEqual(['plan', 'tick']);
    const stood = after.ticks()[0]?.envStep ?? 0;
    const left = before.ticks().at(-1)?.envStep ?? 0;
    expect(stood - left).toBeLessThan(5);
    await after.until(() => after.ticks().length > 3, 'ticks');
  });

  test('takes its session over from a connection that is still open', async () => {
    await startServer({ world: 'endless' });
    const before = open();
    const { resume, session } = await before.greet();
    const after = open();
    expect((await after.greet(resume)).session).toBe(session);
    expect(await before.closed()).toBe(4001);
    await after.until(() => after.ticks().length > 3, 'ticks');
  });

  test('begins anew when it comes back too late or with a token that nobody gave it', async () => {
    await startServer({ retentionMs: 10 });
    const before = open();
    const { resume, session } = await before.greet();
    before.socket.terminate();
    await pause(100);
    expect((await open().greet(resume)).session).not.toBe(session);
    expect((await open().greet('made-up')).session).not.toBe(session);
  });
});

describe('a page that does not keep up', () => {
  test('has few frames in flight, its session held, and goes on when it acknowledges', async () => {
    await startServer({ world: 'endless', viewer: { stallMs: 100, statsMs: 20 } });
    const idle = await watch({ acknowledges: false });
    await idle.message('stats', ({ inFlight }) => inFlight >= 3);
    await pause(200);
    const heard = idle.frames.length;
    const at = (await lastStats(idle)).envStep;
    await pause(200);
    expect(idle.frames).toHaveLength(heard);
    expect(heard).toBeLessThanOrEqual(3 + 100 / (10 * FAKE_HORIZON) + 2);
    expect((await lastStats(idle)).envStep).toBe(at);
    expect((await lastStats(idle)).dropped).toBeGreaterThan(0);
    idle.acknowledges = true;
    idle.acknowledge();
    await idle.until(() => idle.ticks().some(({ envStep }) => envStep > at + 5), 'later ticks');
  });

  async function lastStats(of: TestPage) {
    of.messages.length = 0;
    return of.message('stats');
  }

  test('is cut off when megabytes pile up', async () => {
    await startServer({ world: 'endless', viewer: { maxBufferedBytes: 1000 } });
    const flooded = open();
    expect(await flooded.greet().catch((error: Error) => error.message)).toBeDefined();
    expect(await flooded.closed()).toBe(1006);
  });

  test('and answers no pings is cut off', async () => {
    await startServer({ world: 'endless', pingMs: 20, maxViewers: 1 });
    const deaf = await watch();
    deaf.socket.pause();
    await pause(200);
    expect((await open().greet()).type).toBe('welcome');
  });
});
