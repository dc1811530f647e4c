/**
 * Denoising: a frame with Gaussian noise of a known deviation is a point of the diffusion process, at the time when
 * noise and picture stand in that proportion, σ/α = tan(πt/2). Sampling begins there instead of at pure noise. Nothing
 * is known for sure, so nothing is put back.
 */
import * as tf from '@tensorflow/tfjs';
import { UsageError } from '../../../shared/errors.ts';
import { FRAME_BYTES, type Frame } from '../../../shared/frame.ts';
import type { Random } from '../../../shared/random.ts';
import { alpha } from '../cosine/cosineSchedule.ts';
import { LEVELS_PER_UNIT } from '../picture.ts';
import { editInput, type FrameEdit, pictureInput } from './frameEdit.ts';

/** The time at which noise of this deviation, in grey levels, lies on the picture. */
export function timeOfNoise(deviation: number): number {
  return (2 / Math.PI) * Math.atan(deviation / LEVELS_PER_UNIT);
}

/** The frame with Gaussian noise, rounded and clipped to bytes. */
export function addNoise(frame: Frame, deviation: number, random: Random): Frame {
  const noisy = new Uint8ClampedArray(FRAME_BYTES);
  for (let i = 0; i < FRAME_BYTES; i++) noisy[i] = (frame[i] as number) + random.normal(0, deviation);
  return new Uint8Array(noisy.buffer);
}

/** Paints the frame under the noise. @throws UsageError when the deviation is not above 0 grey levels */
export function denoiseFrame(noisy: Frame, deviation: number): FrameEdit {
  if (!(deviation > 0 && Number.isFinite(deviation)))
    throw new UsageError(`noise of ${deviation} grey levels cannot be taken off; give a deviation above 0`);
  const from = timeOfNoise(deviation);
  return {
    key: `denoise ${from}`,
    inputs: (backdrop) => ({ noisy: pictureInput(noisy, backdrop) }),
    from,
    begin: (_, inputs) => tf.mul(editInput(inputs, 'noisy'), alpha(from)),
    impose: (clean) => clean,
    settle: (painted) => painted,
    visible: () => noisy,
  };
}
