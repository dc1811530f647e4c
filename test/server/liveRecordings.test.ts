/**
 * Recordings of a live server over real sockets and real HTTP: recorded by a switch, listed, given out, taken in and
 * replayed; and everything hostile that can be sent instead.
 */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AgentPool } from '../../server/agent/agentPool.ts';
import { defaultLiveServerConfig, type LiveServer, startLiveServer } from '../../server/live/liveServer.ts';
import { LiveRecordings } from '../../server/recording/liveRecordings.ts';
import type { Recording } from '../../server/recording/recording.ts';
import { decodeRecording, encodeRecording } from '../../server/recording/recordingCodec.ts';
import { MAX_UPLOAD_BYTES, RecordingShelf } from '../../server/recording/recordingShelf.ts';
import { recordingKeptSchema, recordingListSchema } from '../../shared/protocol/recordings.ts';
import { fakeAgent } from './fakeAgent.ts';
import { fakeWorld } from './fakeWorld.ts';
import { page, token } from './liveServerUnderTest.ts';
import { TestPage } from './testPage.ts';

const worlds = new Map([fakeWorld(), fakeWorld({ id: 'slow', goal: 9999, budget: 9999 })].map((w) => [w.spec.id, w]));

let directory: string;
let server: LiveServer;
let recordings: LiveRecordings;
const pages: TestPage[] = [];
const defects: unknown[] = [];

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'recordings-')), 'kept');
  const clock = { now: () => performance.now() };
  const onFailure = (error: unknown) => defects.push(error);
  recordings = await LiveRecordings.open({ directory, clock, sources: new Map(), onFailure });
  server = await startLiveServer(
    {
      worlds,
      agents: new AgentPool(async (id) => fakeAgent(id)),
      page,
      settings: { world: 'slow', seed: 3, rendererSteps: 1 },
      clock,
      recordings,
      shelf: new RecordingShelf({ directory, worlds }),
      onDefect: (error) => defects.push(error),
    },
    { ...defaultLiveServerConfig, host: '127.0.0.1', port: 0, token },
  );
});

afterEach(async () => {
  for (const { socket } of pages.splice(0)) socket.terminate();
  await server.close();
  await recordings.settled();
  await rm(join(directory, '..'), { recursive: true });
  expect(defects.splice(0)).toEqual([]);
});

interface Answered {
  readonly status: number;
  readonly body: Buffer;
}

/** As it stands: no client tidies the path. */
function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: Uint8Array } = {},
): Promise<Answered> {
  const { method = 'GET', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts) }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const at = (path = '') => `/recordings${path}?token=${token}`;
const json = ({ body }: Answered): unknown => JSON.parse(String(body));
const listed = async () => recordingListSchema.parse(json(await ask(at()))).recordings;
const upload = (body: Uint8Array) => ask(at(), { method: 'POST', body });

async function watch(recording?: string): Promise<TestPage> {
  const opened = new TestPage({ port: server.port, token });
  pages.push(opened);
  await opened.greet(undefined, undefined, recording);
  return opened;
}

/** Records some steps in the middle of a task; resolves with the id. */
async function recorded(): Promise<string> {
  const watcher = await watch();
  await watcher.until(() => watcher.ticks().length > 3, 'ticks');
  watcher.ask({ type: 'record', on: true });
  await watcher.message('recording', ({ on }) => on);
  watcher.ask({ type: 'record', on: false });
  await watcher.message('heard', (heard) => heard.request === 2);
  const [only] = await listed();
  watcher.socket.terminate();
  return only?.id ?? 'none';
}

const steps = (opened: TestPage) => [...new Set(opened.ticks().map(({ envStep }) => envStep))];

