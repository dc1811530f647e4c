/** True states as an encoder can be supervised by them (`models/latent/stateReadout.ts`). */
import type { WorldSpec } from '../../shared/world.ts';
import type { Episode } from '../data/episodes.ts';
import { standardised } from '../evaluation/standardised.ts';
import { targetsOf } from '../evaluation/stateTargets.ts';

/** Deviation below which a quantity is taken to stand still. */
const STILL = 1e-6;

/**
 * The states of each episode `[steps + 1, targets]`, angles by sine and cosine, standardised over all episodes; and the
 * number of targets.
 */
export function supervisedStates(
  spec: WorldSpec,
  episodes: readonly Pick<Episode, 'steps' | 'states'>[],
): { readonly targets: number; readonly states: readonly Float32Array[] } {
  const all = Float64Array.from(episodes.flatMap(({ states }) => [...states]));
  const columns = targetsOf(spec, all).map(({ values }) => standardised(values, STILL));
  let row = 0;
  const states = episodes.map(({ steps }) => {
    const own = Float32Array.from({ length: (steps + 1) * columns.length }, (_, i) => {
      const column = columns[i % columns.length] as readonly number[];
      return column[row + Math.floor(i / columns.length)] as number;
    });
    row += steps + 1;
    return own;
  });
  return { targets: columns.length, states };
}
