/**
 * Heun's step of the probability flow (Karras et al. 2022, arXiv 2206.00364, Algorithm 1), in the angle φ of the cosine
 * schedule, where the flow is dz/dφ = v with the velocity v = (α z − x̂) / σ: an Euler step, then again with the mean
 * of the velocities at both ends. Of order 2. The step to time 0, where the velocity is 0/0, is DDIM's, which lands on
 * x̂. As linear combinations, so that the same lines serve numbers and tensors.
 */
import { alpha, angleOf, sigma } from './cosineSchedule.ts';
import { type Coefficients, type Combine, ddimStep } from './ddim.ts';

export interface HeunCoefficients<C = number> {
  /** Where Euler lands, from (x̂ at t, z_t). */
  readonly euler: Coefficients<C>;
  /** The half of the step that the velocity at t makes, from (x̂ at t, z_t); z_t itself is in it. */
  readonly first: Coefficients<C>;
  /** The half that the velocity at s makes, from (x̂ at s, where Euler landed). */
  readonly second: Coefficients<C>;
}

/** For the step from one time down to another. */
export function heunCoefficients(from: number, to: number): HeunCoefficients {
  if (to === 0) return { euler: ddimStep(from, 0), first: ddimStep(from, 0), second: [0, 0] };
  const angle = angleOf(from - to);
  const [here, there] = [angle / sigma(from), angle / sigma(to)];
  return {
    euler: [here, 1 - here * alpha(from)],
    first: [here / 2, 1 - (here / 2) * alpha(from)],
    second: [there / 2, -(there / 2) * alpha(to)],
  };
}

/** z_s from z_t, by the answers x̂ at both times. */
export function heunStep<T, C>(
  noisy: T,
  { euler, first, second }: HeunCoefficients<C>,
  answer: (noisy: T) => T,
  nextAnswer: (noisy: T) => T,
  combine: Combine<T, C | number>,
): T {
  const denoised = answer(noisy);
  const landed = combine(euler, denoised, noisy);
  const halves = [combine(first, denoised, noisy), combine(second, nextAnswer(landed), landed)] as const;
  return combine([1, 1], halves[0], halves[1]);
}
