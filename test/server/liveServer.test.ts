import { describe, expect, test } from 'vitest';
import { FAKE_HORIZON, FAKE_LESSONS } from './fakeAgent.ts';
import { goesOn, liveServerUnderTest, pause, worlds } from './liveServerUnderTest.ts';
import type { TestPage } from './testPage.ts';

const { startServer, open, watch, disposed } = liveServerUnderTest();

describe('a page that watches', () => {
  test('is told of worlds and settings, then of an episode, a plan and its film, then tick by tick of truth and dream', async () => {
    await startServer();
    const watcher = open();
    const welcome = await watcher.greet();
    expect(welcome.worlds.map(({ id }) => id)).toEqual([...worlds.keys()]);
    expect(welcome.settings).toEqual({ world: 'line', seed: 3, rendererSteps: 1 });
    const episode = await watcher.message('episode');
    expect(episode.scene.map(({ name }) => name)).toEqual(['wall', 'dot']);
    expect(episode.goal.at(-1)?.pose.x).toBe(6);
    const plan = await watcher.message('plan');
    expect(plan).toMatchObject({ envStep: 0, horizon: FAKE_HORIZON, rendererSteps: 1 });

    const outcome = await watcher.message('outcome');
    expect(outcome).toEqual({ type: 'outcome', success: true, steps: 6 });
    const ticks = watcher.ticks();
    expect(ticks.map(({ envStep }) => envStep)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const dot = ticks.map(({ streams }) => streams.find(({ name }) => name === 'poses')?.data[3]);
    expect(dot).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const dreams = ticks.map(({ streams }) => streams.find(({ name }) => name === 'dream')?.data[0]);
    expect(dreams).toEqual([undefined, 0, 1, 2, 3, 0, 1]);
    const films = watcher.frames.filter(({ kind }) => kind === 'plan');
    expect(films.map(({ envStep }) => envStep)).toEqual([0, FAKE_HORIZON]);
  });

  test('that asks what the latents say is told of the lessons, also when it comes back, then with each plan', async () => {
    await startServer({ world: 'endless' });
    const before = open();
    const { resume } = await before.greet();
    await before.message('plan');
    before.ask({ type: 'configure', settings: { reading: true } });
    await before.message('lesson', (lesson) => lesson.quantities !== undefined);
    before.socket.terminate();
    const watcher = open();
    expect((await watcher.greet(resume)).settings.reading).toBe(true);
    const { quantities } = await watcher.message('lesson', (lesson) => lesson.quantities !== undefined);
    expect(quantities?.map(({ name }) => name)).toEqual(['x']);
    const { reading, envStep } = await watcher.message('plan', (plan) => plan.reading !== undefined);
    expect(reading?.truth).toEqual([envStep]);
    watcher.forget();
    watcher.ask({ type: 'configure', settings: { world: 'line' } });
    await watcher.message('lesson', ({ done }) => done === FAKE_LESSONS);
    const told = watcher.messages.filter(({ type }) => type === 'episode' || type === 'lesson');
    expect(told.map(({ type }) => type)).toEqual(['episode', ...Array(FAKE_LESSONS).fill('lesson')]);
  });

  test('sees one task after another', async () => {
    await startServer({ world: 'lost' });
    const watcher = await watch();
    expect(await watcher.message('outcome')).toEqual({ type: 'outcome', success: false, steps: 5 });
    const next = await watcher.message('episode', ({ settings }) => settings.seed === 4);
    expect(next.settings.world).toBe('lost');
  });

  test('is told about the health of the stream', async () => {
    await startServer({ world: 'endless', viewer: { statsMs: 20 } });
    const watcher = await watch();
    const stats = await watcher.message('stats', ({ envStep }) => envStep > 1);
    expect(stats.phase).toBe('running');
    expect(stats.dropped).toBe(0);
  });

  test('is told how the session stands after each request, whether it was obeyed or not', async () => {
    await startServer({ world: 'endless' });
    const watcher = await watch();
    const settings = { world: 'endless', seed: 3, rendererSteps: 1 } as const;
    watcher.ask({ type: 'transport', command: 'pause' });
    watcher.ask({ type: 'configure', settings: { rendererSteps: 4 } });
    watcher.ask({ type: 'configure', settings: { world: 'nowhere' } });
    await watcher.message('heard', ({ request }) => request === 3);
    const changed = { ...settings, rendererSteps: 4 };
    expect(watcher.messages.filter(({ type }) => type === 'heard')).toEqual([
      { type: 'heard', request: 1, settings, playing: false },
      { type: 'heard', request: 2, settings: changed, playing: false },
      { type: 'heard', request: 3, settings: changed, playing: false },
    ]);
  });

  test('takes the controls, drives backwards without a dream, and gives them back with its leave', async () => {
    await startServer({ world: 'endless' });
    const watcher = await watch();
    const { resume } = await watcher.message('welcome');
    const at = (page: TestPage) =>
      page.ticks().map(({ streams }) => streams.find(({ name }) => name === 'poses')?.data[3] ?? Number.NaN);
    await watcher.until(() => watcher.ticks().length > 3, 'ticks');
    watcher.ask({ type: 'drive', direction: { x: -1, y: 0 }, world: 'truth' });
    await watcher.message('heard');
    watcher.forget();
    await watcher.until(() => watcher.ticks().length > 3, 'driven ticks');
    const places = at(watcher).slice(1);
    expect(places).toEqual(places.map((_, i) => (places[0] ?? Number.NaN) - i));
    expect(watcher.ticks().flatMap(({ streams }) => streams.map(({ name }) => name))).not.toContain('dream');
    watcher.socket.terminate();
    const back = open();
    await back.greet(resume);
    await back.until(() => back.ticks().some(({ streams }) => streams.some(({ name }) => name === 'dream')), 'a dream');
  });

  test('drives a dream by the learned dynamics from where the truth stands, and gives it back', async () => {
    await startServer({ world: 'endless' });
    const watcher = await watch();
    await watcher.until(() => watcher.ticks().length > 3, 'ticks');
    watcher.ask({ type: 'drive', direction: { x: 1, y: 0 }, world: 'dream' });
    await watcher.message('heard');
    watcher.forget();
    await watcher.until(() => watcher.ticks().length > 4, 'dreamt ticks');
    const dreamt = watcher.ticks().slice(1, 5);
    expect(new Set(dreamt.map(({ envStep }) => envStep)).size).toBe(1);
    expect(dreamt.flatMap(({ streams }) => streams.map(({ name }) => name))).toEqual(Array(4).fill('dream'));
    const places = dreamt.map(({ streams }) => streams[0]?.data[0] ?? Number.NaN);
    expect(places).toEqual(places.map((_, i) => (places[0] ?? Number.NaN) + 10 * i));
    watcher.ask({ type: 'drive', direction: null, world: 'dream' });
    await watcher.until(() => watcher.ticks().some(({ streams }) => streams.length === 3), 'truth beside a dream');
  });

  test('carries the goal elsewhere and is given a task from there, or told why not', async () => {
    await startServer({ world: 'endless' });
    const watcher = await watch();
    const { serial, grips } = await watcher.message('episode');
    expect(grips).toEqual([{ shapes: [1], x: true, y: false, turns: false, asked: true }]);
    await watcher.until(() => watcher.ticks().length > 3, 'ticks');
    watcher.ask({ type: 'arrange', what: 'goal', shape: 1, pose: { x: 50, y: 9, angle: 1 } });
    const { goal, scene } = await watcher.message('episode', (episode) => episode.serial > serial);
    expect(goal.at(-1)?.pose).toEqual({ x: 50, y: 0, angle: 0 });
    expect(scene.at(-1)?.pose.x).toBeGreaterThan(1);
    watcher.ask({ type: 'arrange', what: 'goal', shape: 0, pose: { x: 0, y: 0, angle: 0 } });
    expect((await watcher.message('error')).code).toBe('impossible-goal');
    const { serial: second } = await watcher.message('episode', (episode) => episode.serial > serial);
    watcher.ask({ type: 'arrange', what: 'body', shape: 1, pose: { x: 40, y: 0, angle: 0 } });
    const moved = await watcher.message('episode', (episode) => episode.serial > second);
    expect([moved.scene.at(-1)?.pose.x, moved.goal.at(-1)?.pose.x]).toEqual([40, 50]);
    watcher.ask({ type: 'arrange', what: 'body', shape: 1, pose: { x: 90, y: 0, angle: 0 } });
    await watcher.message('error', ({ code }) => code === 'impossible-body');
    await goesOn(watcher);
  });

  test('pauses, steps, plays and goes on to the next task', async () => {
    await startServer({ world: 'endless' });
    const watcher = await watch();
    await watcher.until(() => watcher.ticks().length > 2, 'ticks');
    watcher.ask({ type: 'transport', command: 'pause' });
    await watcher.message('phase', ({ phase }) => phase === 'paused');
    await pause(50);
    watcher.forget();
    await pause(50);
    expect(watcher.frames).toEqual([]);
    watcher.ask({ type: 'transport', command: 'step' });
    await watcher.until(() => watcher.ticks().length > 0, 'the step');
    await pause(50);
    expect(watcher.ticks()).toHaveLength(1);
    watcher.ask({ type: 'transport', command: 'play' });
    await watcher.until(() => watcher.ticks().length > 3, 'ticks again');
    watcher.ask({ type: 'transport', command: 'next' });
    expect((await watcher.message('episode')).settings.seed).toBe(4);
  });

  test('chooses world, seed and renderer steps', async () => {
    await startServer();
    const watcher = await watch();
    watcher.ask({ type: 'configure', settings: { world: 'endless', seed: 11, rendererSteps: 8 } });
    const episode = await watcher.message('episode', ({ settings }) => settings.world === 'endless');
    expect(episode.settings).toEqual({ world: 'endless', seed: 11, rendererSteps: 8 });
    const plan = await watcher.message('plan', ({ rendererSteps }) => rendererSteps === 8);
    expect(plan.costs).toHaveLength(2);
    expect(disposed).toEqual(['line']);
  });

  test('is offered the step counts that the agent has, and told what it goes on with where it asks for others', async () => {
    await startServer({ world: 'patient' });
    const watcher = await watch();
    expect((await watcher.message('episode')).stepCounts).toEqual([1, 2, 4, 8, 16]);
    watcher.ask({ type: 'configure', settings: { rendererSteps: 16 } });
    await watcher.message('plan', ({ rendererSteps }) => rendererSteps === 16);
    watcher.forget();
    watcher.ask({ type: 'configure', settings: { world: 'endless' } });
    const episode = await watcher.message('episode');
    expect([episode.stepCounts, episode.settings.rendererSteps]).toEqual([[1, 2, 4, 8], 8]);
    const { code, message } = await watcher.message('error');
    expect([code, message]).toEqual([
      'lacked-steps',
      expect.stringMatching(/endless has no 16 steps, only 1, 2, 4, 8;.* 8/),
    ]);
    expect((await watcher.message('settings', ({ settings }) => settings.rendererSteps === 8)).settings.seed).toBe(3);
    expect((await watcher.message('plan')).rendererSteps).toBe(8);
    watcher.forget();
    watcher.ask({ type: 'configure', settings: { rendererSteps: 16 } });
    expect((await watcher.message('heard')).settings.rendererSteps).toBe(8);
    expect((await watcher.message('error')).code).toBe('lacked-steps');
  });

  test('has a session of its own, whose agent goes with the last that watches its world', async () => {
    await startServer({ world: 'endless', retentionMs: 0 });
    const [first, second] = [await watch(), await watch()];
    first.ask({ type: 'transport', command: 'pause' });
    await first.message('phase', ({ phase }) => phase === 'paused');
    const seen = second.ticks().length;
    await second.until(() => second.ticks().length > seen + 2, 'ticks of the other');
    first.socket.close();
    await pause(50);
    expect(disposed).toEqual([]);
    second.socket.close();
    await expect.poll(() => disposed).toEqual(['endless']);
  });
});

describe('a session that fails', () => {
  test.each([
    { world: 'untrained', code: 'no-weights', message: 'there is no agent; train one' },
    { world: 'broken', code: 'world', message: /'broken' broke down: the line is cut/ },
    { world: 'mortal', code: 'agent', message: 'the thread has ended' },
  ])('in $world says why, and leaves the other worlds choosable', async ({ world, code, message }) => {
    await startServer({ world });
    const watcher = await watch();
    const error = await watcher.message('error');
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    await watcher.message('phase', ({ phase }) => phase === 'failed');
    watcher.ask({ type: 'configure', settings: { world: 'line' } });
    await watcher.message('outcome', ({ success }) => success);
  });

  test('because of an unknown world goes on as it was', async () => {
    await startServer({ world: 'endless' });
    const watcher = await watch();
    watcher.ask({ type: 'configure', settings: { world: '../../etc/passwd' } });
    expect((await watcher.message('error')).code).toBe('unknown-world');
    const seen = watcher.ticks().length;
    await watcher.until(() => watcher.ticks().length > seen + 2, 'ticks');
    expect(watcher.messages.filter(({ type }) => type === 'episode')).toHaveLength(1);
  });
});