describe('recordings of a live server', () => {
  test('the switch keeps the task under way from its start, and the list tells of it', async () => {
    await recorded();
    const [only] = await listed();
    expect(only).toMatchObject({ world: 'slow', actor: 'agent' });
    expect(only?.steps).toBeGreaterThan(2);
    const file = decodeRecording((await ask(at(`/${only?.id}`))).body);
    expect(file.header.start).toEqual({ kind: 'place', state: { x: 0 } });
    expect(only?.bytes).toBe((await ask(at(`/${only?.id}`))).body.length);
  });

  test('what is recorded when the server ends is kept', async () => {
    const watcher = await watch();
    await watcher.until(() => watcher.ticks().length > 1, 'ticks');
    watcher.ask({ type: 'record', on: true });
    await watcher.message('recording', ({ on }) => on);
    await server.close();
    await recordings.settled();
    expect(await readdir(directory)).toHaveLength(1);
  });

  test('nothing is written unless somebody asks', async () => {
    const watcher = await watch();
    await watcher.until(() => watcher.ticks().length > 3, 'ticks');
    await server.close();
    await recordings.settled();
    expect(await readdir(directory)).toEqual([]);
  });

  test('a replay goes through the recorded states, ends, and begins again', async () => {
    const id = await recorded();
    const [{ steps: length } = { steps: 0 }] = await listed();
    const viewer = await watch(id);
    const episode = await viewer.message('episode');
    expect(episode).toMatchObject({ budget: length, grips: [], recording: { id } });
    await viewer.until(() => steps(viewer).includes(length), 'the last step');
    await viewer.message('phase', ({ phase }) => phase === 'paused');
    expect(viewer.messages.some(({ type }) => type === 'outcome')).toBe(false);
    viewer.ask({ type: 'transport', command: 'next' });
    await viewer.message('episode', ({ serial }) => serial === 2);
  });

  test('a task that was played to its end is recorded whole, and its replay says how it ended', async () => {
    const watcher = await watch();
    watcher.ask({ type: 'configure', settings: { world: 'line' } });
    watcher.ask({ type: 'record', on: true });
    const { steps: length } = await watcher.message('outcome');
    const id = (await listed()).find(({ world }) => world === 'line')?.id;
    watcher.socket.terminate();
    expect(await (await watch(id)).message('outcome')).toMatchObject({ success: true, steps: length });
  });

  test('nobody can change what happened', async () => {
    const viewer = await watch(await recorded());
    await viewer.message('episode');
    viewer.ask({ type: 'drive', direction: { x: 1, y: 0 }, world: 'truth' });
    expect((await viewer.message('error')).code).toBe('replay');
    viewer.forget();
    viewer.ask({ type: 'configure', settings: { seed: 9 } });
    expect((await viewer.message('error')).code).toBe('replay');
    expect((await viewer.message('heard', (heard) => heard.request === 2)).settings.seed).toBe(3);
  });

  test('any step can be gone to, before and after, while it runs and while it stands', async () => {
    const id = await recorded();
    const [{ steps: length } = { steps: 0 }] = await listed();
    const viewer = await watch(id);
    await viewer.message('episode');
    expect((await viewer.message('replay')).speed).toBe(1);
    viewer.ask({ type: 'transport', command: 'pause' });
    await viewer.message('phase', ({ phase }) => phase === 'paused');
    for (const step of [2, 0, length, 1]) {
      viewer.frames.length = 0;
      viewer.ask({ type: 'replay', seek: step });
      // What was on its way when it was paused may still come.
      const there = () => viewer.ticks().find(({ envStep }) => envStep === step);
      await viewer.until(() => there() !== undefined, 'the step');
      const tick = there();
      expect(tick?.streams.find(({ name }) => name === 'poses')?.data[3]).toBe(step);
    }
    viewer.ask({ type: 'transport', command: 'play' });
    await viewer.until(() => steps(viewer).includes(length), 'the last step');
    expect(viewer.messages.some(({ type }) => type === 'error')).toBe(false);
    viewer.ask({ type: 'replay', seek: length + 1 });
    expect(await viewer.message('error')).toMatchObject({
      code: 'recording',
      message: `The recording has no step ${length + 1}; choose one from 0 to ${length}.`,
    });
  });

  test('of many steps that are asked for at once, the last is gone to', async () => {
    const viewer = await watch(await recorded());
    await viewer.message('episode');
    viewer.ask({ type: 'transport', command: 'pause' });
    await viewer.message('phase', ({ phase }) => phase === 'paused');
    for (let i = 0; i < 60; i++) viewer.ask({ type: 'replay', seek: i % 3 });
    viewer.ask({ type: 'replay', seek: 1 });
    await viewer.message('heard', ({ request }) => request === 62);
    await viewer.until(() => viewer.ticks().at(-1)?.envStep === 1, 'the last step asked for');
  });

  test('its speed is chosen by anyone who watches, and told to all', async () => {
    const id = await recorded();
    const first = await watch(id);
    const { session } = await first.message('welcome');
    const second = new TestPage({ port: server.port, token });
    pages.push(second);
    await second.greet(undefined, session);
    await second.message('replay', ({ speed }) => speed === 1);
    second.ask({ type: 'replay', speed: 0.25 });
    await first.message('replay', ({ speed }) => speed === 0.25);
    for (const wrong of [0, 3, -1, 1e9, '1', null])
      second.sendRaw(JSON.stringify({ type: 'replay', request: 9, speed: wrong }));
    expect((await second.message('error')).code).toBe('bad-message');
  });

  test('a live session has neither, and says so', async () => {
    const viewer = await watch();
    viewer.ask({ type: 'replay', seek: 0, speed: 4 });
    expect((await viewer.message('error')).code).toBe('no-recording');
    await viewer.until(() => viewer.ticks().length > 3, 'ticks');
  });

  test('a replay that has departed can go back to before', async () => {
    const recording = decodeRecording((await ask(at(`/${await recorded()}`))).body);
    const altered = recording.steps.map((step, i) => (i === 1 ? { ...step, hash: '0123456789abcdef' } : step));
    const { id } = recordingKeptSchema.parse(json(await upload(encodeRecording({ ...recording, steps: altered }))));
    const viewer = await watch(id);
    await viewer.message('phase', ({ phase }) => phase === 'failed');
    viewer.forget();
    viewer.ask({ type: 'replay', seek: 1 });
    await viewer.message('phase', ({ phase }) => phase === 'paused');
    expect(viewer.ticks().at(-1)?.envStep).toBe(1);
    viewer.ask({ type: 'replay', seek: 3 });
    expect((await viewer.message('error')).message).toMatch(/at step 2 of/);
  });

  test('a replay whose states depart stands and says at which step', async () => {
    const recording = decodeRecording((await ask(at(`/${await recorded()}`))).body);
    const altered = recording.steps.map((step, i) => (i === 1 ? { ...step, hash: '0123456789abcdef' } : step));
    const { id } = recordingKeptSchema.parse(json(await upload(encodeRecording({ ...recording, steps: altered }))));
    const viewer = await watch(id);
    const { code, message } = await viewer.message('error');
    expect(code).toBe('replay-departed');
    expect(message).toMatch(/at step 2 of \d+/);
    await viewer.message('phase', ({ phase }) => phase === 'failed');
  });

  test('a file that is given out is taken in and replayed', async () => {
    const { body } = await ask(at(`/${await recorded()}`));
    const kept = await upload(body);
    expect(kept.status).toBe(201);
    const { id } = recordingKeptSchema.parse(json(kept));
    expect(await (await watch(id)).message('episode')).toMatchObject({ recording: { id } });
    expect(recordingKeptSchema.parse(json(await upload(body))).id).toBe(id);
  });
});

