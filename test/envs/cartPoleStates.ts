/**
 * Where cart-pole goes: the states that the world passes through from a given one under actions held for a step each, for
 * every test that follows its motion.
 */
import cartPole from '../../envs/worlds/cart-pole/cartPole.ts';
import { rail } from '../../envs/worlds/cart-pole/cartPolePhysics.ts';
import type { Variation } from '../../shared/factors.ts';
import type { State } from '../../shared/world.ts';

/** At rest in the middle of the rail, the pole up. */
export const upright: State = { cartX: rail.middle, cartVelocity: 0, poleAngle: 0, poleVelocity: 0 };
export const degree = Math.PI / 180;

/** Every state from the given one on, the actions held for a step each. */
export function statesAfter(state: State, actions: readonly number[], variation: Variation = {}): State[] {
  const world = cartPole.create(variation);
  world.place(state);
  return [state, ...actions.map((action) => [world.step([action]), world.state()] as const).map(([, after]) => after)];
}

export function stateAfter(state: State, actions: readonly number[], variation: Variation = {}): State {
  return statesAfter(state, actions, variation).at(-1) as State;
}

export function value(state: State, name: string): number {
  return state[name] ?? Number.NaN;
}
