/**
 * The sampler: from noise at t = 1 down the times of `stepTimes.ts` to t = 0, denoising and stepping. With a diffusion
 * model's denoiser it is DDIM; with a multistep consistency model's, whose denoiser answers for a whole segment, it is
 * Algorithm 2 of arXiv 2403.06807. No noise is added on the way, so that the picture is a function of the first noise.
 */
import { type Combine, ddimStep } from './ddim.ts';
import { type PointTime, stepTime } from './stepTimes.ts';

/** x̂ for a noisy picture at a time. */
export type Denoise<T> = (noisy: T, time: number) => T;

/** The clean picture that `steps` calls of the denoiser make of the noise; `steps` must be a positive integer. */
export function ddimSampler<T>(
  denoise: Denoise<T>,
  noise: T,
  steps: number,
  combine: Combine<T>,
  timeOf: PointTime = stepTime,
): T {
  let noisy = noise;
  for (let k = steps; k >= 1; k--) {
    const [time, next] = [timeOf(k, steps), timeOf(k - 1, steps)];
    noisy = combine(ddimStep(time, next), denoise(noisy, time), noisy);
  }
  return noisy;
}
