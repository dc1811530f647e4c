import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { AgentPool } from '../../server/agent/agentPool.ts';
import { defaultLiveServerConfig, type LiveServer, startLiveServer } from '../../server/live/liveServer.ts';
import type { PageFiles } from '../../server/live/pageFiles.ts';
import type { ViewerConfig } from '../../server/live/viewerConnection.ts';
import { ServerError, WeightsError } from '../../shared/errors.ts';
import { FAKE_HORIZON, FAKE_LESSONS, fakeAgent } from './fakeAgent.ts';
import { fakeWorld } from './fakeWorld.ts';
import { TestPage, type TestPageOptions } from './testPage.ts';

const token = 'a-secret';
const page: PageFiles = new Map([
  [
    '/index.html',
    { type: 'text/html; charset=utf-8', body: Buffer.from('<html><head></head></html>'), immutable: false },
  ],
  ['/assets/page.js', { type: 'text/javascript; charset=utf-8', body: Buffer.from('export {}'), immutable: true }],
]);
const worlds = new Map(
  [
    fakeWorld(),
    fakeWorld({ id: 'lost', goal: 99, budget: 5 }),
    fakeWorld({ id: 'endless', goal: 9999, budget: 9999 }),
    fakeWorld({ id: 'broken', breaksAt: 2 }),
    fakeWorld({ id: 'untrained' }),
    fakeWorld({ id: 'mortal' }),
  ].map((world) => [world.spec.id, world]),
);

let server: LiveServer;
let pages: TestPage[] = [];
let disposed: string[] = [];
const defects: unknown[] = [];

interface TestServerOptions {
  readonly world?: string;
  readonly viewer?: Partial<ViewerConfig>;
  readonly maxViewers?: number;
  readonly retentionMs?: number;
  readonly pingMs?: number;
}

async function startServer({ world = 'line', viewer, ...config }: TestServerOptions = {}): Promise<void> {
  const agents = new AgentPool(async (id) => {
    if (id === 'untrained') throw new WeightsError('there is no agent; train one');
    const dispose = async () => void disposed.push(id);
    if (id !== 'mortal') return fakeAgent(id, { dispose });
    return fakeAgent(id, { dispose, plan: () => Promise.reject(new ServerError('the thread has ended')) });
  });
  server = await startLiveServer(
    {
      worlds,
      agents,
      page,
      settings: { world, seed: 3, rendererSteps: 1 },
      clock: { now: () => performance.now() },
      onDefect: (error) => defects.push(error),
    },
    {
      ...defaultLiveServerConfig,
      ...config,
      viewer: { ...defaultLiveServerConfig.viewer, ...viewer },
      host: '127.0.0.1',
      port: 0,
      token,
    },
  );
}

function open(options: Partial<TestPageOptions> = {}): TestPage {
  const opened = new TestPage({ port: server.port, token, ...options });
  pages.push(opened);
  return opened;
}

async function watch(options: Partial<TestPageOptions> = {}): Promise<TestPage> {
  const opened = open(options);
  await opened.greet();
  return opened;
}

/** Sees that a page is still told of what happens. */
async function goesOn(bystander: TestPage): Promise<void> {
  const seen = bystander.ticks().length;
  await bystander.until(() => bystander.ticks().length > seen + 2, 'ticks');
}

/** The connection under a page's socket, to write what no client would. */
function rawSocket({ socket }: TestPage): Socket {
  return (socket as unknown as { readonly _socket: Socket })._socket;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

afterEach(async () => {
  for (const opened of pages) opened.socket.terminate();
  pages = [];
  await server.close();
  disposed = [];
  expect(defects).toEqual([]);
});

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
    await idle.message('stats', ({ inFlight }) => inFlight === 3);
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
    expect(
      await open()
        .greet()
        .catch((error: Error) => error.message),
    ).toBeDefined();
    expect(await (pages[0] as TestPage).closed()).toBe(1006);
  });

  test('and answers no pings is cut off', async () => {
    await startServer({ world: 'endless', pingMs: 20, maxViewers: 1 });
    const deaf = await watch();
    deaf.socket.pause();
    await pause(200);
    expect((await open().greet()).type).toBe('welcome');
  });
});

