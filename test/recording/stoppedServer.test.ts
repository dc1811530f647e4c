/**
 * A server that is asked to stop in the middle of an episode: as `serve` runs it, with a shipped agent and a real signal,
 * it keeps what was played, and what it kept replays.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRecording } from '../../server/recording/recordingFile.ts';
import { replayRecording } from '../../server/recording/replayRecording.ts';
import { worldOfRecording } from '../../server/recording/worldOfRecording.ts';
import { TestPage } from '../server/testPage.ts';

const token = 'a-secret-of-this-test';
const root = fileURLToPath(new URL('../../', import.meta.url));

let directory: string;
let server: ChildProcess | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'reverie-stopped-'));
});

afterEach(async () => {
  if (server?.exitCode === null) {
    server.kill('SIGKILL');
    await once(server, 'exit');
  }
  await rm(directory, { recursive: true });
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  'keeps the episode in progress at %s',
  { timeout: 300_000 },
  async (signal) => {
    const args = ['--import', 'tsx', 'server/cli/main.ts', 'serve', '--port', '0', '--record', directory];
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, REVERIE_TOKEN: token },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    server = child;
    const exit = once(child, 'exit');
    const [line] = await once(createInterface(child.stdout), 'line');
    const page = new TestPage({ port: Number(new URL(String(line).split(' ').at(-1) ?? '').port), token });
    await page.greet();
    await page.until(() => page.ticks().length > 4, 'ticks');
    const seen = page.ticks().at(-1)?.envStep ?? 0;
    expect(await readdir(directory)).toEqual([]);
    child.kill(signal);
    expect((await exit)[0]).toBe(0);
    const [name = '', ...others] = await readdir(directory);
    expect(others).toEqual([]);
    const recording = await readRecording(join(directory, name));
    expect(seen).toBeGreaterThan(3);
    expect(recording.header.steps).toBeGreaterThanOrEqual(seen);
    expect(replayRecording(recording, await worldOfRecording(recording.header, undefined)).ok).toBe(true);
  },
);
