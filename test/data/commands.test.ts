/** `reverie collect` and `reverie inspect` as a person runs them: what they print, refuse and survive. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Output } from '../../server/cli/output.ts';
import { runProgram } from '../../server/cli/program.ts';
import { collectSmall, driftPath, newDirectory } from './collecting.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

let directory: string;
beforeEach(async () => {
  directory = await newDirectory();
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Runs a command in this process, on a clock that moves a second each time it is read. */
async function reverie(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  let [stdout, stderr, now] = ['', '', 0];
  const output = new Output({
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  const clock = { now: () => 1000 * now++ };
  const exitCode = await runProgram(args, { output, clock, interruption: () => new AbortController().signal });
  return { exitCode, stdout, stderr };
}

const collect = (out: string, ...more: string[]) =>
  reverie('collect', '--world', driftPath, '--episodes', '20', '--seed', '5', '--out', out, '--workers', '2', ...more);

describe('collect', () => {
  test('prints one document, and progress elsewhere', async () => {
    const out = join(directory, 'dots');
    const { exitCode, stdout, stderr } = await collect(out, '--vary', 'speed', 'color=#0096c7', '--json');
    expect({ exitCode, stderr: stderr.split('\n').at(-2) }).toEqual({
      exitCode: 0,
      stderr: 'collecting test-drift 100%',
    });
    const { total_steps } = JSON.parse(await readFile(join(out, 'metadata.json'), 'utf8'));
    expect(JSON.parse(stdout)).toEqual({
      directory: out,
      world: 'test-drift',
      version: 2,
      episodes: 20,
      steps: total_steps,
      takenUp: 0,
      shards: 1,
      megabytes: expect.any(Number),
      seed: 5,
      workers: 2,
      seconds: 1,
      stepsPerSecond: total_steps,
    });
  });

  test('refuses to go on with what it finds until it is told to, and then has nothing to do', async () => {
    const out = join(directory, 'dots');
    await collect(out);
    const again = await collect(out);
    expect(again).toMatchObject({ exitCode: 2, stdout: '' });
    expect(again.stderr).toMatch(/holds a dataset already, with 20 of 20 episodes; add --resume/);
    const resumed = JSON.parse((await collect(out, '--resume', '--json')).stdout);
    expect(resumed).toMatchObject({ takenUp: 20, stepsPerSecond: 0 });
  });

  test.each([
    [['--vary', 'weight'], 2, /'weight' is no factor of this world: the factors are speed, color, fault/],
    [['--length', '21'], 2, /21 steps are more than 'test-drift' lets an episode last: give from 1 to 20/],
    [['--workers', '0'], 2, /'0' is invalid. Give an integer from 1/],
    [['--vary', 'fault=1'], 1, /^episodes 0 to 15: 'test-drift' threw "x is not a function"/m],
  ])('says what is wrong with %s', async (more, exitCode, says) => {
    const result = await collect(join(directory, 'dots'), ...more);
    expect(result).toMatchObject({ exitCode, stdout: '' });
    expect(result.stderr).toMatch(says);
  });
});

describe('a collection that is killed', () => {
  const running = new Set<ChildProcess>();
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL');
  });

  test('goes on to the same bytes', async () => {
    const out = join(directory, 'killed');
    const episodes = 1500;
    const command = [
      '--world',
      driftPath,
      '--episodes',
      String(episodes),
      '--seed',
      '7',
      '--length',
      '4',
      '--out',
      out,
    ];
    const args = ['--import', 'tsx', 'server/cli/main.ts', 'collect', ...command, '--workers', '2'];
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'ignore' });
    running.add(child);
    await vi.waitFor(() => expect(existsSync(join(out, 'shard-00001.safetensors'))).toBe(true), { timeout: 50_000 });
    child.kill('SIGKILL');
    await once(child, 'close');
    running.delete(child);
    const resumed = await reverie('collect', ...command, '--workers', '1', '--resume', '--json');
    expect(resumed).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(resumed.stdout).takenUp).toBeGreaterThanOrEqual(256);
    const whole = join(directory, 'whole');
    const { shards } = await collectSmall(whole, { episodes, length: 4, episodesPerShard: 256 });
    expect((await readdir(out)).sort()).toEqual(['metadata.json', ...shards.map(({ name }) => name)]);
    for (const { name } of shards) {
      expect((await readFile(join(out, name))).equals(await readFile(join(whole, name)))).toBe(true);
    }
  });
});

describe('inspect', () => {
  test('sums a dataset up, in a table or a document', async () => {
    await collectSmall(directory);
    const { exitCode, stdout } = await reverie('inspect', directory);
    expect(exitCode).toBe(0);
    for (const says of [/world +test-drift, version 2/, /episodes +40, from seed 7/, /files +3, .* all as collected/]) {
      expect(stdout).toMatch(says);
    }
    expect(stdout).toMatch(/^x +units +[\d.]+ +[\d.]+ +[\d.]+ +100%$/m);
    const document = JSON.parse((await reverie('inspect', directory, '--json')).stdout);
    expect(document).toMatchObject({ ok: true, world: 'test-drift', episodes: 40, shards: 3, changing: 1 });
    expect(document.quantities.heading.unit).toBe('rad');
  });

  test('shows one episode', async () => {
    await collectSmall(directory);
    const { episode } = JSON.parse((await reverie('inspect', directory, '--episode', '39', '--json')).stdout);
    expect(episode).toMatchObject({ index: 39, variation: {}, first: { x: expect.any(Number) } });
    expect((await reverie('inspect', directory, '--episode', '39')).stdout).toMatch(/^seed +\d+$/m);
    const beyond = await reverie('inspect', directory, '--episode', '40');
    expect(beyond).toMatchObject({ exitCode: 2, stdout: '' });
    expect(beyond.stderr).toMatch(/there is no episode 40: give one from 0 to 39/);
  });

  test('draws a sheet with the module that the user names, never one that the data name', async () => {
    await collectSmall(directory, { episodes: 3 });
    const sheet = join(directory, 'sheet.png');
    const without = await reverie('inspect', directory, '--sheet', sheet);
    expect(without).toMatchObject({ exitCode: 2, stdout: '' });
    expect(without.stderr).toMatch(/'test-drift' are drawn by its module: name it with --world/);
    expect(await reverie('inspect', directory, '--sheet', sheet, '--world', driftPath)).toMatchObject({ exitCode: 0 });
    const sheetless = await reverie('inspect', directory, '--world', driftPath);
    expect(sheetless).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('add --sheet, or leave it out') });
    expect([...(await readFile(sheet)).subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
    const other = await reverie('inspect', directory, '--sheet', sheet, '--world', 'two-room');
    expect(other).toMatchObject({ exitCode: 1 });
    expect(other.stderr).toMatch(/was collected in 'test-drift' 2, not 'two-room'/);
  });

  test('ends with status 1 and one sentence when a file is damaged', async () => {
    await collectSmall(directory);
    await rm(join(directory, 'shard-00002.safetensors'));
    const { exitCode, stdout, stderr } = await reverie('inspect', directory);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr.trim()).toMatch(/^".*shard-00002\.safetensors" is missing; collect it again: .* --resume [^\n]*$/);
  });
});
