/**
 * Super-resolution: a small picture gives the mean of each block of pixels, channel by channel, and the painter what
 * lies below. A turns each block so that its first three coordinates are the means, and Ω frees all others. Scaled down
 * again, the result is the small picture, to the byte.
 */
import { UsageError } from '../../../shared/errors.ts';
import { FRAME_BYTES, FRAME_CHANNELS, FRAME_SIZE, type Frame } from '../../../shared/frame.ts';
import { editInput, type FrameEdit, pictureInput } from './frameEdit.ts';
import { interleaved, reflectionOnto } from './orthogonalBasis.ts';
import { freeAfter, replaceMeasured } from './replacement.ts';

/** Factors that divide a frame's side and leave a picture that shows something. */
export const UPSCALE_FACTORS = [2, 4, 8] as const;

export type UpscaleFactor = (typeof UPSCALE_FACTORS)[number];

/** The mean of each block, rounded: [64 / factor, 64 / factor, 3]. */
export function scaledDown(frame: Frame, factor: UpscaleFactor): Uint8Array {
  const area = factor * factor;
  return Uint8Array.from({ length: FRAME_BYTES / area }, (_, number) => {
    const sum = placesOf(number, factor).reduce((total, at) => total + (frame[at] as number), 0);
    return Math.floor((sum + area / 2) / area);
  });
}

/** Paints a picture `factor` times as large as the small one. @throws UsageError when the small one does not fit */
export function superResolve(small: Uint8Array, factor: UpscaleFactor): FrameEdit {
  const side = FRAME_SIZE / factor;
  if (small.length !== side * side * FRAME_CHANNELS)
    throw new UsageError(
      `a picture of ${small.length / FRAME_CHANNELS} pixels is not a frame scaled down ${factor} times; give one of ${side}×${side}`,
    );
  const blocks = new Uint8Array(FRAME_BYTES);
  for (let number = 0; number < small.length; number++)
    for (const at of placesOf(number, factor)) blocks[at] = small[number] as number;
  const size = FRAME_CHANNELS * factor * factor;
  const mean = Array.from({ length: factor * factor }, () => 1);
  const transform = { block: factor, matrix: interleaved(reflectionOnto(mean), FRAME_CHANNELS) };
  return {
    key: `upscale ${factor}`,
    inputs: (backdrop) => ({ measured: pictureInput(blocks, backdrop) }),
    from: 1,
    begin: (noise) => noise,
    impose: (clean, inputs) =>
      replaceMeasured(clean, editInput(inputs, 'measured'), freeAfter(FRAME_CHANNELS, size), transform),
    settle: (painted) => withMeans(painted, small, factor),
    visible: () => blocks,
  };
}

/** The frame with the given block means, its pixels moved one level at a time, each block's all round. */
function withMeans(frame: Frame, small: Uint8Array, factor: UpscaleFactor): Frame {
  const exact = Uint8Array.from(frame);
  const area = factor * factor;
  for (let number = 0; number < small.length; number++) {
    const places = placesOf(number, factor);
    const low = area * (small[number] as number) - area / 2;
    let sum = places.reduce((total, at) => total + (exact[at] as number), 0);
    for (let turn = 0; sum < low || sum >= low + area; turn = (turn + 1) % area) {
      const at = places[turn] as number;
      const moved = Math.min(255, Math.max(0, (exact[at] as number) + (sum < low ? 1 : -1)));
      sum += moved - (exact[at] as number);
      exact[at] = moved;
    }
  }
  return exact;
}

/** Where the numbers of a frame lie that number `number` of the small picture is the mean of. */
function placesOf(number: number, factor: number): number[] {
  const side = FRAME_SIZE / factor;
  const [channel, block] = [number % FRAME_CHANNELS, Math.floor(number / FRAME_CHANNELS)];
  const [left, top] = [(block % side) * factor, Math.floor(block / side) * factor];
  return Array.from({ length: factor * factor }, (_, i) => {
    const pixel = (top + Math.floor(i / factor)) * FRAME_SIZE + left + (i % factor);
    return pixel * FRAME_CHANNELS + channel;
  });
}
