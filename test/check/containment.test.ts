/**
 * Hostile worlds, each in a process of its own: whatever they do, the check reports it as the result of the check that
 * was under way, keeps what was found before, and leaves nothing running.
 */
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import type { CheckResult } from '../../envs/conformance/checkWorld.ts';
import { type ContainedCheckOptions, checkContained } from '../../server/check/containedCheck.ts';
import { UsageError, WorldError } from '../../shared/errors.ts';

// Each test starts processes, which a busy machine may take many seconds for.
vi.setConfig({ testTimeout: 120_000, maxConcurrency: 3 });

/** Longer than anything takes here that doesn't hang. */
const hangSeconds = 6;

function pathOf(name: string): string {
  return fileURLToPath(new URL(`./hostileWorlds/${name}.ts`, import.meta.url));
}

/** The results of a hostile world's checks, by their names. */
async function check(name: string, options: Partial<ContainedCheckOptions> = {}) {
  const seen: CheckResult[] = [];
  const limits = {
    seconds: 60,
    megabytes: 1024,
    size: 'scant' as const,
    observe: (result: CheckResult) => seen.push(result),
  };
  const report = await checkContained(pathOf(name), { ...limits, ...options });
  expect(seen).toEqual(report.checks);
  return { ...report, byName: new Map(report.checks.map((result) => [result.name, result])) };
}

