/**
 * Pictures of 64×64 pixels as an animated GIF that loops for ever: those of one moment in rows, side by side, each pixel a
 * square so that no colour is made up. The encoder (gifenc) is quick but not instant, so the page gets its turn after every
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
  /** 64×64 RGBA, as many in every row and at every moment; one that is missing is a grey square. */
  readonly rows: readonly (readonly (Uint8Array | undefined)[])[];
  /** Milliseconds for which it is shown. */
  readonly milliseconds: number;
}

const BETWEEN = [128, 128, 128, 255] as const;
const MISSING = [208, 208, 208, 255] as const;

/** Length of so many pictures in a row, or rows one below the other, in pixels of the frame. */
export function lengthOf(pictures: number): number {
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
  for (const [i, { rows }] of moments.entries()) {
    const [width, height] = sizeOf(rows);
    const { palette, indices } = indexed(inRows(rows));
    const large = enlarged(indices, width, height);
    encoder.writeFrame(large, width * SCALE, height * SCALE, { palette, delay: shown[i] ?? 0, repeat: 0 });
    await progress((i + 1) / moments.length);
  }
  encoder.finish();
  return encoder.bytes();
}

/** RGBA of the pictures in their rows. */
export function inRows(rows: FilmMoment['rows']): Uint8Array {
  const [width, height] = sizeOf(rows);
  const all = new Uint8Array(4 * width * height);
  for (let i = 0; i < all.length; i += 4) all.set(BETWEEN, i);
  rows.forEach((pictures, row) => {
    pictures.forEach((picture, place) => {
      for (let y = 0; y < FRAME_SIZE; y++) {
        const to = 4 * ((row * (FRAME_SIZE + GAP) + y) * width + place * (FRAME_SIZE + GAP));
        if (picture !== undefined) all.set(picture.subarray(4 * y * FRAME_SIZE, 4 * (y + 1) * FRAME_SIZE), to);
        else for (let x = 0; x < FRAME_SIZE; x++) all.set(MISSING, to + 4 * x);
      }
    });
  });
  return all;
}

/** Width and height in pixels of the frame. */
function sizeOf(rows: FilmMoment['rows']): readonly [number, number] {
  return [lengthOf(rows[0]?.length ?? 0), lengthOf(rows.length)];
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
