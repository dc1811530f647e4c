/**
 * Normal data N(m, s²), for which everything is known in closed form: the denoiser, the probability flow, and the
 * function that a multistep consistency model should learn on each segment.
 */

import { alpha, sigma } from '../../models/diffusion/cosine/cosineSchedule.ts';
import { type Coefficients, inverseDdimStep } from '../../models/diffusion/cosine/ddim.ts';
import { stepTime } from '../../models/diffusion/cosine/stepTimes.ts';

const MEAN = 0.3;
const DEVIATION = 0.5;

const spread = (time: number) => Math.hypot(alpha(time) * DEVIATION, sigma(time));

/** E[x | z_t]. */
export function exactDenoiser(noisy: number, time: number): number {
  const gain = (alpha(time) * DEVIATION ** 2) / spread(time) ** 2;
  return MEAN + gain * (noisy - alpha(time) * MEAN);
}

/** Where the probability flow carries z from one time to another. */
export function exactFlow(noisy: number, from: number, to: number): number {
  return alpha(to) * MEAN + (spread(to) / spread(from)) * (noisy - alpha(from) * MEAN);
}

/** The x̂ that lands DDIM exactly on the flow at `bottom`. */
export function exactSegmentAnswer(noisy: number, time: number, bottom: number): number {
  return combineNumbers(inverseDdimStep(time, bottom), exactFlow(noisy, time, bottom), noisy);
}

export function combineNumbers([a, b]: Coefficients, first: number, second: number): number {
  return a * first + b * second;
}

/** Which point of a grid is at a time of it. */
export function pointOf(time: number, points: number): number {
  return Array.from({ length: points + 1 }, (_, k) => k).findIndex((k) => stepTime(k, points) === time);
}
