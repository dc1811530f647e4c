/** The steps of `npm run engine:tensorflow`, with commands that only leave what the real ones would. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BindingOptions, buildTensorflowBinding } from '../../server/engine/tensorflowBinding.ts';
import { EngineError } from '../../shared/errors.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tensorflow-binding-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const binding = 'node_modules/@tensorflow/tfjs-node-gpu/binding';

/** Builds; @returns the commands that were run. */
async function build(changes: Partial<BindingOptions> = {}, failing?: string): Promise<string[]> {
  const commands: string[] = [];
  const run = async (command: string, args: readonly string[]) => {
    commands.push([command, ...args].join(' '));
    if (command === failing) throw new Error(`${command} ended with status 1`);
    if (command === 'npm') mkdirSync(join(root, binding), { recursive: true });
    const target = args.indexOf('--target');
    if (target > 0) mkdirSync(join(args[target + 1] as string, 'tensorflow'), { recursive: true });
  };
  const fixed = { root, version: '2.21.0', gpu: false, python: 'python3', compiler: 'c++', run, note: () => {} };
  await buildTensorflowBinding({ ...fixed, ...changes }).catch((error) => {
    if (failing === undefined) throw error;
    expect(error).toBeInstanceOf(EngineError);
    expect(error.message).toContain(failing);
  });
  return commands;
}

describe('the build of the binding', () => {
  it('installs, fetches and compiles once, and only compiles after that', async () => {
    const first = await build();
    expect(first.map((command) => command.split(' ')[0])).toEqual(['npm', 'python3', 'c++']);
    expect(first[0]).toContain('--ignore-scripts'); // the package's own would download
    expect(first[1]).toContain('tensorflow-cpu==2.21.0');
    expect((await build()).map((command) => command.split(' ')[0])).toEqual(['c++']);
  });

  it('fetches another release, or the one for GPUs, beside the first', async () => {
    await build();
    expect((await build({ version: '2.20.0' }))[0]).toContain('tensorflow-cpu==2.20.0');
    expect((await build({ gpu: true }))[0]).toContain('tensorflow[and-cuda]==2.21.0');
    expect(readdirSync(join(root, '.cache/tensorflow')).sort()).toEqual(['2.20.0', '2.21.0', '2.21.0-gpu']);
  });

  it('has the binding find its library by a path that moves with the repository', async () => {
    const command = (await build()).at(-1) as string;
    const output = /-o (\S+)/.exec(command)?.[1] as string;
    const rpath = /-rpath,\$ORIGIN\/(\S+)/.exec(command)?.[1] as string;
    expect(resolve(output, '..', rpath)).toBe(join(root, '.cache/tensorflow/2.21.0/tensorflow'));
  });

  it.each(['npm', 'python3', 'c++'])('says what a step needs when %s fails, and takes up there', async (failing) => {
    const commands = await build({}, failing);
    expect(commands.at(-1)).toContain(failing);
    expect(existsSync(join(root, '.cache/tensorflow/2.21.0'))).toBe(failing === 'c++');
    expect((await build())[0]?.split(' ')[0]).toBe(failing);
  });
});
