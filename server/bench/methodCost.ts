/**
 * What a method of painting took to train. Its *own* cost is that of the networks that it paints with; *all* of it counts
 * what they start from and are taught by too, back to the first. A network of before there was a record makes what it
 * counts for unknown, rather than a guess.
 */
import type { RenderMethod } from '../../models/diffusion/methodNames.ts';
import { renderMethods } from '../../models/diffusion/methods.ts';
import { ancestryOf, type NetworkName } from '../../models/diffusion/networks.ts';
import type { TrainingCost, TrainingCosts } from '../agent/trainingCost.ts';

/** `null` where it is unknown. */
export interface MethodCost {
  readonly own: TrainingCost | null;
  readonly all: TrainingCost | null;
}

/** What a method took, given what each network took. */
export function methodCost(method: RenderMethod, costs: TrainingCosts): MethodCost {
  const { networks } = renderMethods[method];
  return { own: total(networks, costs), all: total(ancestryOf(networks), costs) };
}

function total(names: readonly NetworkName[], costs: TrainingCosts): TrainingCost | null {
  let [minutes, steps, calls] = [0, 0, 0];
  for (const name of names) {
    const cost = costs[name];
    if (cost === undefined) return null;
    minutes += cost.minutes;
    steps += cost.steps;
    calls += cost.calls;
  }
  return { minutes, steps, calls };
}
