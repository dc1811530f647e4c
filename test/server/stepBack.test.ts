import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startProcess } from '../../shared/startProcess.ts';
import { OWN_SESSION } from '../../shared/stepBack.ts';
import { sessionPriority } from './sessionPriority.ts';
import type { SteppedBack } from './steppedBack.ts';

const STEPPED_BACK = new URL('./steppedBack.ts', import.meta.url);
const STDIO: SpawnOptions = { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] };

function steppedBack(options: SpawnOptions): Promise<SteppedBack> {
  return told(startProcess(STEPPED_BACK, ['7'], { ...options, ...STDIO }));
}

async function told(child: ChildProcess): Promise<SteppedBack> {
  const [[message]] = await Promise.all([once(child, 'message'), once(child, 'close')]);
  return message;
}

test('a process that steps back is nice, and so is its session, where sessions share the processors', async () => {
  expect(await steppedBack(OWN_SESSION)).toEqual({
    priority: 7,
    session: sessionPriority() === undefined ? undefined : 7,
  });
});

test('a process steps back alone in a session that others share', async () => {
  expect(await steppedBack({})).toEqual({ priority: 7, session: sessionPriority() });
});

test('a process that is nicer already stays where it is', async () => {
  const asNice = spawn(
    'nice',
    ['-n', '15', process.execPath, '--import', 'tsx', fileURLToPath(STEPPED_BACK), '7'],
    STDIO,
  );
  expect((await told(asNice)).priority).toBe(15);
});
