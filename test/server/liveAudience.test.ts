/** Several viewers of one session over real sockets: what all of them see, and who has the controls. */
import { describe, expect, test } from 'vitest';
import type { Settings } from '../../shared/protocol/control.ts';
import { FAKE_HORIZON } from './fakeAgent.ts';
import { goesOn, liveServerUnderTest, pause } from './liveServerUnderTest.ts';
import type { TestPage, TestPageOptions } from './testPage.ts';

const { startServer, open, disposed } = liveServerUnderTest();

describe('several viewers of one session', () => {
  /** Joins the session that another page watches. */
  async function join(session: string, options: Partial<TestPageOptions> = {}): Promise<TestPage> {
    const opened = open(options);
    await opened.greet(undefined, session);
    return opened;
  }
  const told = (page: TestPage, viewers: number, driver?: number) =>
    page.until(() => {
      const latest = page.messages.findLast((message) => message.type === 'audience');
      return latest?.viewers === viewers && latest.hands?.viewer === driver;
    }, `an audience of ${viewers}`);

  test('see the same episode, plan and ticks, to the byte, and how many they are', async () => {
    await startServer({ world: 'endless' });
    const first = open();
    const { session, viewer } = await first.greet();
    await first.until(() => first.ticks().length > 3, 'ticks');
    const second = open();
    const welcome = await second.greet(undefined, session);
    expect([welcome.session, viewer, welcome.viewer]).toEqual([session, 1, 2]);
    expect(await second.message('episode')).toEqual(await first.message('episode'));
    await Promise.all([told(first, 2), told(second, 2)]);
    await second.until(() => second.ticks().length > 10, 'ticks');
    const last = second.frames.at(-1)?.seq ?? 0;
    await first.until(() => (first.frames.at(-1)?.seq ?? 0) >= last, 'the same ticks');
    const shared = second.frames.filter(({ seq }) => first.frames.some((frame) => frame.seq === seq));
    expect(shared.length).toBeGreaterThan(5);
    for (const frame of shared) expect(first.frames.find(({ seq }) => seq === frame.seq)).toEqual(frame);
    expect(second.messages.filter(({ type }) => type === 'error')).toEqual([]);
  });

  test('may all control it, and are told of what another chose, while a refusal is the asker’s alone', async () => {
    await startServer({ world: 'endless' });
    const first = open();
    const second = await join((await first.greet()).session);
    await first.until(() => first.ticks().length > 2, 'ticks');
    second.ask({ type: 'configure', settings: { rendererSteps: 4 } });
    second.ask({ type: 'transport', command: 'pause' });
    second.ask({ type: 'configure', settings: { world: 'nowhere' } });
    expect((await first.message('settings')).settings.rendererSteps).toBe(4);
    await first.message('phase', ({ phase }) => phase === 'paused');
    await second.message('error', ({ code }) => code === 'unknown-world');
    await second.message('heard', ({ request }) => request === 3);
    first.ask({ type: 'transport', command: 'play' });
    expect((await first.message('heard')).request).toBe(1);
    expect(first.messages.filter(({ type }) => type === 'error')).toEqual([]);
  });

  test('are not slowed by one that stalls, which is told how it stands when it looks again', async () => {
    await startServer({ world: 'endless', viewer: { stallMs: 50, statsMs: 20 } });
    const quick = open();
    const idle = await join((await quick.greet()).session, { acknowledges: false });
    await idle.message('stats', ({ inFlight }) => inFlight >= 3); // a plan goes out even where there is no room
    await pause(100);
    const heard = idle.frames.length;
    const seen = quick.ticks().length;
    await quick.until(() => quick.ticks().length > seen + 40, 'ticks beside one that stalls');
    expect(idle.frames).toHaveLength(heard);
    idle.messages.length = 0;
    const lost = await idle.message('stats', ({ dropped }) => dropped > 20);
    expect(lost.envStep).toBeGreaterThan(20);
    quick.messages.length = 0;
    expect((await quick.message('stats')).dropped).toBeLessThan(lost.dropped);
    idle.acknowledges = true;
    idle.acknowledge();
    const at = quick.ticks().at(-1)?.envStep ?? 0;
    await idle.until(() => idle.ticks().some(({ envStep }) => envStep > at), 'later ticks');
    const films = idle.frames.filter(({ kind }) => kind === 'plan').map(({ envStep }) => envStep);
    expect(films.some((envStep) => envStep + FAKE_HORIZON >= at)).toBe(true);
  });

  test('go on when one leaves, and its place waits for it', async () => {
    await startServer({ world: 'endless' });
    const first = open();
    const { session, resume } = await first.greet();
    const second = await join(session);
    first.socket.terminate();
    await told(second, 1);
    await goesOn(second);
    const back = open();
    expect(await back.greet(resume)).toMatchObject({ session, viewer: 1 });
    await told(second, 2);
    expect(second.closeCode).toBeUndefined();
    await Promise.all([goesOn(back), goesOn(second)]);
  });

  test('have the controls one at a time: the others see who, and get them when they are given back or left', async () => {
    await startServer({ world: 'endless' });
    const first = open();
    const second = await join((await first.greet()).session);
    await first.until(() => first.ticks().length > 2, 'ticks');
    first.ask({ type: 'drive', direction: { x: -1, y: 0 }, world: 'truth' });
    await told(second, 2, 1);
    second.ask({ type: 'drive', direction: { x: 1, y: 0 }, world: 'dream' });
    expect((await second.message('error')).code).toBe('hands-taken');
    second.ask({ type: 'drive', direction: null, world: 'truth' });
    await second.message('heard', ({ request }) => request === 2);
    first.forget();
    await first.until(() => first.ticks().length > 3, 'driven ticks');
    const places = first.ticks().map(({ streams }) => streams.find(({ name }) => name === 'poses')?.data[3] ?? 0);
    expect(places).toEqual(places.map((_, i) => (places[0] ?? 0) - i));
    first.ask({ type: 'drive', direction: null, world: 'truth' });
    await told(second, 2);
    second.ask({ type: 'drive', direction: { x: 1, y: 0 }, world: 'truth' });
    await told(first, 2, 2);
    second.socket.terminate();
    await told(first, 1);
    first.forget();
    await first.until(
      () => first.ticks().some(({ streams }) => streams.some(({ name }) => name === 'dream')),
      'a dream',
    );
  });

  const owned = (page: TestPage, owner: number | undefined) =>
    page.until(
      () => page.messages.findLast((message) => message.type === 'audience')?.auto === owner,
      `the budget of ${owner}`,
    );
  const auto = (page: TestPage, chosen: boolean, on = true) => page.ask({ type: 'auto', on, chosen });
  const heard = async (page: TestPage, request: number) =>
    (await page.message('heard', (message) => message.request === request)).settings.rendererSteps;

  test('in auto mode have one whose budget counts: the last to choose it, and none who merely came with it', async () => {
    await startServer({ world: 'endless' });
    const first = open();
    const second = await join((await first.greet()).session);
    auto(first, false);
    await owned(second, 1);
    auto(second, false);
    const byAuto = (page: TestPage, settings: Partial<Settings>) =>
      page.ask({ type: 'configure', settings, auto: true });
    byAuto(second, { rendererSteps: 8, futures: 2 });
    // The steps that its own auto mode chose are left out, and nothing else.
    expect(await heard(second, 2)).toBe(1);
    await first.message('settings', ({ settings }) => settings.futures === 2);
    byAuto(first, { rendererSteps: 2 });
    expect(await heard(first, 2)).toBe(2);
    auto(second, true);
    await owned(first, 2);
    byAuto(second, { rendererSteps: 4 });
    expect(await heard(second, 4)).toBe(4);
    byAuto(first, { rendererSteps: 1 });
    expect(await heard(first, 3)).toBe(4);
  });

  test('give the choice on when they leave auto mode, leave altogether, or look away while others do not', async () => {
    await startServer({ world: 'endless', viewer: { stallMs: 50 } });
    const first = open();
    const { session } = await first.greet();
    const [second, third] = [await join(session), await join(session)];
    for (const page of [first, second, third]) auto(page, true);
    await owned(first, 3);
    auto(third, true, false);
    await owned(first, 2);
    second.acknowledges = false;
    await owned(first, 1);
    second.acknowledges = true;
    second.acknowledge();
    await owned(first, 2);
    second.socket.terminate();
    await owned(third, 1);
    first.socket.terminate();
    await owned(third, undefined);
  });

  test('all leave auto mode when one of them, or another, chooses renderer steps by hand', async () => {
    await startServer({ world: 'endless' });
    const first = open();
    const second = await join((await first.greet()).session);
    auto(first, true);
    await owned(second, 1);
    second.ask({ type: 'configure', settings: { rendererSteps: 8 } });
    await owned(first, undefined);
    expect(await heard(second, 1)).toBe(8);
    // Its auto mode chose before it heard of that: too late.
    first.ask({ type: 'configure', settings: { rendererSteps: 2 }, auto: true });
    expect(await heard(first, 2)).toBe(8);
    first.ask({ type: 'configure', settings: { seed: 9 } });
    auto(second, true);
    await owned(first, 2);
    second.ask({ type: 'configure', settings: { seed: 10 } });
    await heard(second, 3);
    await owned(first, 2);
  });

  test('lose the controls when they stall while others watch', async () => {
    await startServer({ world: 'endless', viewer: { stallMs: 50 } });
    const first = open();
    const second = await join((await first.greet()).session);
    first.ask({ type: 'drive', direction: { x: 1, y: 0 }, world: 'truth' });
    await told(second, 2, 1);
    first.acknowledges = false;
    await told(second, 2);
    await goesOn(second);
  });

  test.each(['made-up', '../../etc/passwd', '__proto__', ''])(
    'find no session %j and are given one of their own',
    async (id) => {
      await startServer({ world: 'endless' });
      const first = open();
      const { session } = await first.greet();
      const lost = open();
      expect((await lost.greet(undefined, id)).session).not.toBe(session);
      expect((await lost.message('error')).code).toBe('unknown-session');
      await Promise.all([goesOn(lost), goesOn(first)]);
    },
  );

  test('find a session gone when its last place was given away', async () => {
    await startServer({ world: 'endless', retentionMs: 10 });
    const first = open();
    const { session } = await first.greet();
    const second = await join(session);
    first.socket.terminate();
    await told(second, 1);
    await pause(50);
    const third = await join(session);
    expect((await third.message('welcome')).session).toBe(session);
    for (const each of [first, second, third]) each.socket.terminate();
    await expect.poll(() => disposed).toEqual(['endless']);
    const late = await join(session);
    expect((await late.message('error')).code).toBe('unknown-session');
  });
});
