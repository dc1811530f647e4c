/**
 * Frames as the encoder takes them: what differs from the backdrop, in 16×16 patches of 4×4 pixels, 48 numbers each, so
 * that the first convolution becomes a plain matrix product.
 */
import { FRAME_BYTES, FRAME_CHANNELS, FRAME_SIZE, type Frame } from '../../shared/frame.ts';
import type { Rarity } from '../pictures/rarity.ts';

/** Pixels along the side of a patch. */
export const PATCH_SIZE = 4;

/** Patches along the side of a frame. */
export const PATCH_GRID = FRAME_SIZE / PATCH_SIZE;

/** Numbers in a patch: 4·4·3. */
export const PATCH_CHANNELS = PATCH_SIZE * PATCH_SIZE * FRAME_CHANNELS;

/** For each number of a patch-ordered frame, its place in the frame. */
const sources: Uint16Array = (() => {
  const order = new Uint16Array(FRAME_BYTES);
  let i = 0;
  for (let row = 0; row < PATCH_GRID; row++)
    for (let column = 0; column < PATCH_GRID; column++)
      for (let y = 0; y < PATCH_SIZE; y++)
        for (let x = 0; x < PATCH_SIZE; x++)
          for (let channel = 0; channel < FRAME_CHANNELS; channel++)
            order[i++] = ((row * PATCH_SIZE + y) * FRAME_SIZE + column * PATCH_SIZE + x) * FRAME_CHANNELS + channel;
  return order;
})();

/** Writes backdrop minus frame, in [−1, 1], as `[16, 16, 48]` at `offset` of `target`. */
export function writeInk(frame: Frame, backdrop: Frame, target: Float32Array, offset: number): void {
  for (let i = 0; i < FRAME_BYTES; i++) {
    const source = sources[i] as number;
    target[offset + i] = ((backdrop[source] as number) - (frame[source] as number)) / 255;
  }
}

/** Writes how much each number of a frame counts, `[16, 16, 48]`, at `offset` of `target`. */
export function writeEmphasis(frame: Frame, rarity: Rarity, target: Float32Array, offset: number): void {
  for (let i = 0; i < FRAME_BYTES; i += FRAME_CHANNELS) {
    target.fill(rarity.weightAt(frame, sources[i] as number), offset + i, offset + i + FRAME_CHANNELS);
  }
}
