/** `reverie evaluate` and `reverie bench planner` as a person runs them. */
import { expect, test } from 'vitest';
import { Output } from '../../server/cli/output.ts';
import { runProgram } from '../../server/cli/program.ts';

/** Runs a command in this process, on a clock that moves by a millisecond each time it is read. */
async function reverie(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  let [stdout, stderr, now] = ['', '', 0];
  const output = new Output({
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  const context = { output, clock: { now: () => now++ }, interruption: () => new AbortController().signal };
  const exitCode = await runProgram(args, context);
  return { exitCode, stdout, stderr };
}

const evaluate = (...more: string[]) => reverie('evaluate', '--world', 'two-room', '--seed', '1000', ...more);

test('prints one document, with both successes and their intervals', async () => {
  const { exitCode, stdout } = await evaluate('--episodes', '1', '--rows', 'agent', '--solver', 'gradient', '--json');
  expect(exitCode).toBe(0);
  const share = expect.any(Number);
  expect(JSON.parse(stdout)).toEqual({
    world: 'two-room',
    episodes: 1,
    budget: expect.any(Number),
    seed: 1000,
    difficulty: 'default',
    solver: 'gradient',
    objective: 'sum',
    replanEvery: 1,
    vary: [],
    agent: 'shipped',
    rows: {
      agent: {
        moderate: share,
        ci95: [share, share],
        strict: share,
        strictCi95: [share, share],
        planMs: { p50: 1, p95: 1 },
      },
    },
  });
});

test('a search by time says so in its document', async () => {
  const { exitCode, stdout } = await evaluate('--episodes', '1', '--rows', 'agent', '--plan-ms', '9', '--json');
  expect(exitCode).toBe(0);
  const { planMs, rows } = JSON.parse(stdout);
  expect(planMs).toBe(9);
  expect(rows.agent.planMs.p50).toBeGreaterThan(1);
});

test.each([
  { args: ['--solver', 'annealing'], says: 'Allowed choices are cem, icem, mppi, gradient' },
  { args: ['--objective', 'reward'], says: 'Allowed choices are sum, temporal, latent' },
  { args: ['--difficulty', 'brutal'], says: 'Allowed choices are easy, default, hard, all' },
  { args: ['--rows', 'oracel'], says: 'oracle-latent-cost, learned-state-cost, separated by commas' },
  { args: ['--plan-ms', '0'], says: 'Give a number above 0' },
  { args: ['--horizon', '0'], says: 'from 1 to 64' },
  { args: ['--horizon', '3', '--replan-every', '4'], says: '--replan-every 4 takes more steps of a plan' },
])('refuses $args', async ({ args, says }) => {
  const { exitCode, stderr } = await evaluate(...args);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(says);
});
