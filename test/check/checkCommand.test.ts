/** `reverie check` as a program: its exit status, its one document, and the lines that people read. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';

// Each test starts programs, which a busy machine may take many seconds for.
vi.setConfig({ testTimeout: 120_000, maxConcurrency: 2 });

const root = fileURLToPath(new URL('../../', import.meta.url));

async function reverie(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'server/cli/main.ts', 'check', ...args], { cwd: root });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [exitCode] = await once(child, 'close');
  return { exitCode, stdout, stderr };
}

describe('reverie check', () => {
  test.concurrent('prints one document, whatever the world prints, and ends with 0 when all is well', async () => {
    const args = ['test/check/hostileWorlds/prints.ts', '--json', '--quick', '--only', 'steps,isolation'];
    const { exitCode, stdout } = await reverie(...args);
    const { world, ok, checks } = JSON.parse(stdout);
    expect({ world, ok, exitCode }).toEqual({ world: 'marble', ok: true, exitCode: 0 });
    expect(checks.map(({ name }: { name: string }) => name)).toEqual(['definition', 'answers', 'steps', 'isolation']);
    for (const check of checks) expect(check).toMatchObject({ ok: true, detail: expect.any(String) });
  });

  test.concurrent('ends with 1 when a check failed, and says what to do', async () => {
    const { exitCode, stdout } = await reverie('test/check/hostileWorlds/throwsOddly.ts');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^ok {6}definition +marble version 1 is well formed$/m);
    expect(stdout).toMatch(/^FAILED {2}answers +frame\(\) threw .*\n +To mend it: /m);
    expect(stdout).toMatch(/^marble fails 1 of 2 checks \(answers\)/m);
  });

  test.concurrent.each([
    { args: ['push-t', '--timeout', '0'], says: /'0' is invalid. Give a number above 0/ },
    { args: ['push-t', '--memory', '10'], says: /'10' is invalid. Give an integer of at least 256/ },
    { args: ['push-t', '--only', 'colour'], says: /Give names out of definition, answers, .*isolation/ },
  ])('refuses $args', async ({ args, says }) => {
    const { exitCode, stdout, stderr } = await reverie(...args);
    expect(stderr).toMatch(says);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});
