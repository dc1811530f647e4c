/**
 * What in a step is worth a mark, told from what the page has: poses and pictures. A contact is two bodies that touch
 * and did not a step before. A surprise is a dream that is suddenly off by far more than dreams of this task have
 * lately been: by over three times their median and half as much again as a step before, and by enough to be seen.
 */
import type { ServerMessageOf } from '../../shared/protocol/control.ts';
import { touching } from './contacts.ts';

/** Dreams that a surprise is measured by, at least and at most. */
const FEWEST_DREAMS = 5;
const MOST_DREAMS = 40;
export const SURPRISE_RATIO = 3;
/** Against the step before, so that a dream that drifts slowly away surprises nobody. */
const SURPRISE_JUMP = 1.5;
const SMALLEST_SURPRISE = 0.01;

/** Whether two bodies come to touch between two poses, `[shapes, 3]`. */
export function contact(
  episode: Pick<ServerMessageOf<'episode'>, 'scene' | 'arena'>,
  before: Float32Array | undefined,
  after: Float32Array | undefined,
): boolean {
  if (before === undefined || after === undefined) return false;
  const touched = touching(episode, before);
  return [...touching(episode, after)].some((pair) => !touched.has(pair));
}

/**
 * How many times the usual difference of the dreams before it a dream is off; differences from 0 to 1, oldest first.
 * None where there are too few to compare with, and infinite where they were perfect and this one is not.
 */
export function surpriseRatio(dreams: readonly number[], difference: number): number | undefined {
  const recent = dreams.slice(-MOST_DREAMS);
  if (recent.length < FEWEST_DREAMS) return undefined;
  const median = [...recent].sort((a, b) => a - b)[recent.length >> 1] as number;
  return difference === 0 ? 0 : difference / median;
}

/** Whether a dream is off by far more than the dreams before it; from 0 to 1, oldest first. */
export function surprise(dreams: readonly number[], difference: number): boolean {
  const ratio = surpriseRatio(dreams, difference);
  if (difference < SMALLEST_SURPRISE || ratio === undefined) return false;
  return ratio > SURPRISE_RATIO && difference > SURPRISE_JUMP * (dreams.at(-1) as number);
}
