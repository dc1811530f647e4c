/** `record`, `replay` and `export` as a person meets them: what they print, with which status, and what they refuse. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeRecording } from '../../server/recording/recordingCodec.ts';
import { readRecording } from '../../server/recording/recordingFile.ts';
import { runCommand as reverie } from '../runCommand.ts';
import { driftWorld } from './driftWorld.ts';
import { recordScript } from './recordScript.ts';

let directory: string;
let recorded: string;
const at = (name: string): string => join(directory, name);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'reverie-commands-'));
  recorded = at('episode.recording');
  await reverie('record', '--world', 'two-room', '--seed', '6', '--out', recorded);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('record', () => {
  test('plays the script unless told otherwise, and replay finds it good', async () => {
    const { header } = await readRecording(recorded);
    expect(header).toMatchObject({
      world: { id: 'two-room', source: 'two-room' },
      start: { kind: 'reset', seed: 6 },
      actor: { kind: 'script', seed: 6 },
    });
    const { status, stdout } = await reverie('replay', recorded);
    expect(stdout).toBe(`ok: ${header.steps} steps of two-room, each state as recorded to the bit\n`);
    expect(status).toBe(0);
  });

  test('gives the same actions and states for the same seed', async () => {
    const again = at('again.recording');
    await reverie('record', '--world', 'two-room', '--seed', '6', '--out', again);
    const [first, second] = [await readRecording(recorded), await readRecording(again)];
    expect(second.steps).toEqual(first.steps);
  });

  test('plays a task, with a difficulty and a limit, and says how it ended', async () => {
    const out = at('task.recording');
    const task = ['--task', '--difficulty', 'easy', '--behaviour', 'random', '--steps', '9'];
    const { status, stdout } = await reverie('--json', 'record', '--world', 'two-room', ...task, '--out', out);
    expect(status).toBe(0);
    const success = { moderate: expect.any(Boolean), strict: expect.any(Boolean) };
    const expected = { file: out, world: 'two-room', behaviour: 'random', seed: 0, success };
    expect(JSON.parse(stdout)).toMatchObject(expected);
    const { header } = await readRecording(out);
    expect(header.steps).toBeLessThanOrEqual(9);
    expect(header.task).toMatchObject({ seed: 0, difficulty: 'easy' });
    expect((await reverie('replay', out)).status).toBe(0);
  });

  test.each([
    { args: ['--behaviour', 'scripted', '--agent', 'somewhere'], says: '--agent names who acts' },
    { args: ['--difficulty', 'hard'], says: 'add --task' },
    { args: ['--vary', 'weight'], says: "'weight' is no factor of this world" },
    { args: ['--vary', 'nonsense=1'], says: "'nonsense' is no factor of this world" },
    { args: ['--steps', '0'], says: 'Give an integer' },
    { args: ['--behaviour', 'dance'], says: 'Allowed choices are' },
  ])('with $args is wrong usage', async ({ args, says }) => {
    const { status, stderr } = await reverie('record', '--world', 'two-room', ...args, '--out', at('none.recording'));
    expect(stderr).toContain(says);
    expect(status).toBe(2);
    expect(existsSync(at('none.recording'))).toBe(false);
  });
});

describe('replay', () => {
  test('of an altered recording names the step and ends with status 1', async () => {
    const { steps, ...rest } = await readRecording(recorded);
    const altered = steps.map((step, i) => (i === 9 ? { ...step, hash: '00'.repeat(8) } : step));
    await writeFile(at('altered.recording'), encodeRecording({ ...rest, steps: altered }));
    const plain = await reverie('replay', at('altered.recording'));
    expect(plain.stdout).toContain(`differs at step 10 of ${steps.length}\n  recorded: the state 0000000000000000\n`);
    expect(plain.stdout).toMatch(/seen: the state [0-9a-f]{16}: ballX [\d.]+, ballY [\d.]+/);
    expect(plain.stdout).toContain('likely cause: nothing that is recorded differs here');
    const { status, stdout } = await reverie('replay', at('altered.recording'), '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, steps: 9, of: steps.length, mismatch: { step: 10 } });
  });

  test('of a damaged file says where it is damaged', async () => {
    const content = await readFile(recorded);
    await writeFile(at('short.recording'), content.subarray(0, content.length - 100));
    const { status, stdout, stderr } = await reverie('replay', at('short.recording'));
    expect(stderr).toMatch(/short\.recording" cannot be used: it is cut off within step \d+ of \d+, after \d+ bytes/);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });

  test('of what is no file, or no recording, says so', async () => {
    await writeFile(at('text.recording'), 'hello');
    expect((await reverie('replay', at('text.recording'))).stderr).toContain('it is no recording');
    expect((await reverie('replay', at('nowhere.recording'))).stderr).toContain('cannot be read');
    expect((await reverie('replay', directory)).status).toBe(1);
  });
});

describe('a recording of a module', () => {
  const code = `
    import { writeFileSync } from 'node:fs';
    writeFileSync(process.env.REVERIE_TEST_MARKER, 'the code ran');
    export default {};`;

  test('is never loaded because a file says so', async () => {
    process.env.REVERIE_TEST_MARKER = at('marker');
    await writeFile(at('evil.mjs'), code);
    const recording = recordScript(driftWorld());
    for (const id of ['drift', at('evil.mjs')]) {
      const header = { ...recording.header, world: { id, version: 1, source: at('evil.mjs') } };
      await writeFile(at('evil.recording'), encodeRecording({ ...recording, header }));
      for (const args of [
        ['replay', at('evil.recording')],
        ['export', at('evil.recording'), '--out', at('evil.gif')],
      ]) {
        const { status, stderr } = await reverie(...args);
        expect(stderr).toContain('a module runs code, so none is loaded because a file says so');
        expect(stderr).toContain('--world');
        expect(status).toBe(2);
      }
    }
    expect(existsSync(at('marker'))).toBe(false);
    // The same file is run once the user names it, which shows that the check above can fail.
    const { stderr } = await reverie('replay', at('evil.recording'), '--world', at('evil.mjs'));
    expect(stderr).toContain('has no world');
    expect(existsSync(at('marker'))).toBe(true);
  });

  test('is replayed and exported with the module that the user names, varied as it was', async () => {
    const module = join(import.meta.dirname, 'driftModule.ts');
    const out = at('drift.recording');
    const vary = ['--vary', 'gain=1.25'];
    expect((await reverie('record', '--world', module, ...vary, '--out', out)).status).toBe(0);
    const { header } = await readRecording(out);
    expect(header).toMatchObject({ world: { id: 'drift', source: module }, variation: { gain: 1.25 } });
    expect((await reverie('replay', out)).status).toBe(2);
    expect((await reverie('replay', out, '--world', module)).stdout).toMatch(/^ok: /);
    expect((await reverie('export', out, '--world', module, '--out', at('drift.gif'))).status).toBe(0);
    const other = await reverie('replay', out, '--world', 'two-room');
    expect(other.stderr).toContain("is of the world 'drift', and \"two-room\" is 'two-room'");
    expect(other.status).toBe(1);
  });

  test('draws the factors that are named without a value from the seed, the same each time', async () => {
    const drawn = async (seed: string, name: string) => {
      const args = ['--world', 'two-room', '--steps', '2', '--vary', 'ballSpeed', 'drift=1', '--seed', seed];
      expect((await reverie('record', ...args, '--out', at(name))).status).toBe(0);
      return (await readRecording(at(name))).header.variation;
    };
    const first = await drawn('1', 'drawn-1.recording');
    expect(first).toEqual({ drift: 1, ballSpeed: expect.any(Number) });
    expect(await drawn('1', 'drawn-2.recording')).toEqual(first);
    expect(await drawn('2', 'drawn-3.recording')).not.toEqual(first);
    expect((await reverie('replay', at('drawn-1.recording'))).status).toBe(0);
  });

  test('of a variation that is not possible here says so', async () => {
    const recording = await readRecording(recorded);
    const header = { ...recording.header, variation: { weather: 'fine' } };
    await writeFile(at('weather.recording'), encodeRecording({ ...recording, header }));
    const { status, stderr } = await reverie('replay', at('weather.recording'));
    expect(stderr).toMatch(/variation of 'two-room' is not possible here: 'weather' is no factor/);
    expect(status).toBe(1);
  });
});

describe('export', () => {
  test.each(['mcap', 'gif', 'webp'])('writes %s, by the ending of the name', async (format) => {
    const out = at(`out.${format}`);
    const { status, stdout } = await reverie('--json', 'export', recorded, '--out', out);
    expect(status).toBe(0);
    const { bytes, steps } = JSON.parse(stdout);
    expect(JSON.parse(stdout)).toMatchObject({ file: recorded, out, format, world: 'two-room' });
    expect((await readFile(out)).length).toBe(bytes);
    const count = format === 'mcap' ? { messages: 5 * steps + 4 } : { pictures: steps + 1 };
    expect(JSON.parse(stdout)).toMatchObject(count);
  });

  test('writes the format that is asked for, whatever the name', async () => {
    await reverie('export', recorded, '--out', at('picture'), '--format', 'gif');
    expect((await readFile(at('picture'))).toString('latin1', 0, 6)).toBe('GIF89a');
  });

  test.each([
    { args: ['--out', 'x.gif'], says: 'Name a recording to export' },
    { args: ['FILE', '--out', 'x.mp4'], says: '.mcap, .gif, .webp, or give --format' },
    { args: ['FILE', '--out', 'x.mcap', '--scale', '2'], says: '--scale and --fps are for pictures' },
    { args: ['FILE', '--out', 'x.gif', '--fps', '60'], says: 'GIF shows at most 50 pictures a second' },
    { args: ['FILE', '--out', 'x.gif', '--scale', '17'], says: 'from 1 to 16' },
  ])('with $args is wrong usage', async ({ args, says }) => {
    const before = await readdir(directory);
    const names = args.map((arg) => (arg === 'FILE' ? recorded : arg.startsWith('x.') ? at(arg) : arg));
    const { status, stderr } = await reverie('export', ...names);
    expect(stderr).toContain(says);
    expect(status).toBe(2);
    expect(await readdir(directory)).toEqual(before);
  });

  test('writes nothing when the episode no longer happens as recorded', async () => {
    const { steps, ...rest } = await readRecording(recorded);
    const altered = steps.map((step, i) => (i === 9 ? { ...step, hash: '00'.repeat(8) } : step));
    await writeFile(at('altered.recording'), encodeRecording({ ...rest, steps: altered }));
    for (const name of ['altered.mcap', 'altered.gif', 'altered.webp']) {
      const { status, stderr } = await reverie('export', at('altered.recording'), '--out', at(name));
      expect(stderr).toContain('leaves the recording at step 10');
      expect(status).toBe(1);
      expect(existsSync(at(name))).toBe(false);
    }
  });
});

describe('evaluate --record', () => {
  const rows = ['--rows', 'random,scripted', '--episodes', '3'];

  test('keeps every episode of every row', async () => {
    const folder = at('evaluation');
    const { status } = await reverie('evaluate', '--world', 'two-room', ...rows, '--record', folder);
    expect(status).toBe(0);
    const names = (await readdir(folder)).sort();
    expect(names).toHaveLength(6);
    for (const [i, name] of names.entries()) {
      expect(name).toMatch(
        new RegExp(`^two-room-${i < 3 ? 'random' : 'scripted'}-${(i % 3) + 1}-task\\d+\\.recording$`),
      );
      expect((await reverie('replay', join(folder, name))).status).toBe(0);
    }
  });

  test('says what it cannot keep, and gives its results nonetheless', async () => {
    const folder = at('partly');
    const args = ['evaluate', '--world', 'two-room', ...rows, '--record', folder];
    await reverie(...args);
    const [first = ''] = (await readdir(folder)).sort();
    await rm(join(folder, first));
    await mkdir(join(folder, first, 'in-the-way'), { recursive: true });
    const { status, stdout, stderr } = await reverie('--json', ...args);
    expect(stderr).toContain(`cannot write "${join(folder, first)}"`);
    expect(Object.keys(JSON.parse(stdout).rows)).toEqual(['random', 'scripted']);
    expect(status).toBe(1);
  });
});
