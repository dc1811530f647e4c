/** Everything hostile that can be asked of a live server's recordings, over real HTTP. */
import { open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Recording } from '../../server/recording/recording.ts';
import { decodeRecording, encodeRecording } from '../../server/recording/recordingCodec.ts';
import { MAX_UPLOAD_BYTES } from '../../server/recording/recordingShelf.ts';
import { at, recordingServerUnderTest } from './recordingServerUnderTest.ts';

const { directory, ask, listed, upload, watch, recorded } = recordingServerUnderTest();

describe('recordings that are refused', () => {
  test.each<{ what: string; path: string; headers: Record<string, string>; status: number }>([
    { what: 'no token', path: '/recordings', headers: {}, status: 401 },
    { what: 'a wrong token', path: '/recordings?token=wrong', headers: {}, status: 401 },
    { what: 'a foreign origin', path: at(), headers: { origin: 'http://evil.example' }, status: 403 },
    { what: 'a foreign host', path: at(), headers: { host: 'evil.example' }, status: 403 },
  ])('$what gives nothing out and takes nothing in', async ({ path, headers, status }) => {
    expect((await ask(path, { headers })).status).toBe(status);
    expect((await ask(path, { headers, method: 'POST', body: Buffer.from('x') })).status).toBe(status);
    expect(await readdir(directory())).toEqual([]);
  });

  test.each(['/../secret', '/..%2Fsecret', '/%2Fetc%2Fpasswd', '/%00', '/%E0%A4%A'])(
    'the id %s reaches no file',
    async (id) => {
      await writeFile(join(directory(), '..', 'secret.recording'), 'secret');
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
    expect(await readdir(directory())).toEqual([]);
  });

  test('a file on the server that is longer than any recording, without a defect', async () => {
    const huge = await open(join(directory(), 'huge.recording'), 'w');
    await huge.truncate((1 << 30) + 1);
    await huge.close();
    const { status, body } = await ask(at('/huge'));
    expect(status).toBe(422);
    expect(String(body)).toMatch(/cannot be read \(it has 1073741825 bytes, more than any recording\)/);
  });

  test('a file that is none, cut off or damaged, each with its reason', async () => {
    const good = (await ask(at(`/${await recorded()}`))).body;
    const damaged = Buffer.from(good);
    damaged[damaged.length - 20] = (damaged.at(-20) ?? 0) ^ 1;
    const before = await readdir(directory());
    for (const [body, reason] of [
      [Buffer.from('#!/bin/sh\n'), /it is no recording/],
      [good.subarray(0, good.length - 5), /cut off within step/],
      [damaged, /damaged at step/],
    ] as const) {
      const answer = await upload(body);
      expect(answer.status).toBe(422);
      expect(String(answer.body)).toMatch(reason);
    }
    expect(await readdir(directory())).toEqual(before);
  });

  test('a recording of a world that the server lacks, or has in another version', async () => {
    const recording = decodeRecording((await ask(at(`/${await recorded()}`))).body);
    const of = (world: Partial<Recording['header']['world']>) => {
      const header = { ...recording.header, world: { ...recording.header.world, ...world } };
      return upload(encodeRecording({ ...recording, header }));
    };
    expect(String((await of({ id: 'elsewhere' })).body)).toMatch(/'elsewhere', which this server does not have/);
    expect(String((await of({ version: 7 })).body)).toMatch(/version 7 of 'slow', and this server has version 1/);
    expect(await readdir(directory())).toHaveLength(1);
  });

  test('a recording whose steps are not as long as those of its world, or have other parts', async () => {
    const recording = decodeRecording((await ask(at(`/${await recorded()}`))).body);
    const of = async (altered: Partial<Recording['header']>) => {
      const header = { ...recording.header, ...altered };
      return String((await upload(encodeRecording({ ...recording, header }))).body);
    };
    expect(await of({ stepSeconds: 1e308 })).toMatch(
      /stepSeconds of 1e\+308 and a subSteps of 1, and 'slow' has 0\.01 and 1 on/,
    );
    expect(await of({ subSteps: 7 })).toMatch(/stepSeconds of 0\.01 and a subSteps of 7/);
    expect(await readdir(directory())).toHaveLength(1);
  });

  test('a file of the folder whose length is no number is passed over in the list', async () => {
    const id = await recorded();
    const recording = decodeRecording((await ask(at(`/${id}`))).body);
    const header = { ...recording.header, stepSeconds: 1e308 };
    await writeFile(join(directory(), 'endless.recording'), encodeRecording({ ...recording, header }));
    expect((await listed()).map((each) => each.id)).toEqual([id]);
  });
});
