/**
 * Pictures of 64×64 pixels as an animated GIF that loops for ever: those of one moment side by side, each pixel a square
 * so that no colour is made up. The encoder (gifenc) is quick but not instant, so the page gets its turn after every
 * moment and is told how far the film is.
 */
import { GIFEncoder } from 'gifenc';
import { shownFor } from '../../shared/filmTimes.ts';
import { FRAME_SIZE } from '../../shared/frame.ts';
import { indexed } from './palette.ts';

/** GIF counts hundredths of a second. */
const TICK_MS = 10;
/** Picture pixels for one pixel of a frame. */
export const SCALE = 4;
/** Pixels of a frame between two pictures of a moment. */
export const GAP = 2;

export interface FilmMoment {
  /** 64×64 RGBA, as many at every moment; one that is missing is a grey square. */
  readonly pictures: readonly (Uint8Array | undefined)[];
  /** Milliseconds for which it is shown. */
  readonly milliseconds: number;
}

const BETWEEN = [128, 128, 128, 255] as const;
const MISSING = [208, 208, 208, 255] as const;

/** Size of the film in pixels of the frame, for so many pictures side by side. */
export function widthOf(pictures: number): number {
  return pictures * FRAME_SIZE + (pictures - 1) * GAP;
}

/** The file; `progress` is told the share that is done and may wait before the next moment. */
export async function gifFilm(
  moments: readonly FilmMoment[],
  progress: (share: number) => Promise<void>,
): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = GIFEncoder();
  const ends: number[] = [];
  for (const { milliseconds } of moments) ends.push((ends.at(-1) ?? 0) + milliseconds);
  const shown = shownFor(ends, TICK_MS);
  for (const [i, { pictures }] of moments.entries()) {
    const width = widthOf(pictures.length);
    const { palette, indices } = indexed(sideBySide(pictures));
    const large = enlarged(indices, width, FRAME_SIZE);
    encoder.writeFrame(large, width * SCALE, FRAME_SIZE * SCALE, { palette, delay: shown[i] ?? 0, repeat: 0 });
    await progress((i + 1) / moments.length);
  }
  encoder.finish();
  return encoder.bytes();
}

/** RGBA of the pictures in a row. */
export function sideBySide(pictures: FilmMoment['pictures']): Uint8Array {
  const width = widthOf(pictures.length);
  const all = new Uint8Array(4 * width * FRAME_SIZE);
  for (let i = 0; i < all.length; i += 4) all.set(BETWEEN, i);
  pictures.forEach((picture, place) => {
    for (let y = 0; y < FRAME_SIZE; y++) {
      const to = 4 * (y * width + place * (FRAME_SIZE + GAP));
      if (picture !== undefined) all.set(picture.subarray(4 * y * FRAME_SIZE, 4 * (y + 1) * FRAME_SIZE), to);
      else for (let x = 0; x < FRAME_SIZE; x++) all.set(MISSING, to + 4 * x);
    }
  });
  return all;
}

function enlarged(indices: Uint8Array, width: number, height: number): Uint8Array {
  const large = new Uint8Array(indices.length * SCALE * SCALE);
  for (let y = 0; y < height; y++) {
    const row = new Uint8Array(width * SCALE);
    for (let x = 0; x < width; x++) row.fill(indices[y * width + x] as number, x * SCALE, (x + 1) * SCALE);
    for (let again = 0; again < SCALE; again++) large.set(row, (y * SCALE + again) * row.length);
  }
  return large;
}
