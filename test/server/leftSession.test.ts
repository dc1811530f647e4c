/**
 * The session that a page has left to watch a recording, over real sockets: it stands and is kept for as long as the page
 * watches, but not for ever, and no longer; the page is told once it has ended; and naming a session tells nothing else.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LiveRecordings } from '../../server/recording/liveRecordings.ts';
import { RecordingShelf } from '../../server/recording/recordingShelf.ts';
import { goesOn, liveServerUnderTest, worlds } from './liveServerUnderTest.ts';
import type { TestPage } from './testPage.ts';

/** The session that is left is of one world, the one that makes the recording of the other, in which all begin. */
const [LEFT, RECORDED, PARTING] = ['endless', 'slow', 'patient'];
const RETENTION_MS = 100;
const soon = { timeout: 20_000 };

const { startServer, open, watch, disposed } = liveServerUnderTest();

let directory: string;
let recordings: LiveRecordings;
let shelf: RecordingShelf;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'left-'));
  const clock = { now: () => performance.now() };
  const onFailure = (error: unknown) => expect.fail(String(error));
  recordings = await LiveRecordings.open({ directory, clock, sources: new Map(), onFailure });
  shelf = new RecordingShelf({ directory, worlds });
});

const serve = (leftMs?: number) =>
  startServer({ world: RECORDED, retentionMs: RETENTION_MS, recordings, shelf, ...(leftMs && { leftMs }) });

afterEach(async () => {
  await recordings.settled();
  await rm(directory, { recursive: true });
});

/** A page with a session that it will leave. */
async function leaver(): Promise<{ readonly before: TestPage; readonly session: string }> {
  const before = await watch();
  before.ask({ type: 'configure', settings: { world: LEFT } });
  await before.message('episode', ({ settings }) => settings.world === LEFT);
  const { session } = await before.message('welcome');
  return { before, session };
}

/** Records some steps; the page that did, and the recording's id. */
async function recorded(): Promise<{ readonly recorder: TestPage; readonly id: string }> {
  const recorder = await watch();
  await recorder.message('episode');
  recorder.ask({ type: 'record', on: true });
  await recorder.message('recording', ({ on }) => on);
  await goesOn(recorder);
  recorder.ask({ type: 'record', on: false });
  await recorder.message('heard', ({ request }) => request === 2);
  await recordings.settled();
  const [only] = await shelf.list();
  return { recorder, id: only?.id ?? expect.fail('nothing was recorded') };
}

/** A page that watches the recording and has left a session for it. */
async function replaying(id: string, left: string | undefined, resume?: string): Promise<TestPage> {
  const page = open();
  await page.greet(resume, undefined, id, left);
  await page.message('episode', ({ recording }) => recording?.id === id);
  return page;
}

/**
 * The page that made the recording leaves; resolves when its seat, and those that were left before, have been given
 * away. It goes by way of a world of its own, whose agent goes with it.
 */
async function gone(recorder: TestPage): Promise<void> {
  recorder.ask({ type: 'configure', settings: { world: PARTING } });
  await recorder.message('episode', ({ settings }) => settings.world === PARTING);
  recorder.socket.terminate();
  await expect.poll(() => disposed, soon).toEqual([PARTING]);
}

/** What a page was told at first, without what is drawn by lot for every page. */
async function greeting(page: TestPage): Promise<unknown> {
  const { session: _session, resume: _resume, ...welcome } = await page.message('welcome');
  await page.message('phase', ({ phase }) => phase === 'paused'); // the recording has been seen to its end
  const noted = page.messages.filter(({ type }) => ['error', 'audience', 'leftEnded'].includes(type));
  return [welcome, noted];
}

