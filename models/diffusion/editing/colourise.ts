/**
 * Colourisation: a grey picture gives each pixel's luma (ITU-R BT.601), and the painter its colour. A turns the three
 * channels so that the first coordinate is the luma, and Ω frees the other two. The result has, to the byte, the grey
 * levels that it was made of.
 */
import { UsageError } from '../../../shared/errors.ts';
import { FRAME_BYTES, FRAME_CHANNELS, FRAME_SIZE, type Frame } from '../../../shared/frame.ts';
import { editInput, type FrameEdit, pictureInput } from './frameEdit.ts';
import { reflectionOnto } from './orthogonalBasis.ts';
import { freeAfter, replaceMeasured } from './replacement.ts';

/** One byte a pixel, [64, 64]. */
export type GreyPicture = Uint8Array;

/** Thousandths of red, green and blue in the luma. */
const LUMA = [299, 587, 114] as const;
const WHOLE = 1000;

const PIXELS = FRAME_SIZE * FRAME_SIZE;

/** The luma of each pixel, rounded. */
export function greyOf(frame: Frame): GreyPicture {
  return Uint8Array.from({ length: PIXELS }, (_, pixel) => roundedLuma(frame, pixel));
}

/** Paints the colours of a grey picture. @throws UsageError when it is of another size */
export function colourise(grey: GreyPicture): FrameEdit {
  if (grey.length !== PIXELS)
    throw new UsageError(`the grey picture has ${grey.length} pixels; give one of ${FRAME_SIZE}×${FRAME_SIZE}`);
  const uncoloured = Uint8Array.from(
    { length: FRAME_BYTES },
    (_, at) => grey[Math.floor(at / FRAME_CHANNELS)] as number,
  );
  const transform = { block: 1, matrix: reflectionOnto(LUMA) };
  return {
    key: 'colourise',
    inputs: (backdrop) => ({ measured: pictureInput(uncoloured, backdrop) }),
    from: 1,
    begin: (noise) => noise,
    impose: (clean, inputs) =>
      replaceMeasured(clean, editInput(inputs, 'measured'), freeAfter(1, FRAME_CHANNELS), transform),
    settle: (painted) => withLuma(painted, grey),
    visible: (backdrop) => withLuma(backdrop, grey),
  };
}

/**
 * The frame with the given luma: each pixel is shifted as a whole, which keeps its colour, and then channel by channel
 * until its rounded luma is exact. A step of one channel is smaller than the range that rounds to one level, so none
 * steps over it.
 */
function withLuma(frame: Frame, grey: GreyPicture): Frame {
  const exact = new Uint8ClampedArray(frame);
  for (let pixel = 0; pixel < PIXELS; pixel++) {
    const at = pixel * FRAME_CHANNELS;
    const low = WHOLE * (grey[pixel] as number) - WHOLE / 2;
    const shift = (grey[pixel] as number) - roundedLuma(exact, pixel);
    for (let channel = 0; channel < FRAME_CHANNELS; channel++)
      exact[at + channel] = (exact[at + channel] as number) + shift;
    for (let channel = 0; lumaOf(exact, pixel) < low; channel = (channel + 1) % FRAME_CHANNELS)
      exact[at + channel] = (exact[at + channel] as number) + 1;
    for (let channel = 0; lumaOf(exact, pixel) >= low + WHOLE; channel = (channel + 1) % FRAME_CHANNELS)
      exact[at + channel] = (exact[at + channel] as number) - 1;
  }
  return new Uint8Array(exact.buffer);
}

function roundedLuma(frame: ArrayLike<number>, pixel: number): number {
  return Math.floor((lumaOf(frame, pixel) + WHOLE / 2) / WHOLE);
}

/** Thousandths of a grey level. */
function lumaOf(frame: ArrayLike<number>, pixel: number): number {
  return LUMA.reduce((sum, weight, channel) => sum + weight * (frame[pixel * FRAME_CHANNELS + channel] as number), 0);
}