describe('a world that stops a check', () => {
  test.concurrent.each([
    {
      name: 'hangsAtImport',
      seconds: hangSeconds,
      says: /^no end after 6 s, in spinForEver \(.*hangsAtImport\.ts:7\)/,
      mend: /a loop/,
    },
    { name: 'waitsAtImport', seconds: 60, says: /^nothing was left to do: expected an answer/, mend: /await/ },
    { name: 'throwsNull', seconds: 60, says: /throwsNull\.ts' doesn't load: null/, mend: /default export/ },
    { name: 'diesAtImport', seconds: 60, says: /^the process died of SIGSEGV.*: expected it to go on/, mend: /native/ },
  ])('when it is loaded: $name', async ({ name, seconds, says, mend }) => {
    const { world, checks } = await check(name, { seconds });
    expect(world).toBe(pathOf(name));
    expect(checks).toEqual([
      { name: 'definition', ok: false, detail: expect.stringMatching(says), mend: expect.stringMatching(mend) },
    ]);
  });

  test.concurrent.each([
    {
      name: 'fillsTheHeap',
      says: /^the process came to hold \d+ MB(, in scene \(.*fillsTheHeap\.ts:9\))?: expected at most 300 MB/,
    },
    {
      name: 'fillsMemory',
      says: /^the process came to hold \d+ MB(, in scene \(.*fillsMemory\.ts:9\))?: expected at most 300 MB/,
    },
    { name: 'throwsOddly', says: /^frame\(\) threw something that cannot be shown: expected it to answer/ },
  ])('when it is asked: $name', async ({ name, says }) => {
    const { world, checks } = await check(name, { megabytes: 300, only: ['answers', 'seeds'] });
    expect(world).toBe('marble');
    expect(checks.map((result) => [result.name, result.ok])).toEqual([
      ['definition', true],
      ['answers', false],
    ]);
    expect(checks[1]?.detail).toMatch(says);
  });

  test.concurrent('in the middle, and the checks after it are tried all the same', async () => {
    const { checks, byName } = await check('exits', { only: ['seeds', 'steps', 'actions'] });
    expect(checks.map(({ name }) => name)).toEqual(['definition', 'answers', 'seeds', 'steps', 'actions']);
    expect(byName.get('seeds')?.ok).toBe(true);
    expect(byName.get('steps')?.detail).toMatch(
      /^the process was ended with status 0, called from .*step \(.*exits\.ts:8/,
    );
    expect(byName.get('actions')?.ok).toBe(true);
  });

  test.concurrent('a second time, and then no more', async () => {
    const { checks } = await check('exits', { only: ['seeds', 'states', 'frames', 'memory'] });
    expect(checks.map(({ name, ok }) => [name, ok])).toEqual([
      ['definition', true],
      ['answers', true],
      ['seeds', true],
      ['states', false],
      ['frames', false],
    ]);
    expect(checks[4]?.detail).toMatch(/not tried any more: memory$/);
  });

  test.concurrent('by hanging, and what was found before stands', async () => {
    const { checks } = await check('hangsInStep', { seconds: hangSeconds, only: ['seeds', 'states'] });
    expect(checks.slice(0, 3).every(({ ok }) => ok)).toBe(true);
    expect(checks[3]).toMatchObject({ name: 'states', ok: false });
    expect(checks[3]?.detail).toMatch(/^no end after 6 s, in step \(.*hangsInStep\.ts:8\)/);
  });
});

describe('a world that keeps its contract and misbehaves beside', () => {
  test.concurrent.each([
    { name: 'leavesTimers', says: /^the world leaves \d+ timer\(s\) running: expected a program/ },
    { name: 'rejects', says: /nobody handled it, with the cat is out.*there was thrown the bag is open/ },
    {
      name: 'redefinesGlobals',
      says: /^the world replaced Array\.prototype\.map, JSON\.stringify, Math\.max: expected/,
    },
  ])('fails in isolation alone: $name', async ({ name, says }) => {
    const { checks, byName } = await check(name, { only: ['steps', 'space', 'isolation'] });
    expect(checks.filter(({ ok }) => !ok).map((result) => result.name)).toEqual(['isolation']);
    expect(byName.get('isolation')?.detail).toMatch(says);
    expect(byName.get('isolation')?.mend).toBeTruthy();
  });

  test.concurrent('may print, which is remarked on', async () => {
    const { byName } = await check('prints', { only: ['steps', 'isolation'] });
    expect(byName.get('isolation')?.ok).toBe(true);
    expect(byName.get('isolation')?.remarks).toEqual([
      expect.stringMatching(/standard output.*[\d,]+ characters, beginning with '\{"ok": true\}'/),
      expect.stringMatching(/standard error: [\d,]+ characters, beginning with 'careful'/),
    ]);
  });

  test.concurrent('cannot put in a result of its own by writing to the pipe', async () => {
    const { byName } = await check('forges', { only: ['frames'] });
    expect(byName.get('frames')?.detail).toMatch(/all of one colour/);
  });

  test.concurrent('leaves nothing running that it started', async () => {
    const { byName } = await check('spawns', { only: ['isolation'] });
    const { detail, remarks = [] } = byName.get('isolation') ?? {};
    expect(detail).toMatch(/leaves 1 child process\(es\) running/);
    const pid = Number(/beginning with 'child (\d+)'/.exec(remarks.join())?.[1]);
    expect(pid).toBeGreaterThan(1);
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: 20_000 });
  });
});

test.concurrent('a world that differs from process to process is found out by a second one', async () => {
  const { checks, byName } = await check('differs', { only: ['seeds', 'processes'] });
  expect(byName.get('seeds')?.ok).toBe(true);
  expect(checks.at(-1)?.detail).toMatch(
    /^vx is .* at the start of seed 0 in a second process: expected .*, to the bit/,
  );
});

test.concurrent('a check that is interrupted ends at once, and so does its process', async () => {
  const interruption = new AbortController();
  const run = check('hangsAtImport', { interrupted: interruption.signal });
  setTimeout(() => interruption.abort(), 500);
  await expect(run).rejects.toThrow(WorldError);
  await expect(run).rejects.toThrow(/was interrupted; run it again/);
});

test.concurrent('a world that there isn’t is wrong usage', async () => {
  const run = checkContained('no-such-world', { seconds: 60, megabytes: 1024 });
  await expect(run).rejects.toThrow(UsageError);
  await expect(run).rejects.toThrow(/'no-such-world' is neither a world nor/);
});
