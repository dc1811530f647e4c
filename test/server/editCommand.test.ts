/** `reverie edit` as a person meets it: what it writes, what it reports, and what it refuses. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { greyOf } from '../../models/diffusion/editing/colourise.ts';
import { scaledDown } from '../../models/diffusion/editing/superResolve.ts';
import { freshFrame } from '../../server/edit/editSource.ts';
import { encodeStrip, readPicture } from '../../server/edit/pictureFile.ts';
import type { Frame } from '../../shared/frame.ts';
import { runCommand as reverie } from '../runCommand.ts';

let directory: string;
let truth: Frame;
const at = (name: string): string => join(directory, name);

const edit = (...args: string[]) => reverie('--json', 'edit', '--world', 'two-room', '--steps', '1', ...args);

/** A PNG of grey levels, [side, side]. */
async function greyPng(levels: Uint8Array): Promise<Buffer> {
  const side = Math.sqrt(levels.length);
  const canvas = createCanvas(side, side);
  const context = canvas.getContext('2d');
  const image = context.createImageData(side, side);
  levels.forEach((level, pixel) => {
    image.data.set([level, level, level, 255], 4 * pixel);
  });
  context.putImageData(image, 0, 0);
  return canvas.encode('png');
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'reverie-edit-'));
  truth = freshFrame(await loadWorld('two-room'), 3, 10);
  await writeFile(at('frame.png'), await encodeStrip([truth]));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('edit', () => {
  test('of a picture keeps the bytes that are not hidden, by rectangle and by mask alike', async () => {
    const hidden = (pixel: number): boolean => pixel % 64 < 20 && Math.floor(pixel / 64) < 30;
    await writeFile(at('mask.png'), await greyPng(Uint8Array.from({ length: 4096 }, (_, i) => (hidden(i) ? 255 : 0))));
    const { status, stdout } = await edit(at('frame.png'), '--inpaint', '0,0,20,30', '--out', at('a.png'));
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      out: at('a.png'),
      world: 'two-room',
      edit: 'inpaint',
      method: 'mcm',
      steps: 1,
      seed: 0,
      frames: 1,
      source: { kind: 'picture', file: at('frame.png') },
      latent: 'encoded',
    });
    await edit(at('frame.png'), '--inpaint', at('mask.png'), '--out', at('b.png'));
    const painted = await readPicture(at('a.png'));
    expect(await readPicture(at('b.png'))).toEqual(painted);
    expect(painted.every((byte, i) => hidden(Math.floor(i / 3)) || byte === truth[i])).toBe(true);
  });

  test('of a fresh frame degrades it, and says how near to it the result came', async () => {
    const args = ['--upscale', '4', '--seed', '3', '--frame', '10', '--latent', at('frame.png')];
    const { stdout } = await edit(...args, '--out', at('c.png'));
    const { source, latent, psnr } = JSON.parse(stdout);
    expect({ source, latent }).toEqual({ source: { kind: 'world', seed: 3, step: 10 }, latent: 'given' });
    expect(psnr.result).toBeGreaterThan(psnr.visible);
    const painted = await readPicture(at('c.png'));
    expect(scaledDown(painted, 4)).toEqual(scaledDown(truth, 4));
    await edit(...args, '--out', at('again.png'));
    expect(await readFile(at('again.png'))).toEqual(await readFile(at('c.png')));
  });

  test('of a step of a recording knows its world', async () => {
    const recording = at('episode.recording');
    await reverie('record', '--world', 'two-room', '--seed', '3', '--steps', '12', '--out', recording);
    const { status, stdout } = await reverie(
      '--json',
      ...['edit', recording, '--frame', '10', '--colourise', '--steps', '1', '--out', at('d.png')],
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ world: 'two-room', source: { kind: 'recording', step: 10 } });
    expect(greyOf(await readPicture(at('d.png')))).toEqual(greyOf(truth));
    const beyond = await edit(recording, '--frame', '13', '--colourise', '--out', at('none.png'));
    expect(beyond.stderr).toContain('no step 13; choose one from 0 to 12');
    expect(beyond.status).toBe(2);
  });

  test('paints frames between two pictures, side by side', async () => {
    const args = ['--between', at('frame.png'), at('frame.png'), '--frames', '3', '--out', at('strip.png')];
    const { status, stdout } = await edit(...args);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ edit: 'between', frames: 3 });
    const { width, height } = await loadImage(at('strip.png'));
    expect([width, height]).toEqual([192, 64]);
  });

  test('takes a latent as numbers, and says how many', async () => {
    await writeFile(at('short.json'), '[1, 2]');
    const { status, stderr } = await edit('--colourise', '--latent', at('short.json'), '--out', at('none.png'));
    expect(stderr).toMatch(/has 2 numbers; this agent's have \d+/);
    expect(status).toBe(2);
  });

  test.each([
    { args: [], says: 'nothing says what to do; give one of --inpaint', is: 2 },
    { args: ['--colourise', '--denoise', '9'], says: '--colourise and --denoise are different edits', is: 2 },
    { args: ['--inpaint', '60,0,10,10'], says: 'inside 0,0,64,64', is: 2 },
    { args: ['--inpaint', 'nowhere.png'], says: '"nowhere.png" cannot be read', is: 1 },
    { args: ['FRAME', '--upscale', '4'], says: 'is 64×64 pixels; give a picture of 16×16', is: 1 },
    { args: ['TEXT', '--colourise'], says: 'is no picture that can be read', is: 1 },
    { args: ['--upscale', '3'], says: 'Allowed choices are 2, 4, 8', is: 2 },
    { args: ['--denoise', '0'], says: 'Give a number above 0', is: 2 },
    { args: ['--colourise', '--frames', '3'], says: 'add --between or leave it out', is: 2 },
    { args: ['--between', 'FRAME'], says: '--between takes two pictures', is: 2 },
    { args: ['--between', 'FRAME', 'FRAME', '--frame', '3'], says: 'leave out --frame and --latent', is: 2 },
    { args: ['--between', 'FRAME', 'FRAME', '--latent', 'FRAME'], says: 'leave out --frame and --latent', is: 2 },
    { args: ['FRAME', '--colourise', '--frame', '3'], says: 'a picture is one frame', is: 2 },
    { args: ['--colourise', '--method', 'ect'], says: 'has not learned the method "ect"', is: 2 },
    { args: ['--colourise', '--steps', '5'], says: '"mcm" has no 5 steps', is: 2 },
    { args: ['--colourise', '--frame', '100000'], says: 'choose a frame up to it', is: 2 },
    { args: ['--colourise', '--agent', 'nowhere'], says: 'there is no agent in "nowhere"', is: 1 },
  ])('with $args is refused', async ({ args, says, is }) => {
    await writeFile(at('text.png'), 'hello');
    const names = args.map((arg) => ({ FRAME: at('frame.png'), TEXT: at('text.png') })[arg] ?? arg);
    const { status, stderr } = await edit(...names, '--out', at('none.png'));
    expect(stderr).toContain(says);
    expect(status).toBe(is);
    expect(existsSync(at('none.png'))).toBe(false);
  });

  test('says when it cannot write, and when nothing names an agent', async () => {
    const { status, stderr } = await edit('--colourise', '--out', join(at('frame.png'), 'x.png'));
    expect(stderr).toContain('cannot write');
    expect(status).toBe(1);
    const nameless = await reverie('edit', at('frame.png'), '--colourise', '--out', at('none.png'));
    expect(nameless.stderr).toContain('name one with --world or --agent');
    expect(nameless.status).toBe(2);
  });
});

test('bench edits tells what the encoder misses from what the painter does', async () => {
  const { status, stdout } = await reverie(
    ...['--json', 'bench', 'edits', '--world', 'two-room', '--frames', '1', '--method', 'regression'],
  );
  expect(status).toBe(0);
  const { rows } = JSON.parse(stdout) as { rows: { edit: string; visible: number; encoded: number; told: number }[] };
  const row = (name: string) => rows.find(({ edit: other }) => other === name);
  expect(rows).toHaveLength(8);
  expect(row('upscale 4')?.encoded).toBeGreaterThan(row('upscale 4')?.visible ?? 0);
  // Nothing misleads an encoder that sees the true frame.
  expect(row('colourise')?.told).toBeGreaterThan(row('colourise')?.encoded ?? 0);
});