describe('what is refused', () => {
  test.each<{ what: string; options: Partial<TestPageOptions>; status: number }>([
    { what: 'a wrong token', options: { token: 'wrong' }, status: 401 },
    { what: 'a foreign origin', options: { headers: { origin: 'http://evil.example' } }, status: 403 },
    { what: 'a foreign host', options: { headers: { host: 'evil.example' } }, status: 403 },
  ])('$what opens no socket', async ({ options, status }) => {
    await startServer();
    expect(await open(options).refusal()).toBe(status);
  });

  test('one page more than fit', async () => {
    await startServer({ maxViewers: 1 });
    const watcher = await watch();
    expect(await open().refusal()).toBe(503);
    watcher.socket.terminate();
  });

  test.each([
    { what: 'text that is no JSON', data: '{', times: 3 },
    { what: 'another message than the protocol has', data: '{"type":"shutdown"}', times: 3 },
    { what: 'binary data', data: new Uint8Array(64), times: 3 },
    { what: 'a message that is cut short', data: '{"type":"transport","request":1,"comm', times: 3 },
    { what: 'a message with numbers out of range', data: '{"type":"ack","seq":1e999}', times: 3 },
    { what: 'a second hello', data: '{"type":"hello","version":1}', times: 3 },
  ])('$what is answered, and in the end cut off, and others are unharmed', async ({ data, times }) => {
    await startServer({ world: 'endless' });
    const [bystander, hostile] = [await watch(), await watch()];
    hostile.sendRaw(data);
    expect((await hostile.message('error')).code).toBe('bad-message');
    expect(hostile.closeCode).toBeUndefined();
    for (let i = 1; i < times; i++) hostile.sendRaw(data);
    expect(await hostile.closed()).toBe(1008);
    await goesOn(bystander);
  });

  test('an oversized message', async () => {
    await startServer();
    const hostile = await watch();
    hostile.sendRaw('x'.repeat(65 * 1024));
    expect(await hostile.closed()).toBe(1009);
  });

  test('a frame that is broken off, or of no kind that there is', async () => {
    await startServer({ world: 'endless' });
    const bystander = await watch();
    for (const bytes of [
      [0x83, 0x80, 0, 0, 0, 0],
      [0x81, 0x05, 1, 2, 3, 4, 5],
      [0xc1, 0x80, 0, 0, 0, 0],
    ]) {
      const hostile = await watch();
      rawSocket(hostile).write(Uint8Array.from(bytes));
      expect(await hostile.closed()).toBe(1002);
    }
    const broken = await watch();
    rawSocket(broken).end(Uint8Array.from([0x81, 0xfe, 0x10, 0x00, 1, 2, 3, 4, 5]));
    await broken.closed();
    await goesOn(bystander);
  });

  test('hundreds of connections that say nothing, or half of something, harm nobody', async () => {
    await startServer({ world: 'endless' });
    const bystander = await watch();
    const half = Array.from({ length: 500 }, (_, i) => {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => {});
      if (i % 2 === 0) socket.write('GET /socket?token=a-secret HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: webso');
      return socket;
    });
    await Promise.all(half.map((socket) => once(socket, 'connect')));
    await goesOn(bystander);
    expect((await open().greet()).type).toBe('welcome');
    for (const socket of half) socket.destroy();
  });

  test('ten thousand messages at once', async () => {
    await startServer({ world: 'endless' });
    const [bystander, hostile] = [await watch(), await watch({ acknowledges: false })];
    for (let i = 0; i < 10_000; i++) hostile.send({ type: 'ack', seq: 0 });
    // Refused; or, where the goodbye is overtaken by what still comes in, cut.
    expect([1008, 1006]).toContain(await hostile.closed());
    await goesOn(bystander);
  });

  test('a flood', async () => {
    await startServer({ viewer: { rate: { perSecond: 1, burst: 20 } } });
    const hostile = await watch({ acknowledges: false });
    for (let i = 0; i < 50; i++) hostile.send({ type: 'ack', seq: 0 });
    expect((await hostile.message('error')).code).toBe('flood');
    expect(await hostile.closed()).toBe(1008);
  });

  test('a page of another version, or that does not say hello', async () => {
    await startServer({ viewer: { helloMs: 50 } });
    const old = open();
    old.socket.once('open', () => old.send({ type: 'hello', version: 99 }));
    expect((await old.message('error')).message).toContain('version 99');
    expect(await old.closed()).toBe(1008);
    const rude = open();
    rude.socket.once('open', () => rude.ask({ type: 'transport', command: 'play' }));
    expect((await rude.message('error')).code).toBe('no-hello');
    const silent = open();
    expect(await silent.closed()).toBe(1008);
  });
});

describe('the page', () => {
  test('carries the token and keeps to itself', async () => {
    await startServer();
    const { status, headers, body } = await get('/');
    expect(status).toBe(200);
    expect(body).toContain(`<meta name="reverie-token" content="${token}"`);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  test.each([
    { path: '/assets/page.js', status: 200 },
    { path: '/assets/page.js?v=1', status: 200 },
    { path: '/../package.json', status: 404 },
    { path: '/%2e%2e/package.json', status: 404 },
    { path: '/assets/..%2f..%2fpackage.json', status: 404 },
    { path: '//evil.example/', status: 404 },
    { path: '/%ff%00', status: 404 },
    { path: '/socket', status: 404 },
  ])('answers $path with $status', async ({ path, status }) => {
    await startServer();
    expect((await get(path)).status).toBe(status);
  });

  test('is given to nobody under a foreign name, and to no other method', async () => {
    await startServer();
    const refused = await get('/', { headers: { host: 'evil.example' } });
    expect(refused.status).toBe(403);
    expect(refused.body).not.toContain(token);
    expect((await get('/', { method: 'POST' })).status).toBe(405);
    expect((await get('/', { method: 'HEAD' })).body).toBe('');
  });
});

test('a port that is in use is named', async () => {
  await startServer();
  const again = startLiveServer(
    {
      worlds,
      agents: new AgentPool(async () => fakeAgent()),
      page,
      settings: { world: 'line', seed: 0, rendererSteps: 1 },
      clock: { now: () => 0 },
      onDefect: () => {},
    },
    { ...defaultLiveServerConfig, host: '127.0.0.1', port: server.port, token },
  );
  await expect(again).rejects.toThrow(`port ${server.port} is in use`);
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Sends the path as it is, which `fetch` would tidy up. */
function get(path: string, options: { headers?: Record<string, string>; method?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, path, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    sent.on('error', reject);
    sent.end();
  });
}
