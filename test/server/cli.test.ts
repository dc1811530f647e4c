import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { runCommand } from '../runCommand.ts';

// Some tests start a program, which a busy machine may take seconds for.
vi.setConfig({ testTimeout: 60_000 });

const root = fileURLToPath(new URL('../../', import.meta.url));
const running = new Set<ChildProcess>();

interface Result {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(args: readonly string[]): { child: ChildProcess; result: Promise<Result>; firstLine: Promise<string> } {
  const child = spawn(process.execPath, ['--import', 'tsx', 'server/cli/main.ts', ...args], { cwd: root });
  running.add(child);
  let stdout = '';
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (stdout.includes('\n')) resolve(stdout.slice(0, stdout.indexOf('\n')));
    });
    child.once('close', () => reject(new Error(`it ended without a line on standard output: ${stderr}`)));
  });
  firstLine.catch(() => {});
  const result = once(child, 'close').then(([exitCode]) => {
    running.delete(child);
    return { exitCode, stdout, stderr };
  });
  return { child, result, firstLine };
}

const reverie = (...args: string[]): Promise<Result> => start(args).result;

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

describe('wrong usage ends with status 2, nothing on standard output and one sentence of what would be right', () => {
  test.each([
    { args: [], says: /Name a command; `reverie --help` lists them/ },
    { args: ['dance'], says: /Unknown command 'dance'; `reverie --help`/ },
    { args: ['worlds', '--bogus'], says: /Unknown option '--bogus'; `reverie worlds --help`/ },
    { args: ['worlds', 'extra'], says: /Too many arguments.*`reverie worlds --help`/ },
    { args: ['check'], says: /Missing required argument 'world'/ },
    { args: ['check', 'nowhere'], says: /'nowhere' is neither a world nor.*push-t/ },
    { args: ['serve', '--world', 'nowhere'], says: /'nowhere' is neither a world nor.*push-t/ },
    { args: ['serve', '--port', 'seven'], says: /'seven' is invalid. Give an integer from 0 to 65535/ },
    { args: ['serve', '--port', '65536'], says: /from 0 to 65535/ },
    { args: ['serve', '--engine', 'steam'], says: /'steam' is invalid. Allowed choices are auto, cpu/ },
  ])('reverie $args', async ({ args, says }) => {
    const { status, stdout, stderr } = await runCommand(...args);
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  test('as a program of its own', async () => {
    const { exitCode, stdout, stderr } = await reverie('dance');
    expect(stderr).toMatch(/^Unknown command 'dance'/);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});

describe('help', () => {
  test.concurrent.each(['serve', 'worlds', 'engines', 'check'])('says what %s does', async (command) => {
    const { exitCode, stdout } = await reverie(command, '--help');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Usage: reverie ${command}`);
    expect(stdout).toContain('--json');
  });
});

describe('--json', () => {
  test('prints the worlds as one document', async () => {
    const { status, stdout } = await runCommand('worlds', '--json');
    expect(status).toBe(0);
    const { worlds } = JSON.parse(stdout);
    expect(worlds.map(({ id }: { id: string }) => id)).toContain('push-t');
    for (const world of worlds)
      expect(world).toMatchObject({
        action: expect.any(String),
        bodies: expect.any(Number),
        weights: expect.any(Boolean),
      });
  });

  test('prints a failure as one document too, before the command or after it', async () => {
    for (const args of [
      ['--json', 'dance'],
      ['check', 'nowhere', '--json'],
    ]) {
      const { status, stdout, stderr } = await runCommand(...args);
      expect(status).toBe(2);
      expect(JSON.parse(stdout).error.message).toBe(stderr.trim());
    }
  });
});

test('--verbose shows where an error comes from', async () => {
  const { stderr } = await runCommand('check', 'nowhere', '--verbose');
  expect(stderr).toMatch(/^ {4}at .*registry\.ts/m);
});

describe('serve', () => {
  test('prints one line with an address that answers, and ends well when it is told to', async () => {
    const { child, firstLine, result } = start(['serve', '--port', '0']);
    const address = (await firstLine).match(/http:\/\/127\.0\.0\.1:\d+\//)?.[0] ?? '';
    expect(await (await fetch(address)).text()).toContain('name="reverie-token"');
    child.kill('SIGTERM');
    const { exitCode, stdout } = await result;
    expect(exitCode).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(1);
  });

  test('on all addresses prints one for this machine first, which answers', async () => {
    const { child, firstLine, result } = start(['serve', '--port', '0', '--host', '0.0.0.0', '--no-training']);
    const address = (await firstLine).match(/http:\/\/localhost:\d+\/\?token=[\w-]+$/)?.[0] ?? '';
    expect(await (await fetch(address)).text()).toContain('name="reverie-token"');
    child.kill('SIGTERM');
    const [, ...elsewhere] = (await result).stdout.trim().split('\n');
    for (const line of elsewhere) expect(line).toMatch(/^for other machines: http:\/\/[^/]+:\d+\/\?token=[\w-]+$/);
  });

  test('names the port that is in use', async () => {
    const occupant = createServer().listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    const { port } = occupant.address() as AddressInfo;
    const { exitCode, stdout, stderr } = await reverie('serve', '--port', String(port));
    occupant.close();
    expect(stderr).toContain(`port ${port} is in use; choose another with --port`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  });
});

test('it works from any directory', async () => {
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), `${root}server/cli/main.ts`, 'worlds'],
    {
      cwd: tmpdir(),
      stdio: 'ignore',
    },
  );
  running.add(child);
  const [exitCode] = await once(child, 'close');
  running.delete(child);
  expect(exitCode).toBe(0);
});
