/**
 * Frames as the renderer's networks take them: differences from the *backdrop*, the median frame of the training data,
 * scaled so that black and white are 2 apart. What never moves is then exactly 0, the network spends nothing on it, and
 * zero padding continues it.
 */
import { FRAME_BYTES, FRAME_CHANNELS, type Frame } from '../../shared/frame.ts';
import type { FrameStore } from '../pictures/rarity.ts';

/** Grey levels for one unit of a picture. */
export const LEVELS_PER_UNIT = 127.5;

/** Writes frame `index` as a picture at `offset` of `target`. */
export function writePicture(
  store: FrameStore,
  index: number,
  backdrop: Frame,
  target: Float32Array,
  offset: number,
): void {
  const start = index * FRAME_BYTES;
  for (let i = 0; i < FRAME_BYTES; i++)
    target[offset + i] = ((store.frames[start + i] as number) - (backdrop[i] as number)) / LEVELS_PER_UNIT;
}

/**
 * Writes frames at `offset` of `target` as one picture of three channels for each, [64, 64, 3 · frames], as a network
 * sees the frames before.
 */
export function writePictures(frames: readonly Frame[], backdrop: Frame, target: Float32Array, offset: number): void {
  const width = FRAME_CHANNELS * frames.length;
  frames.forEach((frame, place) => {
    for (let i = 0; i < FRAME_BYTES; i++) {
      const at = offset + Math.floor(i / FRAME_CHANNELS) * width + place * FRAME_CHANNELS + (i % FRAME_CHANNELS);
      target[at] = ((frame[i] as number) - (backdrop[i] as number)) / LEVELS_PER_UNIT;
    }
  });
}

/** The frame that a picture, from `offset` on, shows: 8 bits a channel, clipped. */
export function toFrame(pictures: Float32Array, offset: number, backdrop: Frame): Frame {
  // A clamped array rounds to nearest and clips.
  const frame = new Uint8ClampedArray(FRAME_BYTES);
  for (let i = 0; i < FRAME_BYTES; i++)
    frame[i] = (pictures[offset + i] as number) * LEVELS_PER_UNIT + (backdrop[i] as number);
  return new Uint8Array(frame.buffer);
}
