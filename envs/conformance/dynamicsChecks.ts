/**
 * The promises about how a world moves: an episode is a function of its seed and its actions, and any moment of it can
 * be returned to.
 */
import { WorldError } from '../../shared/errors.ts';
import { Random } from '../../shared/random.ts';
import { type Action, dimensionsOf, sample } from '../../shared/space.ts';
import type { State, WorldDefinition } from '../../shared/world.ts';
import { createWorld } from '../validateDefinition.ts';
import { expectSameFrame, expectSameState, play, seeds, startOf } from './playing.ts';

/** Equal seeds begin equal episodes, in whatever order; different seeds don't all begin the same one. */
export function checkSeeds(definition: WorldDefinition): string {
  const [first, second] = [createWorld(definition), createWorld(definition)];
  const starts = seeds.map((seed) => startOf(first, seed));
  for (const seed of [...seeds].reverse()) {
    expectSameState(starts[seed] as State, startOf(second, seed), `the start of seed ${seed} in a second world`);
  }
  if (new Set(starts.map((state) => JSON.stringify(state))).size === 1) {
    throw new WorldError(
      `seeds ${seeds.join(', ')} all start in ${JSON.stringify(starts[0])}: a seed must choose the start`,
    );
  }
  return `${seeds.length} seeds start alike in two worlds`;
}

/** Equal actions from equal seeds give equal states and frames. */
export function checkSteps(definition: WorldDefinition): string {
  const [first, second] = [createWorld(definition), createWorld(definition)];
  let steps = 0;
  for (const seed of seeds) {
    const actions = play(first, seed);
    first.reset(seed);
    second.reset(seed);
    for (const [i, action] of actions.entries()) {
      first.step(action);
      second.step(action);
      expectSameState(first.state(), second.state(), `step ${i + 1} of seed ${seed} in a second world`);
      expectSameFrame(first.frame(), second.frame(), `step ${i + 1} of seed ${seed} in a second world`);
      steps++;
    }
  }
  return `${steps} steps give equal states and frames in two worlds`;
}

/** A snapshot taken anywhere in an episode brings back the same future, more than once. */
export function checkSnapshots(definition: WorldDefinition): string {
  const world = createWorld(definition);
  let count = 0;
  for (const seed of seeds) {
    const actions = play(world, seed);
    world.reset(seed);
    const snapshots = [world.snapshot()];
    const states = [world.state()];
    for (const action of actions) {
      world.step(action);
      snapshots.push(world.snapshot());
      states.push(world.state());
    }
    for (let at = 0; at < actions.length; at += 7, count++) {
      for (const time of ['first', 'second']) {
        world.restore(snapshots[at] as (typeof snapshots)[number]);
        for (let i = at; i < actions.length; i++) {
          world.step(actions[i] as Action);
          const where = `step ${i + 1} of seed ${seed}, restored at step ${at} for the ${time} time`;
          expectSameState(states[i + 1] as State, world.state(), where);
        }
      }
    }
  }
  return `${count} snapshots go on as the episode did, twice each`;
}

/** What follows a placement depends on the state placed and on nothing before. */
export function checkPlacement(definition: WorldDefinition): string {
  const [used, fresh] = [createWorld(definition), createWorld(definition)];
  for (const seed of seeds) {
    const actions = play(used, seed);
    const state = used.state();
    used.place(state);
    expectSameState(state, used.state(), `the state read after it was placed, end of seed ${seed}`);
    fresh.reset(seed);
    fresh.place(state);
    for (const [i, action] of actions.entries()) {
      used.step(action);
      fresh.step(action);
      expectSameState(fresh.state(), used.state(), `step ${i + 1} after a placement, in a world with another past`);
    }
  }
  return `${seeds.length} placements have equal futures in worlds of different pasts`;
}

/** Actions outside the space are refused, and nothing moves. */
export function checkActions(definition: WorldDefinition): string {
  const { action: space } = definition.spec;
  const world = createWorld(definition);
  world.reset(0);
  const before = world.state();
  const inside = sample(space, new Random(0));
  const beyond = space.kind === 'box' ? space.high.map((high) => high + 1) : [space.count];
  for (const action of [beyond, inside.map(() => Number.NaN), [...inside, 0], []]) {
    try {
      world.step(action);
    } catch {
      expectSameState(before, world.state(), `the state after the refused action [${action}]`);
      continue;
    }
    throw new WorldError(`step([${action}]) was accepted: actions outside the space must be refused with a WorldError`);
  }
  return `too large, NaN, too long and empty actions are refused; actions have ${dimensionsOf(space)} numbers`;
}

/** An episode that doesn't terminate is truncated at its budget, not before. */
export function checkTruncation(definition: WorldDefinition): string {
  const world = createWorld(definition);
  const { budget } = definition.spec;
  world.reset(0);
  const behaviour = world.behaviour(new Random(0));
  for (let step = 1; step <= budget; step++) {
    const { terminated, truncated } = world.step(behaviour.act(world.state()));
    if (terminated) return `the episode of seed 0 terminates at step ${step} of ${budget}`;
    if (truncated !== (step === budget)) {
      throw new WorldError(`step ${step} says truncated: ${truncated}, with a budget of ${budget} steps`);
    }
  }
  return `truncated at step ${budget}`;
}
