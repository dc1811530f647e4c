/** The benches that train something, as a person runs them. */
import { describe, expect, test } from 'vitest';
import { runCommand } from '../runCommand.ts';

const little = ['--world', 'two-room', '--engine', 'cpu', '--threads', '1', '--episodes', '2', '--frames', '40'];

describe('a bench that trains', () => {
  test('prints one document of what it measured, and shows its stages apart', async () => {
    const asked = ['--backbones', 'unet-small', '--steps', '2', '--json'];
    const { status, stdout, stderr } = await runCommand('bench', 'backbones', ...little, ...asked);
    expect([status, stderr]).toEqual([0, expect.stringContaining('collect')]);
    const { world, trainingSteps, rows } = JSON.parse(stdout);
    expect({ world, trainingSteps }).toEqual({ world: 'two-room', trainingSteps: 2 });
    expect(rows.map(({ backbone }: { backbone: string }) => backbone)).toEqual(['unet-small']);
  }, 120_000);

  test.each([
    ['conditioning', ['--world', 'nowhere'], /nowhere/],
    ['recipes', [...little, '--agent', 'nowhere'], /no agent in "nowhere"/],
    ['backbones', ['--world', 'two-room', '--engine', 'abacus'], /abacus/],
  ])('%s says what it lacks, and prints nothing', async (name, asked, says) => {
    const { status, stdout, stderr } = await runCommand('bench', name, ...asked);
    expect(status).toBeGreaterThan(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(says);
  });
});

describe('bench futures', () => {
  test('refuses a horizon for what a cover hides, before anything is loaded', async () => {
    const { status, stdout, stderr } = await runCommand(
      ...['bench', 'futures', '--world', 'nowhere', '--open', 'place', '--horizon', '8'],
    );
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/not ahead in time; leave out --horizon 8, or --open place/);
  });

  test.each([
    [['--open', 'door'], /choices are future, place/],
    [['--open', 'place', '--horizon', '0'], /from 1 to 100/],
  ])('refuses %j', async (asked, says) => {
    const { status, stderr } = await runCommand('bench', 'futures', '--world', 'two-room', ...asked);
    expect(status).toBe(2);
    expect(stderr).toMatch(says);
  });
});
