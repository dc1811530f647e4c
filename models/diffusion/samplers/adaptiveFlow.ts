/**
 * Ordinary differential equations by Dormand and Prince's pair of orders 5 and 4 (1980, "A family of embedded
 * Runge–Kutta formulae"), with a step that adapts so that the pair differs by no more than asked: RK45 of the
 * probability flow (Song et al. 2021, arXiv 2011.13456, section 4.3). On float64 arrays, since tolerances of 1e-5 and
 * less are below what float32 can tell.
 */
import { TrainingError } from '../../../shared/errors.ts';

/** dx/dt at a time, as a new array. */
export type Velocity = (x: Float64Array, time: number) => Promise<Float64Array> | Float64Array;

export interface AdaptiveConfig {
  /** Error allowed in each number: absolute, plus this share of its size. */
  readonly absolute: number;
  readonly relative: number;
  /** Most steps, refused ones included. */
  readonly most: number;
}

/** Song's tolerances. */
export const defaultAdaptiveConfig: AdaptiveConfig = { absolute: 1e-5, relative: 1e-5, most: 10_000 };

/** Calls of a step, but for the one with which the next begins. */
export const STAGES = 6;

/** For each stage, and for the end of the step, what it is made of: weights of the slopes before it. */
export const TABLEAU: readonly (readonly number[])[] = [
  [],
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
/** Where in the step each stage lies. */
export const TIMES = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1];
/** Order 5 less order 4. */
const ERROR = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];

export interface AdaptiveResult {
  readonly x: Float64Array;
  /** Calls of the velocity. */
  readonly calls: number;
}

/**
 * From one time to another, in either direction.
 * @throws TrainingError when the tolerance cannot be kept in the steps allowed, or the velocity is not finite
 */
export async function adaptiveFlow(
  velocity: Velocity,
  start: Float64Array,
  from: number,
  to: number,
  config: AdaptiveConfig = defaultAdaptiveConfig,
): Promise<AdaptiveResult> {
  let [x, time] = [start, from];
  let step = (to - from) / 100;
  let first = await velocity(x, time);
  let calls = 1;
  for (let count = 0; count < config.most; count++) {
    const last = Math.abs(to - time) <= Math.abs(step);
    if (last) step = to - time;
    const slopes = [first];
    for (let stage = 1; stage < TIMES.length; stage++)
      slopes.push(
        await velocity(advanced(x, slopes, TABLEAU[stage] as number[], step), time + (TIMES[stage] as number) * step),
      );
    calls += STAGES;
    const next = advanced(x, slopes, TABLEAU[STAGES] as number[], step);
    const error = errorOf(x, next, slopes, step, config);
    if (error <= 1) {
      // First same as last: the next step begins with the slope that this one ended with.
      [x, time, first] = [next, time + step, slopes[STAGES] as Float64Array];
      if (last) return { x, calls };
    }
    step *= Number.isFinite(error) ? Math.min(5, Math.max(0.2, 0.9 * error ** -0.2)) : 0.2;
  }
  throw new TrainingError(
    `the flow from time ${from} did not come to ${to} within ${config.most} steps; it is at ${time}. Allow a larger error`,
  );
}

function advanced(x: Float64Array, slopes: readonly Float64Array[], weights: readonly number[], step: number) {
  return x.map((value, i) => weights.reduce((sum, weight, k) => sum + step * weight * at(slopes[k], i), value));
}

/** The root mean square of the errors, each in units of what it may be. */
function errorOf(
  x: Float64Array,
  next: Float64Array,
  slopes: readonly Float64Array[],
  step: number,
  { absolute, relative }: AdaptiveConfig,
): number {
  const squares = x.reduce((sum, value, i) => {
    const error = step * ERROR.reduce((total, weight, k) => total + weight * at(slopes[k], i), 0);
    return sum + (error / (absolute + relative * Math.max(Math.abs(value), Math.abs(next[i] as number)))) ** 2;
  }, 0);
  return Math.sqrt(squares / x.length);
}

function at(slope: Float64Array | undefined, i: number): number {
  return slope?.[i] as number;
}
