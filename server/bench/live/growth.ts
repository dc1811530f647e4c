/**
 * Whether a quantity grows without end, judged from samples that also rise and fall for good reasons. The slope is
 * Theil's and Sen's (the median of the slopes between all pairs of samples), which single peaks do not move; the first
 * third of a run does not count, for caches that fill and code that is compiled. A rise that is lost in the scatter of
 * the samples is none.
 */
import { percentile } from '../../evaluation/percentile.ts';

export interface Sample {
  readonly hours: number;
  readonly value: number;
}

export interface Growth {
  /** At the end of what counts, by the fitted line. */
  readonly value: number;
  readonly perHour: number;
  /** Standard deviation about the line, from the median of absolute residuals. */
  readonly scatter: number;
  /** The slope that is allowed. */
  readonly limitPerHour: number;
  readonly grows: boolean;
}

/** Share of the run that does not count. */
const SETTLING = 1 / 3;
/** A rise counts from so many standard deviations on. */
const CLEAR_RISE = 2;
/** Standard deviation of normal residuals whose absolute values have a median of 1. */
const NORMAL = 1.4826;
/** With fewer that count nothing is judged. */
const FEWEST_COUNTED = 6;
/** Samples of a run that are enough for that, one to spare. */
export const FEWEST_SAMPLES = Math.ceil(FEWEST_COUNTED / (1 - SETTLING)) + 1;

/** The growth over samples in order of time; nothing where too few of them count. */
export function growthOf(samples: readonly Sample[], limitPerHour: number): Growth | undefined {
  const [first, last] = [samples[0]?.hours ?? 0, samples.at(-1)?.hours ?? 0];
  const settled = samples.filter(({ hours }) => hours >= first + SETTLING * (last - first));
  if (settled.length < FEWEST_COUNTED) return undefined;
  const perHour = median(
    settled.flatMap((a, i) => settled.slice(i + 1).map((b) => (b.value - a.value) / (b.hours - a.hours))),
  );
  const start = median(settled.map(({ hours, value }) => value - perHour * hours));
  const scatter = NORMAL * median(settled.map(({ hours, value }) => Math.abs(value - start - perHour * hours)));
  const rise = perHour * (last - (settled[0]?.hours ?? 0));
  return {
    value: start + perHour * last,
    perHour,
    scatter,
    limitPerHour,
    grows: perHour > limitPerHour && rise > CLEAR_RISE * scatter,
  };
}

function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
