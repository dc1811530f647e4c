/**
 * Pictures as files: PNG, or whatever the canvas reads, in; PNG out. A picture is bytes as a frame's are, RGB
 * interleaved and rows from the top, of any size: its alpha is dropped, so a picture must be opaque.
 */
import { readFile } from 'node:fs/promises';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { DataError } from '../../shared/errors.ts';
import { FRAME_CHANNELS, FRAME_SIZE, type Frame } from '../../shared/frame.ts';
import { canvasOf } from '../recording/export/picture.ts';

/**
 * A square picture of the given side: [side, side, 3].
 * @throws DataError when the file cannot be read, is no picture, is not opaque, or has another size
 */
export async function readPicture(path: string, side: number = FRAME_SIZE): Promise<Uint8Array> {
  const image = await decode(path);
  if (image.width !== side || image.height !== side)
    throw new DataError(`"${path}" is ${image.width}×${image.height} pixels; give a picture of ${side}×${side}`);
  const canvas = createCanvas(side, side);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, side, side);
  const bytes = new Uint8Array(side * side * FRAME_CHANNELS);
  for (let pixel = 0; pixel < side * side; pixel++) {
    if (data[4 * pixel + 3] !== 255) throw new DataError(`"${path}" is transparent in places; give an opaque picture`);
    for (let channel = 0; channel < FRAME_CHANNELS; channel++)
      bytes[FRAME_CHANNELS * pixel + channel] = data[4 * pixel + channel] as number;
  }
  return bytes;
}

/** Frames side by side, from the left, as a PNG. */
export function encodeStrip(frames: readonly Frame[]): Promise<Buffer> {
  return encodeRows([frames]);
}

/** Rows of frames, from the top, as a PNG. */
export function encodeRows(rows: readonly (readonly Frame[])[]): Promise<Buffer> {
  const columns = Math.max(...rows.map((frames) => frames.length));
  const sheet = createCanvas(FRAME_SIZE * columns, FRAME_SIZE * rows.length);
  const context = sheet.getContext('2d');
  rows.forEach((frames, row) => {
    frames.forEach((frame, column) => {
      context.drawImage(canvasOf(frame, 1), FRAME_SIZE * column, FRAME_SIZE * row);
    });
  });
  return sheet.encode('png');
}

async function decode(path: string) {
  let content: Buffer;
  try {
    content = await readFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`"${path}" cannot be read (${reason}); name a picture`, { cause });
  }
  try {
    return await loadImage(content);
  } catch (cause) {
    throw new DataError(`"${path}" is no picture that can be read; give a PNG`, { cause });
  }
}
