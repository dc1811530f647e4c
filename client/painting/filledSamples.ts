/**
 * What has come back of a request to fill in, beside the frame that was painted over: the samples by their seeds, and
 * whether all that was left is as it was, which the page counts itself.
 */
import { FRAME_CHANNELS, type Frame, toRgba } from '../../shared/frame.ts';
import type { ServerMessageOf } from '../../shared/protocol/control.ts';
import { frameOfText } from '../../shared/protocol/pixels.ts';
import { picture } from '../panels/picture.ts';
import { painted } from './brush.ts';

/** A request under way, and what was asked. */
export interface Asked {
  readonly request: number;
  readonly frame: Frame;
  readonly mask: Uint8Array;
  readonly seed: number;
}

type Filled = ServerMessageOf<'filled'>;

/** A sample with its seed below it. */
export function sampleFigure({ seed }: Pick<Asked, 'seed'>, { sample, frame }: Filled): HTMLElement {
  const item = document.createElement('li');
  const context = picture('filled');
  context.putImageData(new ImageData(Uint8ClampedArray.from(toRgba(frameOfText(frame))), 64, 64), 0, 0);
  const name = `seed ${(seed + sample) >>> 0}`;
  context.canvas.setAttribute('role', 'img');
  context.canvas.setAttribute('aria-label', `Filled in by ${name}`);
  item.append(context.canvas, name);
  return item;
}

/** What came of it so far, in words. */
export function describeFilled({ frame, mask }: Pick<Asked, 'frame' | 'mask'>, filled: Filled): string {
  const { sample, samples, steps } = filled;
  const strays = strayPixels(frame, mask, frameOfText(filled.frame));
  const left = mask.length - painted(mask);
  const kept =
    strays === 0 ? `The ${left} pixels that you left are as they were.` : `${strays} pixels that you left differ.`;
  if (sample + 1 < samples) return `Filling in: ${sample + 1} of ${samples}…`;
  return `Filled in, in ${steps} ${steps === 1 ? 'step' : 'steps'}. ${kept}`;
}

/** Pixels that were not painted over and have changed all the same. */
export function strayPixels(frame: Frame, mask: Uint8Array, filled: Frame): number {
  const changed = (pixel: number): boolean =>
    [0, 1, 2].some((channel) => frame[FRAME_CHANNELS * pixel + channel] !== filled[FRAME_CHANNELS * pixel + channel]);
  return mask.reduce((sum, set, pixel) => sum + (set === 0 && changed(pixel) ? 1 : 0), 0);
}
