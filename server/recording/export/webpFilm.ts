/**
 * An episode as an animated WebP that loops for ever, every colour exact. The canvas encodes single pictures without
 * loss; here their image data are put into one file
 * (https://developers.google.com/speed/webp/docs/riff_container: `VP8X`, `ANIM`, then an `ANMF` chunk a picture).
 */
import { FRAME_SIZE } from '../../../shared/frame.ts';
import type { RecordedEpisode } from '../recordedEpisode.ts';
import { type FilmFormat, type FilmOptions, filmOf } from './film.ts';
import { type Area, canvasOf } from './picture.ts';

const webp: FilmFormat = { name: 'WebP', tickMs: 1, maxFps: 100 };

/** At which the canvas's encoder is lossless. */
const LOSSLESS = 100;

/** Flag of `VP8X`. */
const ANIMATION = 0x02;

/** Flag of `ANMF`: replace what was there instead of blending. */
const NO_BLENDING = 0x02;

/** The file and how many pictures it has. */
export function webpFilm(episode: RecordedEpisode, options: FilmOptions): { content: Uint8Array; pictures: number } {
  const { scale } = options;
  const size = FRAME_SIZE * scale;
  const pictures: Buffer[] = [];
  for (const { frame, area, milliseconds } of filmOf(episode, options, webp)) {
    const still = canvasOf(frame, scale, area).toBuffer('image/webp', LOSSLESS);
    pictures.push(chunk('ANMF', Buffer.concat([placement(area, scale, milliseconds), losslessData(still)])));
  }
  const features = Buffer.alloc(10);
  features.writeUInt8(ANIMATION, 0);
  features.writeUIntLE(size - 1, 4, 3);
  features.writeUIntLE(size - 1, 7, 3);
  // A background of no colour, and a loop count of 0: for ever.
  const body = Buffer.concat([chunk('VP8X', features), chunk('ANIM', Buffer.alloc(6)), ...pictures]);
  return { content: chunk('RIFF', Buffer.concat([Buffer.from('WEBP'), body])), pictures: pictures.length };
}

/** Where a picture goes, its size and for how long it is shown. */
function placement({ x, y, width, height }: Area, scale: number, milliseconds: number): Buffer {
  const bytes = Buffer.alloc(16);
  // Offsets are counted in pairs of pixels.
  bytes.writeUIntLE((x * scale) / 2, 0, 3);
  bytes.writeUIntLE((y * scale) / 2, 3, 3);
  bytes.writeUIntLE(width * scale - 1, 6, 3);
  bytes.writeUIntLE(height * scale - 1, 9, 3);
  bytes.writeUIntLE(milliseconds, 12, 3);
  bytes.writeUInt8(NO_BLENDING, 15);
  return bytes;
}

/** The `VP8L` chunk of a single picture, header and padding included. */
function losslessData(still: Buffer): Buffer {
  for (let offset = 12; offset + 8 <= still.length; ) {
    const length = 8 + paddedLength(still.readUInt32LE(offset + 4));
    if (still.toString('latin1', offset, offset + 4) === 'VP8L') return still.subarray(offset, offset + length);
    offset += length;
  }
  throw new TypeError('the canvas gave a WebP picture without lossless data');
}

function chunk(name: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(8 + paddedLength(data.length));
  bytes.write(name, 'latin1');
  bytes.writeUInt32LE(data.length, 4);
  data.copy(bytes, 8);
  return bytes;
}

/** Chunks have even lengths. */
function paddedLength(length: number): number {
  return length + (length % 2);
}
