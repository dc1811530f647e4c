/**
 * What every method answers with: the right type, at once. A promise where a number is expected, a `Uint8ClampedArray`
 * where bytes are, or a truthy number where a boolean is, would each break something far from here, so that they are
 * asked for first, and nothing else is tried when one is wrong.
 */
import { FRAME_BYTES } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import { dimensionsOf, sample } from '../../shared/space.ts';
import type { State, World, WorldSpec } from '../../shared/world.ts';
import { Fault } from './fault.ts';
import type { Subject } from './subject.ts';

/** What an answer is, in words. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'object' || typeof value === 'function') {
    if (typeof Reflect.get(value, 'then') === 'function') return 'a promise';
    if (Array.isArray(value)) return `an array of ${value.length}`;
    if (ArrayBuffer.isView(value)) return `a ${value.constructor.name} of ${value.byteLength} bytes`;
    return typeof value === 'function' ? 'a function' : 'an object';
  }
  if (typeof value === 'string') return `the string '${value.slice(0, 40)}'`;
  return typeof value === 'undefined' ? 'undefined' : `the ${typeof value} ${String(value)}`;
}

/** Every method answers what the contract says, at once. */
export function checkAnswers(subject: Subject): string {
  const { spec } = subject;
  const [made, other] = [subject.definition.create(), subject.definition.create()];
  if (made === other) {
    throw new Fault('create() gave the same world twice', 'a new one each time', 'make the world inside create()');
  }
  const world = subject.watched(made);
  if (world.spec?.id !== spec.id || JSON.stringify(world.spec) !== JSON.stringify(spec)) {
    const seen = `the spec of a new world of '${spec.id}' differs from the definition's`;
    throw new Fault(seen, 'the same spec while nothing is varied', 'give the world the spec of its definition');
  }
  expectNothing('reset(0)', world.reset(0));
  expectState('state()', world.state(), spec);
  const frame: unknown = world.frame();
  if (!(frame instanceof Uint8Array) || frame.length !== FRAME_BYTES) {
    wrong('frame()', frame, `a Uint8Array of ${FRAME_BYTES} bytes, 64×64 pixels of 3`);
  }
  if (!Array.isArray(world.scene())) wrong('scene()', world.scene(), 'an array of shapes');
  expectBehaviour(world, spec);
  expectStep(world, spec);
  expectTask(world, spec);
  const snapshot: unknown = world.snapshot();
  if (typeof snapshot !== 'object' || snapshot === null || Reflect.get(snapshot, 'world') !== spec.id) {
    wrong('snapshot()', snapshot, `an object whose 'world' is '${spec.id}'`);
  }
  expectNothing('restore(…)', world.restore(world.snapshot()));
  expectNothing('place(…)', world.place(world.state()));
  return 'every method answers at once, with what the contract says';
}

function expectBehaviour(world: World, spec: WorldSpec): void {
  const behaviour: unknown = world.behaviour(new Random(0));
  if (typeof behaviour !== 'object' || behaviour === null || typeof Reflect.get(behaviour, 'act') !== 'function') {
    wrong('behaviour(…)', behaviour, 'an object with a method act(state)');
  }
  const action: unknown = world.behaviour(new Random(0)).act(world.state());
  if (!Array.isArray(action) || !action.every((value) => typeof value === 'number')) {
    wrong('behaviour(…).act(…)', action, `an array of ${dimensionsOf(spec.action)} numbers`);
  }
}

function expectStep(world: World, spec: WorldSpec): void {
  const action = sample(spec.action, new Random(0));
  const given = [...action];
  const result: unknown = world.step(given);
  if (typeof result !== 'object' || result === null || typeof Reflect.get(result, 'then') === 'function') {
    wrong('step(…)', result, '{ terminated, truncated }');
  }
  for (const flag of ['terminated', 'truncated']) {
    const value: unknown = Reflect.get(result as object, flag);
    if (typeof value !== 'boolean') wrong(`'${flag}' of step(…)`, value, 'true or false');
  }
  if (given.length !== action.length || given.some((value, i) => !Object.is(value, action[i]))) {
    const seen = `step() changed the action that it was given, [${action}], to [${given}]`;
    throw new Fault(seen, 'it left alone', 'copy the action before changing it: its owner may record it');
  }
}

function expectTask(world: World, spec: WorldSpec): void {
  const task: unknown = world.task(3, 'hard');
  if (typeof task !== 'object' || task === null || typeof Reflect.get(task, 'then') === 'function') {
    wrong("task(3, 'hard')", task, '{ seed, difficulty, start, goal, budget }');
  }
  const { seed, difficulty, start, goal, budget } = world.task(3, 'hard');
  if (seed !== 3) wrong("'seed' of task(3, 'hard')", seed, '3');
  if (difficulty !== 'hard') wrong("'difficulty' of task(3, 'hard')", difficulty, "'hard'");
  if (world.task(3).difficulty !== 'default') wrong("'difficulty' of task(3)", world.task(3).difficulty, "'default'");
  if (!(Number.isInteger(budget) && budget > 0)) wrong("'budget' of a task", budget, 'a whole number of steps above 0');
  expectState("'start' of a task", start, spec);
  expectState("'goal' of a task", goal, spec);
  const achieved: unknown = world.achieved(start, goal);
  if (typeof achieved !== 'boolean') wrong('achieved(…)', achieved, 'true or false');
  const distance: unknown = world.distance(start, goal);
  if (typeof distance !== 'number') wrong('distance(…)', distance, 'a number');
}

/** An object with exactly the numbers that the spec names. */
function expectState(what: string, state: unknown, { quantities }: WorldSpec): asserts state is State {
  if (typeof state !== 'object' || state === null || typeof Reflect.get(state, 'then') === 'function') {
    wrong(what, state, 'an object of named numbers');
  }
  const [seen, expected] = [state as object, quantities].map((names) => Object.keys(names).sort().join(', '));
  if (seen !== expected) {
    const mend = "give a state every quantity of the spec and nothing else, or mend the spec's list";
    throw new Fault(`${what} has ${seen || 'nothing'}`, `what the spec names: ${expected}`, mend);
  }
  for (const [name, value] of Object.entries(state as object)) {
    if (typeof value !== 'number') wrong(`'${name}' of ${what}`, value, 'a number');
  }
}

function expectNothing(what: string, answer: unknown): void {
  if (answer !== undefined) wrong(what, answer, 'nothing, once it is done');
}

function wrong(what: string, answer: unknown, expected: string): never {
  const kind = kindOf(answer);
  const mend =
    kind === 'a promise'
      ? 'answer at once: a world is asked thousands of times a second and nobody awaits it'
      : 'see shared/world.ts for what each method answers';
  throw new Fault(`${what} is ${kind}`, expected, mend);
}
