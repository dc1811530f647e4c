/**
 * The floors: uniform random actions, and the scripted behaviour that the training data came from, which does not know
 * the goal. Whoever does not beat the second has only learned to imitate it.
 */
import { Random } from '../../shared/random.ts';
import { sample } from '../../shared/space.ts';
import type { Behaviour } from '../../shared/world.ts';
import type { Controller } from './controller.ts';

/** Actions uniform over the space. */
export function randomController(seed: number): Controller {
  let random = new Random(seed);
  return {
    planMs: [],
    begin: ({ task }) => {
      random = new Random(seed).fork(`random ${task.seed}`);
    },
    act: (world) => sample(world.spec.action, random),
  };
}

/** The world's own scripted behaviour. */
export function scriptedController(seed: number): Controller {
  let random = new Random(seed);
  let behaviour: Behaviour | undefined;
  return {
    planMs: [],
    begin: ({ task }) => {
      random = new Random(seed).fork(`scripted ${task.seed}`);
      behaviour = undefined;
    },
    act: (world) => {
      behaviour ??= world.behaviour(random);
      return behaviour.act(world.state());
    },
  };
}
