/**
 * The sampler of edits: down from a time, with what is known put back into every clean picture before it is stepped
 * from. A step is DDIM's, which adds no noise, or a consistency model's jump to less noise that is new; with a painter
 * that needs no step it is one answer. The last picture is clean and shows what is known.
 */
import { type Combine, ddimStep, noising } from '../cosine/ddim.ts';
import type { Denoise } from '../cosine/ddimSampler.ts';
import type { PointTime } from '../cosine/stepTimes.ts';

export interface EditSampling<T> {
  readonly denoise: Denoise<T>;
  /** Puts back what is known. */
  readonly impose: (clean: T) => T;
  /** Descending from where `noisy` is to 0, see `timesBelow`. */
  readonly times: readonly number[];
  readonly noisy: T;
  /** Noise for each time between the first and 0, where steps are jumps. */
  readonly fresh?: readonly T[];
  readonly combine: Combine<T>;
}

/** Where sampling in `steps` steps from 1 passes, from a time on: that time, the grid's points below it, 0. */
export function timesBelow(from: number, steps: number, timeOf: PointTime): number[] {
  const grid = Array.from({ length: steps }, (_, k) => timeOf(steps - 1 - k, steps));
  return [from, ...grid.filter((time) => time < from)];
}

export function editSampler<T>({ denoise, impose, times, noisy, fresh, combine }: EditSampling<T>): T {
  let z = noisy;
  for (let i = 1; i < times.length; i++) {
    const [time, next] = [times[i - 1] as number, times[i] as number];
    const clean = impose(denoise(z, time));
    if (next === 0) return clean;
    const noise = fresh?.[i - 1];
    z = noise === undefined ? combine(ddimStep(time, next), clean, z) : combine(noising(next), clean, noise);
  }
  return z;
}
