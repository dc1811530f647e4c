/**
 * How close painted frames come to the true ones, pixel for pixel: PSNR, SSIM (Wang et al. 2004, IEEE TIP 13(4): 11×11
 * Gaussian window of σ = 1.5, K₁ = 0.01, K₂ = 0.03) and flicker. Backgrounds are easy and inflate PSNR, so it can be
 * taken over chosen pixels alone.
 */
import { FRAME_CHANNELS, FRAME_SIZE, type Frame } from '../../shared/frame.ts';

/** Chooses pixels: 1 byte a pixel, 0 or 1. */
export type PixelMask = Uint8Array;

const PIXELS = FRAME_SIZE * FRAME_SIZE;

/** What PSNR is called where it is infinite: better than any 8-bit picture that differs in one value. */
export const PSNR_CAP = 99;

/**
 * Peak signal-to-noise ratio of pairs of frames taken together, in dB; over the masked pixels of each where masks are
 * given.
 */
export function psnr(painted: readonly Frame[], truth: readonly Frame[], masks?: readonly PixelMask[]): number {
  let [squares, count] = [0, 0];
  painted.forEach((frame, i) => {
    const reference = truth[i] as Frame;
    const mask = masks?.[i];
    for (let at = 0; at < frame.length; at++) {
      if (mask && mask[Math.floor(at / FRAME_CHANNELS)] === 0) continue;
      squares += ((frame[at] as number) - (reference[at] as number)) ** 2;
      count++;
    }
  });
  if (squares === 0) return PSNR_CAP;
  return Math.min(PSNR_CAP, 10 * Math.log10((255 ** 2 * count) / squares));
}

/** Pixels that two frames show differently, by more than `levels` in some channel. */
export function movingPixels(before: Frame, after: Frame, levels = 8): PixelMask {
  const mask = new Uint8Array(PIXELS);
  for (let at = 0; at < before.length; at++)
    if (Math.abs((before[at] as number) - (after[at] as number)) > levels) mask[Math.floor(at / FRAME_CHANNELS)] = 1;
  return mask;
}

/**
 * Mean change, in grey levels, from each painted frame to the next on pixels that are the same in the two true frames.
 */
export function flicker(painted: readonly Frame[], truth: readonly Frame[]): number {
  let [sum, count] = [0, 0];
  for (let i = 1; i < painted.length; i++) {
    const moving = movingPixels(truth[i - 1] as Frame, truth[i] as Frame, 0);
    const [before, after] = [painted[i - 1] as Frame, painted[i] as Frame];
    for (let at = 0; at < after.length; at++) {
      if (moving[Math.floor(at / FRAME_CHANNELS)] === 1) continue;
      sum += Math.abs((after[at] as number) - (before[at] as number));
      count++;
    }
  }
  return count === 0 ? 0 : sum / count;
}

const WINDOW = 11;
const windowWeights = gaussianWindow(WINDOW, 1.5);
const stabilisers = { mean: (0.01 * 255) ** 2, variance: (0.03 * 255) ** 2 };

/** Structural similarity of two frames, the mean over channels and full windows: 1 for equal frames. */
export function ssim(painted: Frame, truth: Frame): number {
  let sum = 0;
  for (let channel = 0; channel < FRAME_CHANNELS; channel++)
    sum += channelSsim(plane(painted, channel), plane(truth, channel));
  return sum / FRAME_CHANNELS;
}

function channelSsim(a: Float64Array, b: Float64Array): number {
  const [meanA, meanB] = [blur(a), blur(b)];
  const [squareA, squareB, product] = [blur(times(a, a)), blur(times(b, b)), blur(times(a, b))];
  let sum = 0;
  for (let i = 0; i < meanA.length; i++) {
    const [ma, mb] = [meanA[i] as number, meanB[i] as number];
    const covariance = (product[i] as number) - ma * mb;
    const variances = (squareA[i] as number) - ma * ma + (squareB[i] as number) - mb * mb;
    const { mean, variance } = stabilisers;
    sum += ((2 * ma * mb + mean) * (2 * covariance + variance)) / ((ma * ma + mb * mb + mean) * (variances + variance));
  }
  return sum / meanA.length;
}

/** Windowed means where the whole window fits: [64, 64] → [54, 54]. */
function blur(image: Float64Array): Float64Array {
  const side = FRAME_SIZE - WINDOW + 1;
  const rows = new Float64Array(FRAME_SIZE * side);
  for (let y = 0; y < FRAME_SIZE; y++)
    for (let x = 0; x < side; x++)
      for (let k = 0; k < WINDOW; k++)
        rows[y * side + x] += (windowWeights[k] as number) * (image[y * FRAME_SIZE + x + k] as number);
  const both = new Float64Array(side * side);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      for (let k = 0; k < WINDOW; k++)
        both[y * side + x] += (windowWeights[k] as number) * (rows[(y + k) * side + x] as number);
  return both;
}

function gaussianWindow(size: number, sigma: number): number[] {
  const raw = Array.from({ length: size }, (_, i) => Math.exp(-((i - (size - 1) / 2) ** 2) / (2 * sigma ** 2)));
  const total = raw.reduce((a, b) => a + b, 0);
  return raw.map((weight) => weight / total);
}

function plane(frame: Frame, channel: number): Float64Array {
  return Float64Array.from({ length: PIXELS }, (_, pixel) => frame[pixel * FRAME_CHANNELS + channel] as number);
}

function times(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value * (b[i] as number));
}
