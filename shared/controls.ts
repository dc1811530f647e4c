/**
 * How a person drives a world: what each of four directions does, and what nothing pressed does. A world declares it in
 * its spec where the usual map does not fit, such as an engine that only thrusts; of worlds that say nothing, a box of
 * numbers is driven by its first two, each from its middle to its bounds, and numbered choices not at all.
 */
import type { Action, Space } from './space.ts';

/** By which a hand drives: keys, a pad or a drag. */
export const DIRECTIONS = ['up', 'left', 'down', 'right'] as const;
export type DirectionName = (typeof DIRECTIONS)[number];

/** What one direction does. */
export interface Control {
  /** For people, in a word or three: `'turn left'`. */
  readonly label: string;
  /** The action at full speed that way, and nothing else pressed. */
  readonly action: Action;
}

/** A world's controls; a direction that is left out does nothing. */
export interface Controls extends Readonly<Partial<Record<DirectionName, Control>>> {
  /** With nothing pressed; its label, `'engine off'`, is for where that is not plain. */
  readonly rest: { readonly label?: string; readonly action: Action };
}

/** The controls of a world; none where it is not to be driven. */
export function controlsOf({ action, controls }: { readonly action: Space; readonly controls?: Controls }) {
  return controls ?? usualControls(action);
}

function usualControls(space: Space): Controls | undefined {
  if (space.kind === 'discrete') return undefined;
  const rest = space.low.map((low, i) => (low + (space.high[i] as number)) / 2);
  const at = (dimension: number, bounds: readonly number[]): Action =>
    rest.map((middle, i) => (i === dimension ? (bounds[i] as number) : middle));
  return {
    rest: { action: rest },
    left: { label: 'left', action: at(0, space.low) },
    right: { label: 'right', action: at(0, space.high) },
    ...(space.low.length > 1 && {
      up: { label: 'up', action: at(1, space.low) },
      down: { label: 'down', action: at(1, space.high) },
    }),
  };
}
