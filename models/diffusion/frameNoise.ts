/**
 * Where noise comes from. A rendered frame starts from the noise of its seed alone: all frames of a rollout share it,
 * so that the picture moves only where the latent moves, and a frame is the same in any batch. Training draws from a
 * pool instead: windows at random offsets with random signs, since a normal draw a pixel would cost as much as the
 * network.
 */
import { FRAME_BYTES } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';

/**
 * The noises of every frame painted with this seed: one standard normal number for each channel of each pixel, `count`
 * times over. The first is the same however many follow.
 */
export function frameNoise(seed: number, count = 1): Float32Array {
  return new Random(seed).fork('frame noise').normals(count * FRAME_BYTES);
}

/** Endless cheap Gaussian noise for training. */
export class NoisePool {
  private readonly pool: Float32Array;

  /** `size` must exceed the longest window asked for. */
  constructor(random: Random, size = 1 << 20) {
    this.pool = random.normals(size);
  }

  /** `windows` windows of `length` numbers, one after the other. */
  draw(random: Random, windows: number, length: number): Float32Array {
    const values = new Float32Array(windows * length);
    for (let start = 0; start < values.length; start += length) {
      const offset = random.integer(this.pool.length - length);
      const sign = random.chance(0.5) ? 1 : -1;
      for (let i = 0; i < length; i++) values[start + i] = sign * (this.pool[offset + i] as number);
    }
    return values;
  }
}
