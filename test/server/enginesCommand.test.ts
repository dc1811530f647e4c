/** `reverie engines` as a person runs it, with a cache directory of its own. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Output } from '../../server/cli/output.ts';
import { runProgram } from '../../server/cli/program.ts';
import { graphCacheDirectory, userCacheDirectory } from '../../server/files/userCacheDirectory.ts';
import { ManualClock } from '../../shared/clock.ts';

const home = mkdtempSync(join(tmpdir(), 'engines-command-'));
process.env.XDG_CACHE_HOME = home;
afterAll(() => rmSync(home, { recursive: true }));

async function engines(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', ''];
  const output = new Output({
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  const context = { output, clock: new ManualClock(), interruption: () => new AbortController().signal };
  const exitCode = await runProgram(['engines', ...args], context);
  return { exitCode, stdout, stderr };
}

test('lists every engine as one document, and clears the cache where that is asked for', async () => {
  const graphs = graphCacheDirectory();
  mkdirSync(graphs, { recursive: true });
  writeFileSync(join(graphs, 'entry'), '');
  const { exitCode, stdout, stderr } = await engines('--clear-cache', '--measure', '--json');
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout).engines[0]).toMatchObject({ name: 'cpu', available: true, reason: null });
  expect(JSON.parse(stdout).auto).toMatchObject({ engine: expect.any(String), why: expect.any(String) });
  expect(stderr).toContain(graphs);
  expect(existsSync(graphs)).toBe(false);
});

describe('the cache directory', () => {
  const place = { platform: 'linux', env: {}, home: '/home/ada' } as const;

  test.each([
    [place, '/home/ada/.cache/reverie'],
    [{ ...place, env: { XDG_CACHE_HOME: '/var/cache/ada' } }, '/var/cache/ada/reverie'],
    [{ ...place, env: { XDG_CACHE_HOME: 'relative' } }, '/home/ada/.cache/reverie'],
    [{ ...place, platform: 'darwin' } as const, '/home/ada/Library/Caches/reverie'],
  ])('is where the system wants it: %j', (given, expected) => {
    expect(userCacheDirectory(given)).toBe(expected);
  });
});
