/** One process trains in a directory at a time. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimHolder, claimRun } from '../../server/training/runClaim.ts';

let directory: string;

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'claim-')), 'run');
});

afterEach(() => rm(join(directory, '..'), { recursive: true }));

test('a claim keeps others out until it is given back', async () => {
  const release = await claimRun(directory);
  expect(await claimHolder(directory)).toBe(process.pid);
  await expect(claimRun(directory)).rejects.toThrow(`process ${process.pid} trains in "${directory}" already`);
  await release();
  expect(await claimHolder(directory)).toBeUndefined();
  await (await claimRun(directory))();
});

test('a claim whose process was killed is taken over', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await (await claimRun(directory))();
  await writeFile(join(directory, 'training.pid'), `${child.pid}\n`);
  expect(await claimHolder(directory)).toBe(child.pid);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await claimHolder(directory)).toBeUndefined();
  await (await claimRun(directory))();
});

test.each(['', 'a word', '-1', '0'])('a damaged claim, %j, keeps nobody out', async (text) => {
  await (await claimRun(directory))();
  await writeFile(join(directory, 'training.pid'), text);
  await (await claimRun(directory))();
});
