/**
 * How the conformance checks play a world and compare what they see. All of it is determined by fixed seeds, and no
 * episode is played past its budget.
 */
import { WorldError } from '../../shared/errors.ts';
import type { Frame } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import type { Action } from '../../shared/space.ts';
import type { State, World, WorldDefinition } from '../../shared/world.ts';

/**
 * Tries one promise on new worlds: says what held, or throws a `WorldError` with what was seen and what was expected.
 */
export type Check = (definition: WorldDefinition) => string;

/** The episodes that are played. */
export const seeds = [0, 1, 2, 3];

/** The state in which the episode of the seed begins. */
export function startOf(world: World, seed: number): State {
  world.reset(seed);
  return world.state();
}

/** Plays the episode of the seed by the scripted behaviour and leaves the world at its end; at most 60 steps. */
export function play(world: World, seed: number): Action[] {
  world.reset(seed);
  const behaviour = world.behaviour(new Random(seed).fork('conformance'));
  const actions: Action[] = [];
  while (actions.length < Math.min(60, world.spec.budget)) {
    const action = behaviour.act(world.state());
    actions.push(action);
    const { terminated, truncated } = world.step(action);
    if (terminated || truncated) break;
  }
  return actions;
}

/** The states after each step of `play`. */
export function statesOf(world: World, seed: number): State[] {
  const actions = play(world, seed);
  world.reset(seed);
  return actions.map((action) => {
    world.step(action);
    return world.state();
  });
}

/** @throws WorldError naming the first quantity that differs. */
export function expectSameState(expected: State, seen: State, where: string): void {
  for (const name of new Set([...Object.keys(expected), ...Object.keys(seen)])) {
    if (!Object.is(expected[name], seen[name])) {
      throw new WorldError(`${name} is ${seen[name]} at ${where}: expected ${expected[name]}, to the bit`);
    }
  }
}

/** @throws WorldError naming the first byte that differs. */
export function expectSameFrame(expected: Frame, seen: Frame, where: string): void {
  const at = expected.findIndex((value, i) => value !== seen[i]);
  if (at >= 0) throw new WorldError(`byte ${at} of the frame is ${seen[at]} at ${where}: expected ${expected[at]}`);
}
