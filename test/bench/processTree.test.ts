/** Whether what a process has started is counted with it, and no longer when it has ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { processTreeUse } from '../../server/bench/live/processTree.ts';

/** A process that starts another; both wait until they are killed. */
function startTwo(): ChildProcess {
  const wait = 'setInterval(() => {}, 1000)';
  const start = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(wait)}]); ${wait}`;
  return spawn(process.execPath, ['-e', start], { stdio: 'ignore', detached: true });
}

test.runIf(existsSync('/proc/self/status'))('children and theirs count until they end', async () => {
  const before = await processTreeUse();
  expect(before.threads).toBeGreaterThan(0);
  expect(before.rss).toBeGreaterThan(2 ** 20);
  const first = startTwo();
  await vi.waitFor(async () => {
    const during = await processTreeUse();
    expect(during.processes).toBe(before.processes + 2);
    expect(during.rss).toBeGreaterThan(before.rss);
    expect(during.threads).toBeGreaterThan(before.threads);
  }, 20_000);
  process.kill(-(first.pid as number), 'SIGKILL');
  await once(first, 'exit');
  await vi.waitFor(async () => expect((await processTreeUse()).processes).toBe(before.processes), 20_000);
});
