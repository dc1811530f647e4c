/** Files that measurements write: one that cannot be written is refused before, or costs no more than itself. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Output } from '../../server/cli/output.ts';
import { runProgram } from '../../server/cli/program.ts';
import { runCommand } from '../runCommand.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'unwritable-'));
});

afterEach(() => rm(directory, { recursive: true }));

test.each([
  { command: ['evaluate', '--report'] },
  { command: ['bench', 'renderer', '--chart'] },
  { command: ['bench', 'renderer', '--report'] },
  { command: ['bench', 'futures', '--sheet'] },
])('$command refuses what cannot be written before it measures', async ({ command }) => {
  const { status, stdout } = await runCommand('--json', ...command, directory, '--world', 'no-such-world');
  const message = `cannot write "${directory}" (it is a directory); free some space or choose another directory`;
  expect(JSON.parse(stdout)).toEqual({ error: { message } });
  expect(status).toBe(1);
});

test('a measurement is printed, as one document, though its file cannot be written in the end', async () => {
  const chart = join(directory, 'chart.svg');
  let [stdout, stderr, now] = ['', '', 0];
  const output = new Output({
    stdout: { write: (text) => (stdout += text) },
    stderr: {
      write(text) {
        if (text.startsWith('measured')) {
          mkdirSync(chart);
          writeFileSync(join(chart, 'in-the-way'), '');
        }
        stderr += text;
      },
    },
  });
  const clock = { now: () => now++ };
  const context = { output, clock, interruption: () => new AbortController().signal };
  const what = ['--world', 'two-room', '--methods', 'regression', '--steps', '1', '--frames', '40', '--chart', chart];
  const status = await runProgram(['--json', 'bench', 'renderer', ...what], context);
  expect(JSON.parse(stdout)).toMatchObject({ world: 'two-room', rows: [{ method: 'regression' }] });
  expect(stderr).toContain(`cannot write "${chart}"`);
  expect(status).toBe(1);
});
