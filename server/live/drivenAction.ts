/**
 * A person's hand on the controls of any world: a direction whose axes are shares of the first two numbers of the
 * action, from their middle to their bounds. Numbers beyond those stay in the middle.
 */
import type { Direction } from '../../shared/protocol/control.ts';
import { type Action, dimensionsOf, type Space } from '../../shared/space.ts';

/** How many axes of a direction drive a world; none where it says nothing, with numbered choices. */
export function drivenAxes(space: Space): number {
  return space.kind === 'box' ? Math.min(2, dimensionsOf(space)) : 0;
}

/** The action for a direction; the middle of the space for rest. */
export function drivenAction(space: Space, { x, y }: Direction): Action {
  if (space.kind === 'discrete') return [0];
  return space.low.map((low, i) => {
    const high = space.high[i] as number;
    const share = [x, y][i] ?? 0;
    return (low + high) / 2 + (share * (high - low)) / 2;
  });
}
