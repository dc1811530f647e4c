/**
 * A frame, or a part of it, as a picture of any whole-number scale: each pixel becomes a square, so that no colour is
 * made up.
 */
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { FRAME_SIZE, type Frame } from '../../../shared/frame.ts';

/** A rectangle of a frame, in its pixels. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const wholeFrame: Area = { x: 0, y: 0, width: FRAME_SIZE, height: FRAME_SIZE };

/** RGBA bytes of the area, `scale` times as wide and high. */
export function enlarge(frame: Frame, scale: number, area: Area): Uint8ClampedArray<ArrayBuffer> {
  const width = area.width * scale;
  const height = area.height * scale;
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, to = 0; y < height; y++) {
    const row = (area.y + Math.floor(y / scale)) * FRAME_SIZE + area.x;
    for (let x = 0; x < width; x++, to += 4) {
      const from = 3 * (row + Math.floor(x / scale));
      pixels[to] = frame[from] as number;
      pixels[to + 1] = frame[from + 1] as number;
      pixels[to + 2] = frame[from + 2] as number;
      pixels[to + 3] = 255;
    }
  }
  return pixels;
}

/** The area on a canvas, which encodes it. */
export function canvasOf(frame: Frame, scale: number, area: Area = wholeFrame): Canvas {
  const canvas = createCanvas(area.width * scale, area.height * scale);
  const context = canvas.getContext('2d');
  const image = context.createImageData(canvas.width, canvas.height);
  image.data.set(enlarge(frame, scale, area));
  context.putImageData(image, 0, 0);
  return canvas;
}

/**
 * The smallest rectangle outside which two frames are equal. Its corners have even coordinates, which WebP asks for,
 * and it is never empty, since a picture cannot be.
 */
export function changedArea(before: Frame, after: Frame): Area {
  let [left, top, right, bottom] = [FRAME_SIZE, FRAME_SIZE, 0, 0];
  for (let i = 0; i < after.length; i++) {
    if (before[i] === after[i]) continue;
    const pixel = Math.floor(i / 3);
    const [x, y] = [pixel % FRAME_SIZE, Math.floor(pixel / FRAME_SIZE)];
    [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
  }
  if (right === 0) return { x: 0, y: 0, width: 2, height: 2 };
  const even = (value: number): number => value - (value % 2);
  const [x, y] = [even(left), even(top)];
  return { x, y, width: even(right + 1) - x, height: even(bottom + 1) - y };
}
