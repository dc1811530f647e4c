/**
 * Where noise comes from. A rendered frame starts from the noise of its seed alone: all frames of a rollout share it,
 * so that the picture moves only where the latent moves, and a frame is the same in any batch. Frames may also have
 * noises of their own, or noises with any correlation (the mixed noise of PYoCo, Ge et al. 2023, arXiv 2305.10474, §4):
 * what a latent leaves open is then drawn anew in each, and the picture flickers. A frame's noise depends on the seed
 * and on its place in the rollout alone, so that frames can be painted in any order.
 *
 * Training draws from a pool instead: windows at random offsets with random signs, since a normal draw a pixel would
 * cost as much as the network.
 */
import { UsageError } from '../../shared/errors.ts';
import { FRAME_BYTES } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';

/**
 * The noises of every frame painted with this seed: one standard normal number for each channel of each pixel, `count`
 * times over. The first is the same however many follow.
 */
export function frameNoise(seed: number, count = 1): Float32Array {
  return new Random(seed).fork('frame noise').normals(count * FRAME_BYTES);
}

/** How the noises of a rollout's frames relate: one for all, one each, or one each with a correlation from 0 to 1. */
export type RolloutNoise = 'shared' | 'independent' | { readonly correlation: number };

/** Correlation of the noises of any two frames. @throws UsageError when it is not from 0 to 1 */
export function correlationOf(noise: RolloutNoise): number {
  if (noise === 'shared') return 1;
  if (noise === 'independent') return 0;
  const { correlation } = noise;
  if (!(correlation >= 0 && correlation <= 1))
    throw new UsageError(`noises cannot have the correlation ${correlation}; give a number from 0 to 1`);
  return correlation;
}

/**
 * The noises of frame `frame` of a rollout: √ρ of what all frames share and √(1 − ρ) of the frame's own, which is
 * standard normal for every correlation ρ.
 */
export function rolloutNoise(seed: number, frame: number, noise: RolloutNoise, count = 1): Float32Array {
  const correlation = correlationOf(noise);
  if (correlation === 1) return frameNoise(seed, count);
  const own = new Random(seed)
    .fork('frame noise')
    .fork(frame)
    .normals(count * FRAME_BYTES);
  if (correlation === 0) return own;
  const [ours, its] = [Math.sqrt(correlation), Math.sqrt(1 - correlation)];
  return frameNoise(seed, count).map((value, i) => ours * value + its * (own[i] as number));
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
