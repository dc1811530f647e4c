/**
 * States as numbers that a readout can learn: every quantity by itself, an angle by its sine and cosine, since it wraps
 * around. And back again.
 */
import type { State, WorldSpec } from '../../shared/world.ts';

export interface StateTarget {
  /** Name of the quantity; `name.sin` and `name.cos` for an angle. */
  readonly name: string;
  /** One value a state. */
  readonly values: number[];
}

/** The targets of `states` `[rows, quantities]`, in the spec's order. */
export function targetsOf(spec: WorldSpec, states: Float64Array): StateTarget[] {
  const quantities = Object.entries(spec.quantities);
  const rows = states.length / quantities.length;
  return quantities.flatMap(([name, { kind }], i) => {
    const values = Array.from({ length: rows }, (_, row) => states[row * quantities.length + i] as number);
    if (kind !== 'angle') return [{ name, values }];
    return [
      { name: `${name}.sin`, values: values.map(Math.sin) },
      { name: `${name}.cos`, values: values.map(Math.cos) },
    ];
  });
}

/** The state that values of all targets stand for. */
export function stateOf(spec: WorldSpec, targets: readonly number[]): State {
  const state: Record<string, number> = {};
  let at = 0;
  for (const [name, { kind }] of Object.entries(spec.quantities)) {
    const first = targets[at++] as number;
    state[name] = kind === 'angle' ? Math.atan2(first, targets[at++] as number) : first;
  }
  return state;
}
