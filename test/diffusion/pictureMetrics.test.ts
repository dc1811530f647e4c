import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { flicker, movingPixels, PSNR_CAP, psnr, ssim } from '../../server/bench/pictureMetrics.ts';
import { frechetDistance, RandomFeatures } from '../../server/bench/randomFeatures.ts';
import { symmetricRoot } from '../../server/bench/symmetricRoot.ts';
import { FRAME_BYTES, FRAME_SIZE, type Frame } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import { discData, discFrame } from './discScene.ts';

const frame = discFrame(20.3, 40.8);
const constant = (level: number): Frame => new Uint8Array(FRAME_BYTES).fill(level);

describe('PSNR', () => {
  it('is capped for equal frames', () => {
    expect(psnr([frame], [frame])).toBe(PSNR_CAP);
  });

  it('is 20 log₁₀(255/d) for frames that differ by d everywhere', () => {
    expect(psnr([constant(110)], [constant(100)])).toBeCloseTo(20 * Math.log10(25.5), 10);
  });

  it('looks at the masked pixels alone', () => {
    const mask = movingPixels(constant(0xf0), frame);
    const spoilt = frame.map((level, i) => (mask[Math.floor(i / 3)] ? level : 0));
    expect(psnr([spoilt], [frame])).toBeLessThan(10);
    expect(psnr([spoilt], [frame], [mask])).toBe(PSNR_CAP);
  });
});

describe('SSIM', () => {
  it('is 1 for equal frames and falls as noise grows', () => {
    const random = new Random(1);
    const noise = random.normals(FRAME_BYTES);
    const noisy = (level: number) =>
      frame.map((value, i) => Math.max(0, Math.min(255, value + level * (noise[i] as number))));
    expect(ssim(frame, frame)).toBeCloseTo(1, 12);
    expect(ssim(noisy(5), frame)).toBeLessThan(0.999);
    expect(ssim(noisy(20), frame)).toBeLessThan(ssim(noisy(5), frame));
  });

  it('of two flat frames is the comparison of their means', () => {
    const c = (0.01 * 255) ** 2;
    expect(ssim(constant(100), constant(150))).toBeCloseTo((2 * 100 * 150 + c) / (100 ** 2 + 150 ** 2 + c), 10);
  });
});

describe('flicker', () => {
  it('is the mean change of still pixels', () => {
    expect(flicker([constant(10), constant(13), constant(12)], [frame, frame, frame])).toBe(2);
  });

  it('does not count what truly moves', () => {
    const moved = discFrame(30, 30);
    expect(flicker([frame, moved], [frame, moved])).toBe(0);
  });
});

describe('the symmetric root', () => {
  it('squares to the matrix', () => {
    const size = 6;
    const factor = new Random(2).normals(size * size);
    const at = (m: ArrayLike<number>, i: number, j: number) => m[i * size + j] as number;
    const square = (entry: (i: number, k: number, j: number) => number) =>
      Float64Array.from({ length: size * size }, (_, index) =>
        Array.from({ length: size }, (_, k) => entry(Math.floor(index / size), k, index % size)).reduce(
          (a, b) => a + b,
        ),
      );
    const matrix = square((i, k, j) => at(factor, i, k) * at(factor, j, k));
    const root = symmetricRoot(matrix, size);
    square((i, k, j) => at(root, i, k) * at(root, k, j)).forEach((value, i) => {
      expect(value).toBeCloseTo(matrix[i] as number, 10);
    });
  });
});

describe('the Fréchet distance', () => {
  it('of scaled and shifted axes has its closed form', () => {
    const random = new Random(3);
    const rows = Float64Array.from(random.normals(3000));
    const other = rows.map((value, i) => (i % 3 === 0 ? 2 * value + 1 : value));
    const first = rows.filter((_, i) => i % 3 === 0);
    const mean = first.reduce((a, b) => a + b, 0) / 1000;
    const variance = first.reduce((a, b) => a + (b - mean) ** 2, 0) / 1000;
    // Axes are nearly independent, so that the distance is (Δμ)² + (Δσ)² of the first.
    expect(frechetDistance(rows, other, 3)).toBeCloseTo((mean + 1) ** 2 + variance, 1);
    expect(frechetDistance(rows, rows, 3)).toBeCloseTo(0, 8);
  });

  describe('in random features', () => {
    const engine = createCpuEngine({ threads: 1 });
    let features: RandomFeatures;
    beforeAll(async () => {
      features = await RandomFeatures.create(engine);
    });
    afterAll(() => engine.dispose());

    it('is small between halves of one set and grows with blur', async () => {
      const { frames, count } = discData(192, 5);
      const all = Array.from({ length: count }, (_, i) => frames.subarray(i * FRAME_BYTES, (i + 1) * FRAME_BYTES));
      const [half, rest] = [all.slice(0, 96), all.slice(96)];
      const floor = await features.distance(half, rest);
      const once = await features.distance(half.map(blurred), rest);
      const twice = await features.distance(
        half.map((each) => blurred(blurred(blurred(each)))),
        rest,
      );
      expect(await features.distance(half, half)).toBeLessThan(0.01 * floor + 1e-6);
      expect(once).toBeGreaterThan(1.2 * floor);
      expect(twice).toBeGreaterThan(1.5 * once);
    });
  });
});

/** Each pixel becomes the mean of itself and its four neighbours, around the edges. */
function blurred(source: Frame): Frame {
  const row = FRAME_SIZE * 3;
  return source.map((level, i) => {
    const around = [i - 3, i + 3, i - row, i + row].map((at) => source[(at + FRAME_BYTES) % FRAME_BYTES] as number);
    return Math.round((level + around.reduce((a, b) => a + b, 0)) / 5);
  });
}
