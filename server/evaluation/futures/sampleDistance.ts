/**
 * How far two samples of points are from coming from one distribution. Energy distance (Székely and Rizzo 2013) is 0
 * for equal distributions alone and has the points' unit. Calibration asks, coordinate by coordinate, at which rank
 * among the predicted samples the true ones fall: evenly at all, if the prediction is right (Gneiting, Balabdaoui and
 * Raftery 2007); a forecast that is always one point scores 0.25, the worst that an unbiased one can.
 */
import { mean } from '../../../shared/mean.ts';

/** A point as a list of coordinates. */
export type Point = readonly number[];

/** √(2 E|X − Y| − E|X − X'| − E|Y − Y'|), each expectation without bias, in the points' unit; not below 0. */
export function energyDistance(a: readonly Point[], b: readonly Point[]): number {
  const squared = 2 * meanDistance(a, b) - meanDistanceWithin(a) - meanDistanceWithin(b);
  return Math.sqrt(Math.max(0, squared));
}

/**
 * Root mean squared distance of the points from their distribution's mean, estimated from two points or more: the
 * points' own mean is too near to them by one in their number.
 */
export function spread(points: readonly Point[]): number {
  const size = points[0]?.length ?? 0;
  const middle = Array.from({ length: size }, (_, i) => mean(points.map((point) => point[i] as number)));
  const squared = points.reduce((sum, point) => sum + distance(point, middle) ** 2, 0);
  return Math.sqrt(squared / (points.length - 1));
}

/** For every true value, the share of predicted values below it; half of those that are equal count. */
export function ranks(predicted: readonly number[], truth: readonly number[]): number[] {
  return truth.map((value) => {
    const below = predicted.reduce((sum, other) => sum + (other < value ? 1 : other === value ? 0.5 : 0), 0);
    return below / predicted.length;
  });
}

/** Mean distance of the ranks' distribution from the uniform one: 0 is calibrated, 0.5 the most. */
export function calibrationError(allRanks: readonly number[]): number {
  const sorted = [...allRanks].sort((a, b) => a - b);
  return mean(sorted.map((rank, i) => Math.abs(rank - (i + 0.5) / sorted.length)));
}

function meanDistance(a: readonly Point[], b: readonly Point[]): number {
  return mean(a.map((point) => mean(b.map((other) => distance(point, other)))));
}

/** Over pairs of different points. */
function meanDistanceWithin(points: readonly Point[]): number {
  return (meanDistance(points, points) * points.length) / Math.max(1, points.length - 1);
}

function distance(a: Point, b: Point): number {
  return Math.hypot(...a.map((value, i) => value - (b[i] as number)));
}
