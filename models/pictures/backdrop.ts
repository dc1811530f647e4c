/**
 * The *backdrop*: what never moves, estimated as the median frame of the data. Networks see frames as differences from
 * it, so that walls and background are exactly 0, cost nothing, and are continued by zero padding.
 */
import { FRAME_BYTES, FRAME_CHANNELS, FRAME_SIZE, type Frame } from '../../shared/frame.ts';
import type { HostTensor } from '../tensor/program.ts';
import type { FrameStore } from './rarity.ts';

/** Shape of a backdrop in a weight file. */
export const BACKDROP_SHAPE: readonly number[] = [FRAME_SIZE, FRAME_SIZE, FRAME_CHANNELS];

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

/** A backdrop as a tensor of a weight file, `[64, 64, 3]`. */
export function packBackdrop(backdrop: Frame): HostTensor {
  return { shape: BACKDROP_SHAPE, dtype: 'int32', data: Int32Array.from(backdrop) };
}

/** The inverse of `packBackdrop`. */
export function unpackBackdrop({ data }: HostTensor): Frame {
  return Uint8Array.from(data);
}
