/** `reverie bench engine` as a person runs it. */
import { expect, test } from 'vitest';
import { Output } from '../../server/cli/output.ts';
import { runProgram } from '../../server/cli/program.ts';

/** Runs a command in this process, on a clock that moves by 10 ms each time it is read. */
async function bench(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  let [stdout, stderr, now] = ['', '', 0];
  const output = new Output({
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  const clock = { now: () => 10 * now++ };
  const context = { output, clock, interruption: () => new AbortController().signal };
  const exitCode = await runProgram(['bench', 'engine', ...args], context);
  return { exitCode, stdout, stderr };
}

test('prints one document of all that it timed', async () => {
  const { exitCode, stdout } = await bench('--engine', 'cpu', '--nets', 'mlp', '--seconds', '0.1', '--json');
  expect(exitCode).toBe(0);
  const { reference, rows } = JSON.parse(stdout);
  expect(reference).toBe('cpu');
  expect(rows.map(({ batch }: { batch: number }) => batch)).toEqual([16, 1]);
  for (const row of rows)
    expect(row).toMatchObject({
      net: 'mlp',
      engine: 'cpu',
      trainMs: 10,
      forwardMs: 10,
      ratio: { train: 1, forward: 1 },
    });
});

test.each([
  { args: ['--engine', 'cpu,gpu'], says: 'there is no engine "gpu"; choose all, cpu' },
  { args: ['--peer', 'jax'], says: 'Allowed choices are pytorch' },
  { args: ['--nets', 'gpt'], says: 'Give names out of dit, unet, mlp' },
])('refuses $args', async ({ args, says }) => {
  const { exitCode, stdout, stderr } = await bench(...args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(says);
});

test('says how to get a PyTorch that is not there', async () => {
  const { exitCode, stderr } = await bench('--engine', 'cpu', '--peer', 'pytorch', '--python', 'no-such-python');
  expect(exitCode).toBe(1);
  expect(stderr).toContain('no-such-python -m pip install torch');
});
