/**
 * Frames as the renderer's networks take them: differences from the *backdrop*, the median frame of the training data,
 * scaled so that black and white are 2 apart. What never moves is then exactly 0, the network spends nothing on it, and
 * zero padding continues it.
 */
import { FRAME_BYTES, type Frame } from '../../shared/frame.ts';
import type { FrameStore } from '../pictures/rarity.ts';

/** Grey levels for one unit of a picture. */
const LEVELS_PER_UNIT = 127.5;

/** The median of each channel of each pixel over at most `limit` frames, evenly chosen. */
export function backdropOf({ count, frames }: FrameStore, limit = 255): Frame {
  const chosen = Math.min(count, limit);
  const backdrop = new Uint8Array(FRAME_BYTES);
  const values = new Uint8Array(chosen);
  for (let i = 0; i < FRAME_BYTES; i++) {
    for (let j = 0; j < chosen; j++) values[j] = frames[Math.floor((j * count) / chosen) * FRAME_BYTES + i] as number;
    values.sort();
    backdrop[i] = values[chosen >> 1] as number;
  }
  return backdrop;
}

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

/** The frame that a picture, from `offset` on, shows: 8 bits a channel, clipped. */
export function toFrame(pictures: Float32Array, offset: number, backdrop: Frame): Frame {
  // A clamped array rounds to nearest and clips.
  const frame = new Uint8ClampedArray(FRAME_BYTES);
  for (let i = 0; i < FRAME_BYTES; i++)
    frame[i] = (pictures[offset + i] as number) * LEVELS_PER_UNIT + (backdrop[i] as number);
  return new Uint8Array(frame.buffer);
}