describe('what is refused', () => {
  test.each<{ what: string; path: string; headers: Record<string, string>; status: number }>([
    { what: 'no token', path: '/recordings', headers: {}, status: 401 },
    { what: 'a wrong token', path: '/recordings?token=wrong', headers: {}, status: 401 },
    { what: 'a foreign origin', path: at(), headers: { origin: 'http://evil.example' }, status: 403 },
    { what: 'a foreign host', path: at(), headers: { host: 'evil.example' }, status: 403 },
  ])('$what gives nothing out and takes nothing in', async ({ path, headers, status }) => {
    expect((await ask(path, { headers })).status).toBe(status);
    expect((await ask(path, { headers, method: 'POST', body: Buffer.from('x') })).status).toBe(status);
    expect(await readdir(directory)).toEqual([]);
  });

  test.each(['/../secret', '/..%2Fsecret', '/%2Fetc%2Fpasswd', '/%00', '/%E0%A4%A'])(
    'the id %s reaches no file',
    async (id) => {
      await writeFile(join(directory, '..', 'secret.recording'), 'secret');
      const { status, body } = await ask(at(id));
      expect([404, 422]).toContain(status);
      expect(String(body)).not.toContain('secret');
      const viewer = await watch(`..${id}`);
      expect((await viewer.message('error')).message).toMatch(/no such recording/);
    },
  );

  test.each<{ what: string; headers: Record<string, string> }>([
    { what: 'its length says so', headers: { 'content-length': String(MAX_UPLOAD_BYTES + 1) } },
    { what: 'it comes without a length', headers: { 'transfer-encoding': 'chunked' } },
  ])('a file that is too long, when $what', async ({ headers }) => {
    const body = Buffer.alloc(MAX_UPLOAD_BYTES + 1);
    // The server may close the connection before it has read all of it.
    const status = await ask(at(), { method: 'POST', headers, body }).then(
      (answer) => answer.status,
      () => 413,
    );
    expect(status).toBe(413);
    expect(await readdir(directory)).toEqual([]);
  });

  test('a file that is none, cut off or damaged, each with its reason', async () => {
    const good = (await ask(at(`/${await recorded()}`))).body;
    const damaged = Buffer.from(good);
    damaged[damaged.length - 20] = (damaged.at(-20) ?? 0) ^ 1;
    const before = await readdir(directory);
    for (const [body, reason] of [
      [Buffer.from('#!/bin/sh\n'), /it is no recording/],
      [good.subarray(0, good.length - 5), /cut off within step/],
      [damaged, /damaged at step/],
    ] as const) {
      const answer = await upload(body);
      expect(answer.status).toBe(422);
      expect(String(answer.body)).toMatch(reason);
    }
    expect(await readdir(directory)).toEqual(before);
  });

  test('a recording of a world that the server lacks, or has in another version', async () => {
    const recording = decodeRecording((await ask(at(`/${await recorded()}`))).body);
    const of = (world: Partial<Recording['header']['world']>) => {
      const header = { ...recording.header, world: { ...recording.header.world, ...world } };
      return upload(encodeRecording({ ...recording, header }));
    };
    expect(String((await of({ id: 'elsewhere' })).body)).toMatch(/'elsewhere', which this server does not have/);
    expect(String((await of({ version: 7 })).body)).toMatch(/version 7 of 'slow', and this server has version 1/);
    expect(await readdir(directory)).toHaveLength(1);
  });
});
