/**
 * How much a pixel should count while a network first learns to paint: objects are a few pixels of thousands, and plain
 * squared error forgets them. The rarer a colour is in the data, the more it counts (class rebalancing by colour after
 * Zhang, Isola and Efros 2016, arXiv 1603.08511, §2.2).
 */
import { FRAME_BYTES, FRAME_CHANNELS } from '../../shared/frame.ts';

/** Many frames in one piece of memory. */
export interface FrameStore {
  readonly count: number;
  /** `[count, 64, 64, 3]`. */
  readonly frames: Uint8Array;
}

/** Colours are told apart by the upper four bits of each channel. */
const COLOUR_BITS = 4;

/** How much rarer than the most common one each colour is. */
export class Rarity {
  private readonly weights: Float32Array;

  /** Counts the colours of at most `limit` frames. A weight is the root of the inverse frequency, from 1 to `most`. */
  constructor({ count, frames }: FrameStore, most = 20, limit = 1000) {
    const counts = new Uint32Array(1 << (3 * COLOUR_BITS));
    const chosen = Math.min(count, limit);
    for (let j = 0; j < chosen; j++) {
      const start = Math.floor((j * count) / chosen) * FRAME_BYTES;
      for (let i = 0; i < FRAME_BYTES; i += FRAME_CHANNELS) {
        const colour = colourAt(frames, start + i);
        counts[colour] = (counts[colour] as number) + 1;
      }
    }
    const commonest = counts.reduce((a, b) => Math.max(a, b), 1);
    this.weights = Float32Array.from(counts, (n) => Math.min(most, Math.sqrt(commonest / Math.max(n, 1))));
  }

  /**
   * Writes the weight of each pixel of frame `index`, [64, 64], at `offset` of `target`: 1 + strength · (rarity − 1).
   */
  write({ frames }: FrameStore, index: number, strength: number, target: Float32Array, offset: number): void {
    const start = index * FRAME_BYTES;
    for (let i = 0; i < FRAME_BYTES / FRAME_CHANNELS; i++) {
      target[offset + i] = 1 + strength * (this.weightAt(frames, start + i * FRAME_CHANNELS) - 1);
    }
  }

  /** Weight of the pixel whose red lies at `index` of `frames`: 1 for the commonest colour. */
  weightAt(frames: Uint8Array, index: number): number {
    return this.weights[colourAt(frames, index)] as number;
  }
}

function colourAt(frames: Uint8Array, index: number): number {
  const [red, green, blue] = [frames[index] as number, frames[index + 1] as number, frames[index + 2] as number];
  const drop = 8 - COLOUR_BITS;
  return ((red >> drop) << (2 * COLOUR_BITS)) | ((green >> drop) << COLOUR_BITS) | (blue >> drop);
}