describe('a session that was left for a recording', () => {
  beforeEach(() => serve());

  test('is there when its page comes back, where it stood, though its seat has been given away', async () => {
    const { recorder, id } = await recorded();
    const { before, session } = await leaver();
    await before.until(() => before.ticks().length > 3, 'ticks');
    const replay = await replaying(id, session);
    // A seat that is taken up again keeps what it kept, once.
    await replaying(id, session, (await replay.message('welcome')).resume);
    before.socket.terminate();
    const left = before.ticks().at(-1)?.envStep ?? 0;
    await goesOn(recorder);
    await gone(recorder);
    const back = open();
    expect(await back.greet(undefined, session)).toMatchObject({ session, viewer: 2 });
    await back.until(() => back.ticks().length > 0, 'the latest tick');
    expect((back.ticks()[0]?.envStep ?? 0) - left).toBeLessThan(5);
    await goesOn(back);
    expect(back.messages.filter(({ type }) => type === 'error')).toEqual([]);
  });

  test('ends when nobody watches the recording any more', async () => {
    const { recorder, id } = await recorded();
    const { before, session } = await leaver();
    const first = await replaying(id, session);
    const replay = await replaying(id, session, (await first.message('welcome')).resume);
    before.socket.terminate();
    await goesOn(recorder);
    await gone(recorder);
    replay.socket.terminate();
    await expect.poll(() => disposed, soon).toEqual([PARTING, RECORDED, LEFT]);
    const late = open();
    expect((await late.greet(undefined, session)).session).not.toBe(session);
    expect((await late.message('error')).code).toBe('unknown-session');
  });

  test('is not kept by a page that watches no recording', async () => {
    const { before, session } = await leaver();
    await open().greet(undefined, undefined, undefined, session);
    before.socket.terminate();
    await expect.poll(() => disposed, soon).toEqual([RECORDED, LEFT]);
  });

  test('is spoken of to nobody: another’s, one that there is not, and none are answered alike', async () => {
    const { id } = await recorded();
    const { before: other, session } = await leaver();
    const expected = await greeting(await replaying(id, undefined));
    for (const left of [session, 'made-up', '__proto__', '../../etc/passwd', '']) {
      const replay = await replaying(id, left);
      expect((await replay.message('welcome')).session).not.toBe(session);
      expect(await greeting(replay)).toEqual(expected);
      replay.ask({ type: 'transport', command: 'pause' });
      await replay.message('heard');
    }
    await goesOn(other);
    expect(other.messages.filter(({ type }) => type === 'audience')).toEqual([{ type: 'audience', viewers: 1 }]);
  });
});

describe('a session that was left for too long', () => {
  beforeEach(() => serve(3 * RETENTION_MS));

  test('ends, though the recording is watched, which goes on', async () => {
    const { id } = await recorded();
    const { before, session } = await leaver();
    const replay = await replaying(id, session);
    before.socket.terminate();
    await expect.poll(() => disposed, soon).toEqual([LEFT]);
    await replay.message('leftEnded');
    replay.ask({ type: 'replay', seek: 1 });
    await replay.until(() => replay.ticks().at(-1)?.envStep === 1, 'the step');
    const back = open();
    expect((await back.greet(undefined, session)).session).not.toBe(session);
    expect((await back.message('error')).code).toBe('unknown-session');
    // The seat gives away what it still has, once.
    replay.socket.terminate();
    await goesOn(back);
  });

  test('is told to have ended to whoever left it, on coming back and on coming late too, and to nobody else', async () => {
    const { recorder, id } = await recorded();
    const { before, session } = await leaver();
    const replay = await replaying(id, session);
    const beside = open();
    await beside.greet(undefined, (await replay.message('welcome')).session);
    before.socket.terminate();
    await replay.message('leftEnded');
    for (const again of [
      await replaying(id, session, (await replay.message('welcome')).resume),
      await replaying(id, session),
    ])
      await again.message('leftEnded');
    await goesOn(recorder);
    beside.ask({ type: 'transport', command: 'pause' });
    await beside.message('heard');
    for (const other of [recorder, beside]) expect(other.messages.map(({ type }) => type)).not.toContain('leftEnded');
  });

  test('stays where others watch it', async () => {
    const { id } = await recorded();
    const { before, session } = await leaver();
    const replay = await replaying(id, session);
    const other = open();
    await other.greet(undefined, session);
    before.socket.terminate();
    // Another session that was left meanwhile, with an agent of its own, is gone by then.
    const later = await watch();
    later.ask({ type: 'configure', settings: { world: PARTING } });
    await later.message('episode', ({ settings }) => settings.world === PARTING);
    await replaying(id, (await later.message('welcome')).session);
    later.socket.terminate();
    await expect.poll(() => disposed, soon).toEqual([PARTING]);
    await goesOn(other);
    expect((await open().greet(undefined, session)).session).toBe(session);
    replay.ask({ type: 'transport', command: 'pause' });
    await replay.message('heard');
    expect(replay.messages.map(({ type }) => type)).not.toContain('leftEnded');
  });
});
