/**
 * "What if": plans like one that was made. The first is the plan itself; in each of the others every dimension of its
 * actions is moved by smooth noise (`colouredNoise.ts`), whose standard deviation is a share of the dimension's range,
 * because noise that is drawn anew at every step would cancel out over a horizon. Numbered choices have no range: some
 * are drawn again. A variation depends on its number and the seed alone, so that it is the same among few and among
 * many.
 */
import { ColouredNoise } from '../../models/planning/colouredNoise.ts';
import type { Random } from '../../shared/random.ts';
import { type Box, clamp, type Space } from '../../shared/space.ts';
import type { AgentPlan } from '../agent/agent.ts';

export interface VariationConfig {
  /** Standard deviation of what is added, as a share of each dimension's range. */
  readonly deviation: number;
  /** How fast the noise's power falls with frequency: 0 is drawn anew at every step, 2 wanders. */
  readonly exponent: number;
  /** Share of numbered choices that are drawn again. */
  readonly redrawn: number;
}

export const defaultVariationConfig: VariationConfig = { deviation: 0.25, exponent: 2, redrawn: 0.5 };

/** `count` lists of actions, each `[horizon, action]` and inside the space; the first is the plan's own. */
export function variedPlans(
  { actions, horizon }: Pick<AgentPlan, 'actions' | 'horizon'>,
  space: Space,
  count: number,
  random: Random,
  config: VariationConfig = defaultVariationConfig,
): Float32Array[] {
  return Array.from({ length: count }, (_, i) => {
    if (i === 0) return actions.slice();
    const own = random.fork(`variation ${i}`);
    return space.kind === 'box'
      ? moved(actions, horizon, space, own, config)
      : redrawn(actions, space.count, own, config);
  });
}

function moved(
  actions: Float32Array,
  horizon: number,
  space: Box,
  random: Random,
  { deviation, exponent }: VariationConfig,
): Float32Array {
  const width = space.low.length;
  const varied = new Float32Array(horizon * width);
  new ColouredNoise(horizon, exponent).draw(varied, 0, width, random);
  for (let step = 0; step < horizon; step++) {
    const at = step * width;
    const action = space.low.map((low, i) => {
      const range = (space.high[i] as number) - low;
      return (actions[at + i] as number) + deviation * range * (varied[at + i] as number);
    });
    varied.set(clamp(space, action), at);
  }
  return varied;
}

function redrawn(actions: Float32Array, choices: number, random: Random, config: VariationConfig): Float32Array {
  return actions.map((choice) => (random.chance(config.redrawn) ? random.integer(choices) : choice));
}
