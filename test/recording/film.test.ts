/** GIF and WebP show what was seen, at the speed at which it happened; both are read back by other means. */
import { createCanvas, loadImage } from '@napi-rs/canvas';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadWorld, worldIds } from '../../envs/registry.ts';
import { filmOf } from '../../server/recording/export/film.ts';
import { gifFilm } from '../../server/recording/export/gifFilm.ts';
import { changedArea, enlarge, wholeFrame } from '../../server/recording/export/picture.ts';
import { webpFilm } from '../../server/recording/export/webpFilm.ts';
import { RecordedEpisode } from '../../server/recording/recordedEpisode.ts';
import { FRAME_BYTES, type Frame } from '../../shared/frame.ts';
import { driftWorld } from './driftWorld.ts';
import { readGif } from './readGif.ts';
import { recordScript } from './recordScript.ts';

async function episodeOf(id: string, steps: number): Promise<RecordedEpisode> {
  const definition = await loadWorld(id);
  return new RecordedEpisode(recordScript(definition, { steps }), definition.create());
}

function framesOf(episode: RecordedEpisode): Frame[] {
  return Array.from({ length: episode.length + 1 }, (_, step) => {
    episode.seek(step);
    return episode.frame();
  });
}

/** RGB of a frame at a scale, as text that compares quickly. */
function picture(frame: Frame, scale: number): string {
  return fromRgba(enlarge(frame, scale, wholeFrame));
}

function fromRgba(rgba: Uint8ClampedArray): string {
  return Buffer.from(rgba.filter((_, i) => i % 4 !== 3)).toString('base64');
}

const total = (milliseconds: readonly number[]): number => milliseconds.reduce((sum, each) => sum + each, 0);

describe.each(worldIds())('a GIF of %s', (id) => {
  test('has every frame with its exact colours, in real time, for ever', async () => {
    const episode = await episodeOf(id, 12);
    const { content, pictures } = gifFilm(episode, { scale: 2 });
    const gif = readGif(content);
    expect(gif).toMatchObject({ width: 128, height: 128, loops: 0 });
    expect(pictures).toBe(episode.length + 1);
    expect(gif.pictures.map(({ pixels }) => Buffer.from(pixels).toString('base64'))).toEqual(
      framesOf(episode).map((frame) => picture(frame, 2)),
    );
    const milliseconds = 1000 * episode.spec.stepSeconds * pictures;
    expect(Math.abs(total(gif.pictures.map((each) => each.milliseconds)) - milliseconds)).toBeLessThanOrEqual(5);
  });
});

/** The chunks of a RIFF file or of a part of one. */
function chunksOf(bytes: Buffer): { name: string; data: Buffer; whole: Buffer }[] {
  const chunks: { name: string; data: Buffer; whole: Buffer }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at + 4);
    const end = at + 8 + length;
    if (end > bytes.length) throw new Error('a chunk goes beyond the end');
    const next = end + (length % 2);
    chunks.push({
      name: bytes.toString('latin1', at, at + 4),
      data: bytes.subarray(at + 8, end),
      whole: bytes.subarray(at, next),
    });
    at = next;
  }
  return chunks;
}

