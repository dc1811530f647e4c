/** Replays of what a live server recorded, over real sockets: watched, searched through, and where they depart. */
import { describe, expect, test } from 'vitest';
import { decodeRecording, encodeRecording } from '../../server/recording/recordingCodec.ts';
import { recordingKeptSchema } from '../../shared/protocol/recordings.ts';
import { at, json, recordingServerUnderTest } from './recordingServerUnderTest.ts';
import type { TestPage } from './testPage.ts';

const { ask, listed, upload, watch, recorded } = recordingServerUnderTest();

const steps = (opened: TestPage) => [...new Set(opened.ticks().map(({ envStep }) => envStep))];

describe('replays on a live server', () => {
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
    const second = await watch(undefined, session);
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
});
