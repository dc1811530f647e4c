/**
 * How the checks play a world. Everything is determined by fixed seeds. Actions come from the world's own behaviour,
 * from chance, or from two sources that scripts seldom reach: corners of the space held for long, and small pushes.
 */
import { Random } from '../../shared/random.ts';
import { type Action, sample } from '../../shared/space.ts';
import type { State, World } from '../../shared/world.ts';

/** The episodes that most checks play. */
export const seeds: readonly number[] = [0, 1, 2, 3];

/** Most steps of an episode that are played. */
const longestPlay = 60;

/** Where actions come from. */
export type Source = 'scripted' | 'uniform' | 'extreme' | 'gentle';

/** The state in which the episode of the seed begins. */
export function startOf(world: World, seed: number): State {
  world.reset(seed);
  return world.state();
}

/** Chooses the actions of one episode. */
export function actionsFrom(source: Source, world: World, random: Random): () => Action {
  if (source === 'scripted') {
    const behaviour = world.behaviour(random);
    return () => behaviour.act(world.state());
  }
  if (source === 'uniform') return () => sample(world.spec.action, random);
  return heldActions(source, world, random);
}

/**
 * Actions held for a while: `extreme` at ends of the ranges, sometimes to and fro at every step; `gentle` within a
 * seventh of the middle.
 */
function heldActions(source: 'extreme' | 'gentle', world: World, random: Random): () => Action {
  const { action: space } = world.spec;
  let held: Action = sample(space, random);
  let left = 0;
  return () => {
    if (left-- > 0) return held;
    if (space.kind === 'discrete') held = [random.integer(space.count)];
    else held = space.low.map((low, i) => heldValue(source, low, space.high[i] as number, random));
    left = random.chance(0.2) ? 0 : random.integer(25);
    return held;
  };
}

function heldValue(source: 'extreme' | 'gentle', low: number, high: number, random: Random): number {
  if (source === 'extreme') return random.choice([low, high]);
  return (low + high) / 2 + (random.uniform(-1, 1) * (high - low)) / 14;
}

/** The action in the middle of the space: nothing done, where the middle is 0. */
export function idleAction(world: World): Action {
  const { action } = world.spec;
  if (action.kind === 'discrete') return [Math.floor((action.count - 1) / 2)];
  return action.low.map((low, i) => (low + (action.high[i] as number)) / 2);
}

/**
 * Plays the episode of the seed by the scripted behaviour and leaves the world at its end; at most 60 steps, and not
 * beyond the episode's end.
 */
export function play(world: World, seed: number): Action[] {
  const actions: Action[] = [];
  playEpisode(world, seed, 'scripted', Math.min(longestPlay, world.spec.budget), (action) => actions.push(action));
  return actions;
}

/** Plays up to `steps` steps of one episode and shows each; says how it ended. */
export function playEpisode(
  world: World,
  seed: number,
  source: Source,
  steps: number,
  visit: (action: Action, step: number) => void,
): 'terminated' | 'truncated' | 'stopped' {
  world.reset(seed);
  const next = actionsFrom(source, world, new Random(seed).fork(`conformance ${source}`));
  for (let step = 1; step <= steps; step++) {
    const action = [...next()];
    const { terminated, truncated } = world.step(action);
    visit(action, step);
    if (terminated) return 'terminated';
    if (truncated) return 'truncated';
  }
  return 'stopped';
}

/** Plays `steps` steps in all, in as many episodes as that takes, the first of them that of `seed`. */
export function playSteps(
  world: World,
  seed: number,
  source: Source,
  steps: number,
  visit: (action: Action, begun: boolean) => void,
): void {
  for (let done = 0, episode = 0; done < steps; episode++) {
    playEpisode(world, seed + episode, source, steps - done, (action, step) => {
      done++;
      visit(action, step === 1);
    });
  }
}
