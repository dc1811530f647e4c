/** One process trains in a directory at a time. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimHolder, claimRun } from '../../server/training/runClaim.ts';

let directory: string;

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'claim-')), 'run');
});

afterEach(() => rm(join(directory, '..'), { recursive: true }));

/** What a process leaves that was killed, or anything else. */
async function leave(text: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'training.pid'), text);
}

test('a claim keeps others out until it is given back', async () => {
  const release = await claimRun(directory);
  expect(await claimHolder(directory)).toBe(process.pid);
  await expect(claimRun(directory)).rejects.toThrow(`process ${process.pid} trains in "${directory}" already`);
  await release();
  expect(await claimHolder(directory)).toBeUndefined();
  await (await claimRun(directory))();
  expect(await readdir(directory)).toEqual([]);
});

test('a claim whose process was killed is taken over', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await leave(`${child.pid}\n`); // as it was before the beginning was kept
  expect(await claimHolder(directory)).toBe(child.pid);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await claimHolder(directory)).toBeUndefined();
  await (await claimRun(directory))();
});

test.runIf(existsSync('/proc/self/stat'))('a claim of an earlier process of the same id is taken over', async () => {
  const release = await claimRun(directory);
  const [id, began] = (await readFile(join(directory, 'training.pid'), 'utf8')).split(' ');
  await release();
  await leave(`${id} ${Number(began) - 1}`);
  expect(await claimHolder(directory)).toBeUndefined();
  await (await claimRun(directory))();
});

test('of several that claim at once where a claim was left, one goes on', async () => {
  await leave('1234567 1');
  const claims = await Promise.allSettled(Array.from({ length: 8 }, () => claimRun(directory)));
  expect(await claimHolder(directory)).toBe(process.pid);
  const refused = claims.flatMap((claim) => (claim.status === 'rejected' ? [String(claim.reason)] : []));
  expect(refused).toHaveLength(7);
  for (const reason of refused) expect(reason).toMatch(/trains in/);
  for (const claim of claims) if (claim.status === 'fulfilled') await claim.value();
  expect(await readdir(directory)).toEqual([]);
});

test('a claim that another has replaced is not given back for it', async () => {
  const release = await claimRun(directory);
  await leave('1 another');
  await release();
  expect(await readFile(join(directory, 'training.pid'), 'utf8')).toBe('1 another');
});

test.each(['', 'a word', '-1', '0'])('a damaged claim, %j, keeps nobody out', async (text) => {
  await leave(text);
  await (await claimRun(directory))();
});
