/**
 * Action spaces, with Gymnasium's names and meaning: a `Box` of bounded real numbers or a `Discrete` choice. An action
 * is always an array of numbers, so that the learned model, the planner and a recording treat every world alike; a
 * discrete action is an array of one integer.
 */
import type { Random } from './random.ts';

/** Real numbers between element-wise bounds. */
export interface Box {
  readonly kind: 'box';
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** One of `count` choices, numbered from 0. */
export interface Discrete {
  readonly kind: 'discrete';
  readonly count: number;
}

export type Space = Box | Discrete;

/** One action: as many numbers as the space has dimensions. */
export type Action = readonly number[];

/** How many numbers an action of this space has. */
export function dimensionsOf(space: Space): number {
  return space.kind === 'box' ? space.low.length : 1;
}

/** Whether the action lies in the space: right length, finite, within bounds. */
export function contains(space: Space, action: Action): boolean {
  if (action.length !== dimensionsOf(space)) return false;
  if (space.kind === 'discrete') {
    const choice = action[0] as number;
    return Number.isInteger(choice) && choice >= 0 && choice < space.count;
  }
  return action.every(
    (value, i) => Number.isFinite(value) && value >= (space.low[i] as number) && value <= (space.high[i] as number),
  );
}

/** An action uniform over the space. */
export function sample(space: Space, random: Random): number[] {
  if (space.kind === 'discrete') return [random.integer(space.count)];
  return space.low.map((low, i) => random.uniform(low, space.high[i] as number));
}

/** The nearest action inside the space; NaN becomes the middle of its range. */
export function clamp(space: Space, action: Action): number[] {
  if (space.kind === 'discrete') {
    const choice = Math.round(action[0] ?? 0);
    return [Math.min(space.count - 1, Math.max(0, Number.isFinite(choice) ? choice : 0))];
  }
  return space.low.map((low, i) => {
    const high = space.high[i] as number;
    const value = action[i] ?? Number.NaN;
    return Number.isNaN(value) ? (low + high) / 2 : Math.min(high, Math.max(low, value));
  });
}
