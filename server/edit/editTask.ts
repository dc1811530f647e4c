/**
 * What is done to a frame, as the command line says it, made into an edit: read from a degraded picture, or taken from
 * a whole frame by degrading it first.
 */
import { colourise, greyOf } from '../../models/diffusion/editing/colourise.ts';
import { addNoise, denoiseFrame } from '../../models/diffusion/editing/denoiseFrame.ts';
import type { FrameEdit } from '../../models/diffusion/editing/frameEdit.ts';
import { type HiddenPixels, hiddenRectangle, inpaint } from '../../models/diffusion/editing/inpaint.ts';
import { scaledDown, superResolve, type UpscaleFactor } from '../../models/diffusion/editing/superResolve.ts';
import { UsageError } from '../../shared/errors.ts';
import { FRAME_SIZE, type Frame } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import { readPicture } from './pictureFile.ts';

export type EditTask =
  | { readonly kind: 'inpaint'; readonly hidden: HiddenPixels }
  | { readonly kind: 'colourise' }
  | { readonly kind: 'upscale'; readonly factor: UpscaleFactor }
  | { readonly kind: 'denoise'; readonly deviation: number };

/** The side of a picture that is given for the task. */
export function givenSide(task: EditTask): number {
  return task.kind === 'upscale' ? FRAME_SIZE / task.factor : FRAME_SIZE;
}

/** The edit of a picture that has already lost what is to be found: [side, side, 3] of `givenSide`. */
export function editOfPicture(task: EditTask, picture: Uint8Array): FrameEdit {
  if (task.kind === 'inpaint') return inpaint(picture, task.hidden);
  if (task.kind === 'colourise') return colourise(greyOf(picture));
  if (task.kind === 'upscale') return superResolve(picture, task.factor);
  return denoiseFrame(picture, task.deviation);
}

/** The edit of a whole frame, which loses first what is to be found; noise is drawn from the seed. */
export function editOfFrame(task: EditTask, frame: Frame, seed: number): FrameEdit {
  if (task.kind === 'upscale') return editOfPicture(task, scaledDown(frame, task.factor));
  if (task.kind === 'denoise')
    return editOfPicture(task, addNoise(frame, task.deviation, new Random(seed).fork('noise on the frame')));
  return editOfPicture(task, frame);
}

/**
 * Hidden pixels by `x,y,width,height` or by a picture that is light where they are.
 * @throws UsageError when the rectangle is not within a frame, or nothing is hidden; DataError when the picture is not
 *   usable
 */
export async function readHidden(text: string): Promise<HiddenPixels> {
  const numbers = /^-?\d+(,-?\d+){3}$/.test(text.replaceAll(' ', '')) ? text.split(',').map(Number) : undefined;
  if (numbers) {
    const [x, y, width, height] = numbers as [number, number, number, number];
    return hiddenRectangle({ x, y, width, height });
  }
  const hidden = greyOf(await readPicture(text)).map((level) => Number(level > 127));
  if (!hidden.includes(1))
    throw new UsageError(`the mask "${text}" hides nothing; make the pixels light that shall be painted`);
  return hidden;
}
