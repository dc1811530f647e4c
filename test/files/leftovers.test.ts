/** What a killed writer leaves is removed by whoever opens its folder next, and nothing of anybody else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeLeftovers } from '../../server/files/leftovers.ts';
import { RecordingFolder } from '../../server/recording/recordingFolder.ts';
import { claimRun } from '../../server/training/runClaim.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'leftovers-'));
});

afterEach(() => rm(directory, { recursive: true }));

/** Has a process write files as `writeAtomically` does, and killed on the way. */
async function leftBehind(...names: string[]): Promise<void> {
  const writer = new URL('../../server/files/writeAtomically.ts', import.meta.url).href;
  const script = `
    import fs from 'node:fs/promises';
    import { syncBuiltinESMExports } from 'node:module';
    fs.rename = () => process.kill(process.pid, 'SIGKILL');
    syncBuiltinESMExports();
    const { writeAtomically } = await import('${writer}');
    await Promise.all(process.argv.slice(1).map((path) => writeAtomically(path, 'half')));`;
  const paths = names.map((name) => join(directory, name));
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, ...paths]);
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
  expect((await readdir(directory)).filter((name) => name.endsWith('.tmp')).length).toBeGreaterThan(0);
}

test('a folder of recordings is cleared when it is opened', async () => {
  await leftBehind('episode.recording');
  await RecordingFolder.open(directory, () => {});
  expect(await readdir(directory)).toEqual([]);
});

test('a directory of a training is cleared when it is claimed', async () => {
  await leftBehind('stage.safetensors');
  const release = await claimRun(directory);
  await release();
  expect(await readdir(directory)).toEqual([]);
});

test('what a living process writes stays, and so does what is named otherwise', async () => {
  const names = [
    `card.json.${process.pid}-1.tmp`,
    'card.json',
    'notes.tmp',
    'model.1-2.tmpl',
    `x.${process.ppid}-3.tmp`,
  ];
  for (const name of names) await writeFile(join(directory, name), '');
  await removeLeftovers(directory);
  expect((await readdir(directory)).sort()).toEqual([...names].sort());
  await removeLeftovers(join(directory, 'nowhere'));
});
