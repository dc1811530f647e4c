/** Commands on a terminal, where progress is a bar that draws itself again until it is stopped. */
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { Output } from '../../server/cli/output.ts';
import { runProgram } from '../../server/cli/program.ts';
import { ManualClock } from '../../shared/clock.ts';

/** Longer than a bar waits before it draws itself again. */
const REDRAWN_MS = 300;

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'terminal-'));
});

afterEach(() => rm(directory, { recursive: true }));

/** A terminal that keeps what is written to it. */
function terminal() {
  const text = { stdout: '', stderr: '' };
  const output = new Output({
    stdout: { isTTY: true, write: (part) => (text.stdout += part) },
    stderr: { isTTY: true, write: (part) => (text.stderr += part) },
  });
  return { output, text };
}

/** Runs a command, and waits for what a bar that was left would still draw. */
async function onTerminal(...args: string[]) {
  const { output, text } = terminal();
  const interruption = () => new AbortController().signal;
  const status = await runProgram(args, { output, clock: new ManualClock(), interruption });
  const { stderr: atTheEnd } = text;
  await setTimeout(REDRAWN_MS);
  return { status, ...text, drawnLater: text.stderr.slice(atTheEnd.length) };
}

test('a bar is drawn until a result is reported', async () => {
  const { output, text } = terminal();
  output.progress('training', 10).update(5, 'loss 1');
  expect(text.stderr).toContain('training');
  output.report({}, () => 'done');
  const { stderr } = text;
  await setTimeout(REDRAWN_MS);
  expect(text).toEqual({ stdout: 'done\n', stderr });
});

test('nothing is drawn any more after a command that has failed, so that it ends', async () => {
  await copyFile(join(weightsDirectory('two-room'), 'card.json'), join(directory, 'card.json'));
  const { status, stderr, drawnLater } = await onTerminal(
    ...['evaluate', '--world', 'two-room', '--rows', 'agent', '--agent', directory, '--episodes', '1'],
  );
  expect(stderr).toMatch(/agent .*0%.*\nthe weight file ".*latent\.safetensors" cannot be read/s);
  expect({ status, drawnLater }).toEqual({ status: 1, drawnLater: '' });
});

test('nor after one that has done its work, and prints its document', async () => {
  const { status, stdout, stderr, drawnLater } = await onTerminal(
    ...['check', 'test/check/hostileWorlds/prints.ts', '--json', '--quick', '--only', 'steps'],
  );
  expect(JSON.parse(stdout)).toMatchObject({ ok: true });
  expect(stderr).toContain('checking');
  expect({ status, drawnLater }).toEqual({ status: 0, drawnLater: '' });
});
