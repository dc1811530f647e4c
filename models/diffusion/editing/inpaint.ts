/**
 * Inpainting: some pixels are hidden and painted anew, all others stay as they are, to the bit. A is the identity and Ω
 * the mask.
 */
import { UsageError } from '../../../shared/errors.ts';
import { FRAME_BYTES, FRAME_CHANNELS, FRAME_SIZE, type Frame } from '../../../shared/frame.ts';
import { float32 } from '../../tensor/program.ts';
import { editInput, type FrameEdit, PICTURE_SHAPE, pictureInput } from './frameEdit.ts';
import { replaceMeasured } from './replacement.ts';

/** One byte a pixel, [64, 64]: 1 where the pixel is hidden. */
export type HiddenPixels = Uint8Array;

/** A rectangle in pixels from the frame's top left corner. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const PIXELS = FRAME_SIZE * FRAME_SIZE;

/** The rectangle's pixels, hidden. @throws UsageError when it has none, or some outside the frame */
export function hiddenRectangle({ x, y, width, height }: Rectangle): HiddenPixels {
  const whole = [x, y, width, height].every(Number.isInteger);
  if (!whole || x < 0 || y < 0 || width < 1 || height < 1 || x + width > FRAME_SIZE || y + height > FRAME_SIZE)
    throw new UsageError(
      `the rectangle ${[x, y, width, height].join(',')} is not one of whole pixels within a frame; give x,y,width,height inside 0,0,${FRAME_SIZE},${FRAME_SIZE}`,
    );
  return Uint8Array.from({ length: PIXELS }, (_, pixel) => {
    const [across, down] = [(pixel % FRAME_SIZE) - x, Math.floor(pixel / FRAME_SIZE) - y];
    return across >= 0 && across < width && down >= 0 && down < height ? 1 : 0;
  });
}

/** Paints the hidden pixels of a frame. @throws UsageError when the mask is of another size */
export function inpaint(frame: Frame, hidden: HiddenPixels): FrameEdit {
  if (hidden.length !== PIXELS)
    throw new UsageError(`the mask has ${hidden.length} pixels and a frame ${PIXELS}; give a mask of the frame's size`);
  const isHidden = (at: number): boolean => hidden[Math.floor(at / FRAME_CHANNELS)] === 1;
  const merge = (inside: Frame): Frame =>
    Uint8Array.from(frame, (byte, at) => (isHidden(at) ? (inside[at] as number) : byte));
  return {
    key: 'inpaint',
    inputs: (backdrop) => ({
      // What is hidden must not be known to the painter, not even as a number that is multiplied by 0.
      measured: pictureInput(merge(backdrop), backdrop),
      free: float32(
        Float32Array.from({ length: FRAME_BYTES }, (_, at) => (isHidden(at) ? 1 : 0)),
        PICTURE_SHAPE,
      ),
    }),
    from: 1,
    begin: (noise) => noise,
    impose: (clean, inputs) =>
      replaceMeasured(clean, editInput(inputs, 'measured'), editInput(inputs, 'free'), { block: 1 }),
    settle: merge,
    visible: merge,
  };
}
