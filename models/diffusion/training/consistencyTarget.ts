/**
 * Multistep consistency models (Heek, Hoogeboom and Salimans 2024, arXiv 2403.06807), Algorithm 1, as arithmetic. Time
 * is cut into n segments; within each, the student learns to say from anywhere what DDIM needs to land on the
 * probability flow at the segment's bottom. It is taught by one small step of the teacher from t to s followed by its
 * own answer at s. Three things that the paper leaves open: the fine grid must have a multiple of n points or it misses
 * the segments' bottoms; a pair that ends on the bottom (s = bottom) takes no student step, or the formula says 0/0 at
 * time 0; and with the true picture for a teacher the same lines are consistency training, while n = grid gives back
 * plain diffusion.
 */
import type { Random } from '../../../shared/random.ts';
import { type Coefficients, type Combine, ddimStep, inverseDdimStep } from '../cosine/ddim.ts';
import { type PointTime, stepTime } from '../cosine/stepTimes.ts';

/** Two neighbouring times of the fine grid and the bottom of their segment: `bottom ≤ next < time`. */
export interface SegmentPair {
  readonly time: number;
  readonly next: number;
  readonly bottom: number;
}

/**
 * Pair `k` of a segment, from a grid of `grid` points cut into `segments`, which must divide `grid`; `timeOf` says when a
 * point is.
 */
export function segmentPair(
  segments: number,
  grid: number,
  segment: number,
  k: number,
  timeOf: PointTime = stepTime,
): SegmentPair {
  const perSegment = grid / segments;
  if (!Number.isInteger(perSegment))
    throw new RangeError(`${segments} segments do not divide a grid of ${grid} points`);
  const bottom = segment * perSegment;
  // Integers first: `next` and `bottom` must be the same float when they are the same point.
  return { time: timeOf(bottom + k, grid), next: timeOf(bottom + k - 1, grid), bottom: timeOf(bottom, grid) };
}

/** A pair uniform over the grid. */
export function drawSegmentPair(random: Random, segments: number, grid: number, timeOf?: PointTime): SegmentPair {
  return segmentPair(segments, grid, random.integer(segments), 1 + random.integer(grid / segments), timeOf);
}

/** The three linear steps of the target. */
export interface TargetCoefficients<C = number> {
  /** z_s from (teacher's x̂, z_t). */
  readonly teacherStep: Coefficients<C>;
  /** Where the student lands, from (student's x̂ at s, z_s). */
  readonly toBottom: Coefficients<C>;
  /** The target, from (landing point, z_t). */
  readonly target: Coefficients<C>;
}

export function targetCoefficients({ time, next, bottom }: SegmentPair): TargetCoefficients {
  return {
    teacherStep: ddimStep(time, next),
    toBottom: ddimStep(next, bottom),
    target: inverseDdimStep(time, bottom),
  };
}

/**
 * What the student should answer at (z_t, t), when the teacher's step has led to z_s: the base model's x̂ steps there
 * in distillation, the true picture in training. `student` gives x̂ at s. The caller stops the gradient.
 */
export function consistencyTarget<T, C>(
  noisy: T,
  stepped: T,
  { toBottom, target }: Pick<TargetCoefficients<C>, 'toBottom' | 'target'>,
  student: (noisy: T) => T,
  combine: Combine<T, C>,
): T {
  const landed = combine(toBottom, student(stepped), stepped);
  return combine(target, landed, noisy);
}
