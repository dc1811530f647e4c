import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { refuseUnwritable, writeAtomically } from '../../server/files/writeAtomically.ts';
import { DataError } from '../../shared/errors.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'files-'));
});

afterEach(() => rm(directory, { recursive: true }));

test('a file is written whole in place of the old one, its directory made, and nothing else left', async () => {
  const path = join(directory, 'new', 'file');
  await writeAtomically(path, 'old');
  await writeAtomically(path, 'new');
  expect(await readFile(path, 'utf8')).toBe('new');
  expect(await readdir(join(directory, 'new'))).toEqual(['file']);
});

test('of several writes of a file at once all succeed, and one of them stays, whole', async () => {
  const path = join(directory, 'file');
  const contents = Array.from({ length: 8 }, (_, i) => String(i).repeat(100_000 + i));
  await Promise.all(contents.map((content) => writeAtomically(path, content)));
  expect(contents).toContain(await readFile(path, 'utf8'));
  expect(await readdir(directory)).toEqual(['file']);
});

test('a file that cannot be written is named, and nothing of it is left', async () => {
  const path = join(directory, 'file');
  await mkdir(path);
  await writeFile(join(path, 'in-the-way'), '');
  const writing = writeAtomically(path, 'new');
  await expect(writing).rejects.toThrow(DataError);
  await expect(writing).rejects.toThrow(`cannot write "${path}"`);
  expect(await readdir(directory)).toEqual(['file']);
});

test('whether a file could be written is found out beforehand, and leaves nothing', async () => {
  await refuseUnwritable(join(directory, 'new', 'file'));
  expect(await readdir(join(directory, 'new'))).toEqual([]);
  const path = join(directory, 'file');
  await writeFile(path, 'old');
  await refuseUnwritable(path);
  expect(await readFile(path, 'utf8')).toBe('old');
  for (const unwritable of [join(directory, 'new'), join(path, 'below')])
    await expect(refuseUnwritable(unwritable)).rejects.toThrow(`cannot write "${unwritable}"`);
});
