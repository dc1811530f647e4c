/** Recordings of a live server over real sockets and real HTTP: recorded by a switch, listed, given out and taken in. */
import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { decodeRecording, encodeRecording } from '../../server/recording/recordingCodec.ts';
import { recordingKeptSchema } from '../../shared/protocol/recordings.ts';
import { fakeWorld } from './fakeWorld.ts';
import { recordedLine } from './recordedLine.ts';
import { at, json, recordingServerUnderTest } from './recordingServerUnderTest.ts';

const { directory, close, ask, listed, upload, watch, recorded } = recordingServerUnderTest();
const slow = fakeWorld({ id: 'slow' });

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
    await close();
    expect(await readdir(directory())).toHaveLength(1);
  });

  test('nothing is written unless somebody asks', async () => {
    const watcher = await watch();
    await watcher.until(() => watcher.ticks().length > 3, 'ticks');
    await close();
    expect(await readdir(directory())).toEqual([]);
  });

  test('a file that is given out is taken in and replayed', async () => {
    const { body } = await ask(at(`/${await recorded()}`));
    const kept = await upload(body);
    expect(kept.status).toBe(201);
    const { id } = recordingKeptSchema.parse(json(kept));
    expect(await (await watch(id)).message('episode')).toMatchObject({ recording: { id } });
    expect(recordingKeptSchema.parse(json(await upload(body))).id).toBe(id);
  });

  test('a file that a later version has told more in is kept as it came, to the byte', async () => {
    const recording = recordedLine(slow, 3);
    const header = { ...recording.header, weather: 'fine' };
    const body = Buffer.from(encodeRecording({ ...recording, header }));
    const { id } = recordingKeptSchema.parse(json(await upload(body)));
    expect((await ask(at(`/${id}`))).body.equals(body)).toBe(true);
  });

  test('nobody who watches is held up by a file that takes long to read', async () => {
    const watcher = await watch();
    const body = encodeRecording(recordedLine(slow, 40_000));
    await watcher.until(() => watcher.ticks().length > 1, 'ticks');
    const before = watcher.ticks().length;
    expect((await upload(body)).status).toBe(201);
    expect(watcher.ticks().length - before).toBeGreaterThan(5);
  });
});
