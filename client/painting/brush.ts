/**
 * A round brush over the pixels of a frame: a mask holds a byte a pixel, 1 where it is painted over, row by row from the
 * top. Places are in pixels, the middle of the first being at 0, and may lie outside the frame.
 */
import { FRAME_SIZE } from '../../shared/frame.ts';
import type { Point } from '../../shared/scene.ts';

export interface Brush {
  /** Across, in pixels. */
  readonly size: number;
  /** Whether it takes paint away. */
  readonly rubs: boolean;
}

/** A mask with nothing painted over. */
export function emptyMask(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(FRAME_SIZE * FRAME_SIZE);
}

/** Puts the brush down once. */
export function dab(mask: Uint8Array, { x, y }: Point, { size, rubs }: Brush): void {
  for (const pixel of under({ x, y }, size)) mask[pixel] = rubs ? 0 : 1;
}

/** Draws the brush from one place to another. */
export function stroke(mask: Uint8Array, from: Point, to: Point, brush: Brush): void {
  const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y)));
  for (let step = 0; step <= steps; step++) {
    const share = step / steps;
    dab(mask, { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) }, brush);
  }
}

/** Numbers of the pixels under a brush of this size; at least the one that it is over. */
export function under({ x, y }: Point, size: number): number[] {
  const reach = Math.max(size / 2, Math.SQRT1_2);
  const inside = (at: number): number => Math.min(FRAME_SIZE - 1, Math.max(0, at));
  const pixels: number[] = [];
  for (let row = inside(Math.ceil(y - reach)); row <= inside(Math.floor(y + reach)); row++)
    for (let column = inside(Math.ceil(x - reach)); column <= inside(Math.floor(x + reach)); column++)
      if (Math.hypot(column - x, row - y) <= reach) pixels.push(row * FRAME_SIZE + column);
  return pixels;
}

/** How many pixels are painted over. */
export function painted(mask: Uint8Array): number {
  return mask.reduce((sum, set) => sum + set, 0);
}
