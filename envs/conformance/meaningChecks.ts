/**
 * The promises about what a world shows and asks: states, scene and frames agree with the spec and with each other, and
 * tasks make sense.
 */
import { WorldError } from '../../shared/errors.ts';
import { FRAME_BYTES } from '../../shared/frame.ts';
import { contains } from '../../shared/space.ts';
import type { Difficulty, State, WorldDefinition, WorldSpec } from '../../shared/world.ts';
import { createWorld } from '../validateDefinition.ts';
import { expectSameFrame, expectSameState, play, seeds, startOf, statesOf } from './playing.ts';

const difficulties: readonly Difficulty[] = ['easy', 'default', 'hard'];

/** States hold the quantities of the spec, each a finite number, and angles within ±π. */
export function checkStates(definition: WorldDefinition): string {
  const world = createWorld(definition);
  const { quantities } = definition.spec;
  for (const seed of seeds) {
    expectQuantities(startOf(world, seed), quantities, `the start of seed ${seed}`);
    for (const [i, state] of statesOf(world, seed).entries()) {
      expectQuantities(state, quantities, `step ${i + 1} of seed ${seed}`);
    }
  }
  return `states have ${Object.keys(quantities).join(', ')}`;
}

function expectQuantities(state: State, quantities: WorldSpec['quantities'], where: string): void {
  const [seen, expected] = [state, quantities].map((names) => Object.keys(names).sort().join(', '));
  if (seen !== expected) throw new WorldError(`a state has ${seen} at ${where}: the spec names ${expected}`);
  for (const [name, value] of Object.entries(state)) {
    if (!Number.isFinite(value)) throw new WorldError(`${name} is ${value} at ${where}: expected a finite number`);
    if (quantities[name]?.kind === 'angle' && Math.abs(value) > Math.PI) {
      throw new WorldError(`the angle ${name} is ${value} at ${where}: expected it within ±π`);
    }
  }
}

/** Every visible object of the spec is a shape of the scene in its colour, and the scene keeps its order. */
export function checkScene(definition: WorldDefinition): string {
  const world = createWorld(definition);
  world.reset(0);
  const names = world.scene().map(({ name }) => name);
  for (const { name, color } of definition.spec.objects) {
    const shape = world.scene().find((candidate) => candidate.name === name);
    if (!shape) throw new WorldError(`the object '${name}' is no shape of the scene: it has ${names.join(', ')}`);
    if (shape.color !== color) throw new WorldError(`the shape '${name}' is ${shape.color}: the spec says ${color}`);
    if (shape.fixed) throw new WorldError(`the shape '${name}' is fixed: the spec's objects must be able to move`);
  }
  play(world, 0);
  const later = world.scene().map(({ name }) => name);
  if (later.join() !== names.join()) {
    throw new WorldError(`the scene's shapes became ${later.join(', ')}: expected ${names.join(', ')} in this order`);
  }
  return `the scene has ${names.join(', ')}`;
}

/** Frames have the right size, are a function of the state, and differ where states do. */
export function checkFrames(definition: WorldDefinition): string {
  const world = createWorld(definition);
  let changes = 0;
  let visible = 0;
  for (const seed of seeds) {
    const actions = play(world, seed);
    world.reset(seed);
    let [state, frame] = [world.state(), world.frame()];
    for (const action of actions) {
      world.step(action);
      const [nextState, nextFrame] = [world.state(), world.frame()];
      if (!(nextFrame instanceof Uint8Array) || nextFrame.length !== FRAME_BYTES) {
        throw new WorldError(`a frame is ${nextFrame?.length} long: expected a Uint8Array of ${FRAME_BYTES} bytes`);
      }
      if (JSON.stringify(state) === JSON.stringify(nextState)) {
        expectSameFrame(frame, nextFrame, `the frame of an unchanged state in seed ${seed}`);
      } else {
        changes++;
        if (frame.some((value, i) => value !== nextFrame[i])) visible++;
      }
      [state, frame] = [nextState, nextFrame];
    }
    world.place(state);
    expectSameFrame(frame, world.frame(), `the frame after the last state of seed ${seed} was placed`);
  }
  if (visible < changes / 2) {
    throw new WorldError(`the frame changed in ${visible} of ${changes} steps that changed the state: expected most`);
  }
  return `the frame changed in ${visible} of ${changes} steps that changed the state`;
}

/** The scripted behaviour is determined by its generator, stays within the space, and moves something. */
export function checkBehaviour(definition: WorldDefinition): string {
  const world = createWorld(definition);
  for (const seed of seeds) {
    const actions = play(world, seed);
    const outside = actions.find((action) => !contains(definition.spec.action, action));
    if (outside) throw new WorldError(`the behaviour chose [${outside}]: expected an action of the space`);
    if (JSON.stringify(play(world, seed)) !== JSON.stringify(actions)) {
      throw new WorldError(
        `the behaviour chose other actions when seed ${seed} was played again: draw from its generator`,
      );
    }
    if (JSON.stringify(startOf(world, seed)) === JSON.stringify(statesOf(world, seed).at(-1))) {
      throw new WorldError(`the behaviour left seed ${seed} as it was: expected it to change the state`);
    }
  }
  return `${seeds.length} episodes of behaviour are reproducible and change the state`;
}

/** Tasks are determined by their seed, disturb nothing, start unsolved, and their goal meets itself. */
export function checkTasks(definition: WorldDefinition): string {
  const [world, other] = [createWorld(definition), createWorld(definition)];
  play(world, 0);
  const before = world.state();
  let count = 0;
  for (const difficulty of difficulties) {
    for (let seed = 0; seed < 8; seed++, count++) {
      const task = world.task(seed, difficulty);
      const where = `task ${seed} (${difficulty})`;
      const again = other.task(seed, difficulty);
      if (JSON.stringify(task) !== JSON.stringify(again)) {
        throw new WorldError(
          `${where} is ${JSON.stringify(again)} in a second world: expected ${JSON.stringify(task)}`,
        );
      }
      const { start, goal, budget } = task;
      if (!(Number.isInteger(budget) && budget > 0))
        throw new WorldError(`${where} allows ${budget} steps: expected some`);
      if (world.achieved(start, goal)) throw new WorldError(`${where} is solved at its start: expected it not to be`);
      if (!world.achieved(goal, goal, true)) throw new WorldError(`the goal of ${where} doesn't meet itself`);
      const [atStart, atGoal] = [world.distance(start, goal), world.distance(goal, goal)];
      if (!(atGoal < atStart)) {
        throw new WorldError(
          `in ${where} the distance is ${atStart} at the start and ${atGoal} at the goal: it must fall`,
        );
      }
      other.place(start);
      expectSameState(start, other.state(), `the placed start of ${where}`);
    }
  }
  expectSameState(before, world.state(), `the episode in progress after ${count} tasks were drawn`);
  return `${count} tasks are reproducible, start unsolved and leave the episode alone`;
}