function riff(parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat([Buffer.from('WEBP'), ...parts]);
  const head = Buffer.from('RIFF\0\0\0\0', 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

describe('a WebP', () => {
  test.each([1, 3])('at scale %i has every frame with its exact colours, in real time, for ever', async (scale) => {
    const episode = await episodeOf('push-t', 8);
    const file = chunksOf(Buffer.from(webpFilm(episode, { scale }).content));
    expect(file.map(({ name }) => name)).toEqual(['RIFF']);
    const [features, animation, ...frames] = chunksOf((file[0] as { data: Buffer }).data.subarray(4));
    expect([features?.name, features?.data[0]]).toEqual(['VP8X', 2]);
    expect(features?.data.readUIntLE(4, 3)).toBe(64 * scale - 1);
    expect([animation?.name, animation?.data.readUInt16LE(4)]).toEqual(['ANIM', 0]);
    const canvas = createCanvas(64 * scale, 64 * scale).getContext('2d');
    const seen: string[] = [];
    const milliseconds: number[] = [];
    for (const { name, data } of frames) {
      expect(name).toBe('ANMF');
      const [x, y] = [2 * data.readUIntLE(0, 3), 2 * data.readUIntLE(3, 3)];
      milliseconds.push(data.readUIntLE(12, 3));
      expect(data[15]).toBe(2);
      const still = await loadImage(riff(chunksOf(data.subarray(16)).map(({ whole }) => whole)));
      expect([still.width, still.height]).toEqual([data.readUIntLE(6, 3) + 1, data.readUIntLE(9, 3) + 1]);
      canvas.drawImage(still, x, y);
      seen.push(fromRgba(canvas.getImageData(0, 0, 64 * scale, 64 * scale).data));
    }
    expect(seen).toEqual(framesOf(episode).map((frame) => picture(frame, scale)));
    expect(total(milliseconds)).toBe(Math.round((9 * 5000) / 60));
  });

  test('is opened by the canvas as an image of its size', async () => {
    const image = await loadImage(Buffer.from(webpFilm(await episodeOf('push-t', 2), { scale: 2 }).content));
    expect([image.width, image.height]).toEqual([128, 128]);
  });
});

describe('the pictures of a film', () => {
  const definition = driftWorld({ budget: 1000 });
  const format = { name: 'test', tickMs: 10, maxFps: 50 };

  test('last as long as the episode, none too short to be shown, the last of them its end', () => {
    const steps = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(steps, fc.double({ min: 0.1, max: 50, noNaN: true }), (length, fps) => {
        const episode = new RecordedEpisode(recordScript(definition, { steps: length }), definition.create());
        const film = [...filmOf(episode, { fps, scale: 1 }, format)];
        const durations = film.map(({ milliseconds }) => milliseconds);
        expect(Math.abs(total(durations) - 100 * (length + 1))).toBeLessThanOrEqual(5);
        expect(Math.min(...durations)).toBeGreaterThanOrEqual(Math.min(20, 100 * (length + 1)));
        expect(film.length).toBeLessThanOrEqual(length + 1);
        expect(film.at(-1)?.frame).toEqual(framesOf(episode).at(-1));
      }),
      { numRuns: 15 },
    );
  });

  test('at half the rate are every second frame', () => {
    const episode = new RecordedEpisode(recordScript(definition, { steps: 19 }), definition.create());
    const film = [...filmOf(episode, { fps: 5, scale: 1 }, format)];
    const frames = framesOf(episode);
    const expected = [...Array.from({ length: 9 }, (_, i) => frames[2 * i]), frames[19]];
    expect(film.map(({ frame }) => picture(frame, 1))).toEqual(expected.map((frame) => picture(frame as Frame, 1)));
    expect(film.map(({ milliseconds }) => milliseconds)).toEqual(Array(10).fill(200));
  });

  test('that are too many are refused', () => {
    const episode = new RecordedEpisode(recordScript(definition, { steps: 999 }), definition.create());
    expect(() => [...filmOf(episode, { scale: 16 }, format)]).toThrow('1000 pictures at scale 16 are too many');
  });
});

test('the changed area holds all that differs, and has even corners', () => {
  const pixel = fc.tuple(fc.nat(63), fc.nat(63));
  fc.assert(
    fc.property(fc.array(pixel, { maxLength: 5 }), (pixels) => {
      const before = new Uint8Array(FRAME_BYTES);
      const after = before.slice();
      for (const [x, y] of pixels) after[3 * (64 * y + x) + 1] = 9;
      const { x, y, width, height } = changedArea(before, after);
      for (const [left, top] of pixels) {
        expect(left >= x && left < x + width && top >= y && top < y + height).toBe(true);
      }
      for (const value of [x, y, width, height]) expect(value % 2).toBe(0);
      expect(width > 0 && height > 0 && x + width <= 64 && y + height <= 64).toBe(true);
      if (pixels.length > 0) {
        expect(width).toBeLessThanOrEqual(
          Math.max(...pixels.map(([at]) => at)) - Math.min(...pixels.map(([at]) => at)) + 3,
        );
      }
    }),
  );
});
