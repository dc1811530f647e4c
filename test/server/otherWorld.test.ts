/** A world and an agent that contradict each other are refused wherever they meet: nothing is measured, shown or written of two. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { runCommand } from '../runCommand.ts';

const agent = weightsDirectory('two-room');
let directory: string;
let older: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'other-world-'));
  older = join(directory, 'older');
  await cp(agent, older, { recursive: true });
  const card = JSON.parse(await readFile(join(agent, 'card.json'), 'utf8'));
  await writeFile(join(older, 'card.json'), JSON.stringify({ ...card, world: { id: 'two-room', version: 0 } }));
});

afterAll(() => rm(directory, { recursive: true }));

const commands: readonly (readonly string[])[] = [
  ['bench', 'planner'],
  ['bench', 'renderer'],
  ['bench', 'futures'],
  ['bench', 'noise'],
  ['bench', 'surprise'],
  ['bench', 'edits'],
  ['bench', 'backbones', '--engine', 'cpu'],
  ['bench', 'recipes', '--engine', 'cpu'],
  ['bench', 'conditioning', '--engine', 'cpu'],
  ['edit', '--colourise', '--out', 'nothing.png'],
  ['evaluate', '--rows', 'random,agent'],
  ['evaluate', '--rows', 'oracle-latent-cost'],
  ['export', '--out', 'nothing'],
  ['record', '--behaviour', 'agent', '--out', 'nothing.recording'],
  ['serve', '--port', '0'],
];

describe.each(commands.map((command) => ({ command })))('$command', ({ command }) => {
  test('refuses the agent of another world', async () => {
    const { status, stdout, stderr } = await runCommand(...command, '--world', 'push-t', '--agent', agent);
    expect(stderr).toContain(
      `the agent in "${agent}" was trained in two-room, not push-t; name its world with --world`,
    );
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  test('refuses the agent of an earlier version of its world', async () => {
    const { status, stdout, stderr } = await runCommand(...command, '--world', 'two-room', '--agent', older);
    expect(stderr).toContain(`the agent in "${older}" was trained in version 0 of two-room`);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });
});
