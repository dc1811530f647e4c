/**
 * The promises about factors of variation. At either end of each, the world works: its states are sound, its steps and
 * snapshots repeat, its tasks begin unsolved. A visible factor changes the frame of a state, a hidden one changes no
 * frame but what happens next; a colour recolours its object. Defaults give the world as it is, and what no factor
 * allows is refused.
 */
import type { ColorFactor, Factor, NumberFactor, Variation } from '../../shared/factors.ts';
import type { State, World, WorldDefinition } from '../../shared/world.ts';
import { createWorld } from '../validateDefinition.ts';
import { bytesOf, colorDistance, colorMasks } from './colorMasks.ts';
import { describeThrown } from './describeThrown.ts';
import { Fault } from './fault.ts';
import { play, playEpisode, seeds, startOf } from './playing.ts';
import { expectSameFrame, expectSameState, sameFrame, sameState } from './sameness.ts';
import { type Check, type PromptCheck, Subject } from './subject.ts';

/** Colours nearer than this to another object's are remarked on. */
const nearColors = 80;

/** What is tried at both ends of every number, by less than on the world as it is. */
export type NamedChecks = Readonly<Record<string, PromptCheck>>;

/** The check, which tries `main` on worlds with one factor at an end of its range. */
export function factorsCheck(main: NamedChecks): Check {
  return (subject) => {
    const { factors = {} } = subject.spec;
    const entries = Object.entries(factors);
    if (entries.length === 0) return 'the world has no factors of variation';
    expectRefusals(subject, entries);
    expectDefaults(subject, entries);
    const remarks = entries.flatMap(([name, factor]) =>
      factor.kind === 'number' ? checkNumber(subject, name, factor, main) : checkColor(subject, name, factor),
    );
    return { detail: `${entries.length} factors work at both ends: ${Object.keys(factors).join(', ')}`, remarks };
  };
}

/** The definition whose worlds have the variation unless told otherwise. */
function variedBy(definition: WorldDefinition, variation: Variation): WorldDefinition {
  const create = (more: Variation = {}) => definition.create({ ...variation, ...more });
  return { spec: create().spec, create };
}

function expectRefusals({ definition }: Subject, entries: readonly (readonly [string, Factor])[]): void {
  const wrong: Variation[] = entries.map(([name, factor]) => ({
    [name]: factor.kind === 'number' ? factor.high + (factor.high - factor.low) : 'a colour',
  }));
  for (const variation of [...wrong, { 'no factor of this world': 1 }]) {
    try {
      definition.create(variation);
    } catch {
      continue;
    }
    const seen = `create(${JSON.stringify(variation)}) was accepted`;
    const mend = 'begin create(variation) with completeVariation(spec.factors, variation) (shared/factors.ts)';
    throw new Fault(seen, 'a UsageError for what no factor allows', mend);
  }
}

/** A world that is told its defaults is the world that is told nothing. */
function expectDefaults({ definition }: Subject, entries: readonly (readonly [string, Factor])[]): void {
  const defaults = Object.fromEntries(entries.map(([name, factor]) => [name, factor.default]));
  const [plain, told] = [createWorld(definition), createWorld(definition, defaults)];
  const mend = 'let create() without a variation mean the defaults that spec.factors names';
  const actions = play(plain, 0);
  plain.reset(0);
  told.reset(0);
  expectSameFrame(plain.frame(), told.frame(), 'the start of seed 0 with all factors at their defaults', mend);
  for (const [i, action] of actions.entries()) {
    plain.step(action);
    told.step(action);
    expectSameState(plain.state(), told.state(), `step ${i + 1} with all factors at their defaults`, mend);
  }
}

function checkNumber(subject: Subject, name: string, factor: NumberFactor, main: NamedChecks): string[] {
  const ends = [factor.low, factor.high].map((value) => variedBy(subject.definition, { [name]: value }));
  for (const [i, definition] of ends.entries()) {
    const value = i === 0 ? factor.low : factor.high;
    for (const [what, check] of Object.entries(main)) expectWorking(definition, `${name} at ${value}`, what, check);
  }
  const [low, high] = ends.map((definition) => createWorld(definition)) as [World, World];
  const seenApart = framesDiffer(subject, low, high);
  if (factor.hidden && seenApart) {
    const seen = `the hidden factor ${name} changes the frame of a state`;
    throw new Fault(seen, 'no single frame to show it', `set hidden: false for ${name}, or draw without it`);
  }
  if (!factor.hidden && !seenApart) {
    const seen = `the factor ${name} changes the frame of no state`;
    throw new Fault(seen, 'a factor that is not hidden to be seen', `set hidden: true for ${name}, or draw it`);
  }
  if (seenApart || futuresDiffer(low, high)) return [];
  const seen = `the factor ${name} changes nothing: ${factor.low} and ${factor.high} give equal episodes`;
  throw new Fault(seen, 'it to act on the physics', `use ${name} in the rules, or take it out of spec.factors`);
}

/** @throws Fault saying with which value the check failed. */
function expectWorking(definition: WorldDefinition, label: string, what: string, check: PromptCheck): void {
  try {
    check(new Subject(definition, 'scant'));
  } catch (error) {
    const mend = `narrow the range of the factor, or make the world work there`;
    const advice = error instanceof Fault ? `${mend}; ${error.mend}` : mend;
    throw new Fault(`with ${label}, ${what} fails: ${describeThrown(error)}`, 'a world that works', advice);
  }
}

/** Whether any of some states looks different in the two worlds. */
function framesDiffer(subject: Subject, low: World, high: World): boolean {
  return someStates(subject).some((state) => {
    low.place(state);
    high.place(state);
    return !sameFrame(low.frame(), high.frame());
  });
}

function someStates(subject: Subject): State[] {
  const world = subject.world();
  return seeds.flatMap((seed) => {
    const states = [startOf(world, seed)];
    playEpisode(world, seed, 'scripted', 12, (_, step) => step % 4 === 0 && states.push(world.state()));
    return states;
  });
}

/** Whether equal actions ever lead apart, from the same start. */
function futuresDiffer(low: World, high: World): boolean {
  return [...seeds, 4, 5, 6, 7].some((seed) => {
    const actions = play(low, seed);
    low.reset(seed);
    const start = low.state();
    low.place(start);
    high.reset(seed);
    high.place(start);
    return actions.some((action) => {
      low.step(action);
      high.step(action);
      return !sameState(low.state(), high.state());
    });
  });
}

function checkColor(subject: Subject, name: string, factor: ColorFactor): string[] {
  const { objects } = subject.spec;
  const target = objects.find((object) => object.name === factor.object);
  if (!target && factor.object !== 'background') {
    const seen = `the colour factor ${name} belongs to '${factor.object}', which is no object`;
    throw new Fault(seen, `one of ${objects.map((object) => object.name).join(', ')}, background`, 'mend spec.factors');
  }
  const usual = target?.color ?? subject.spec.background;
  if (factor.default !== usual) {
    const seen = `the default of ${name} is ${factor.default}`;
    throw new Fault(seen, `${usual}, which '${factor.object}' has in the spec`, 'make the two equal');
  }
  return [...new Set(factor.choices)].flatMap((color) => recolored(subject, name, factor, color));
}

/** Whether the colour is in the spec and in the frame; what it could be mistaken for. */
function recolored({ definition }: Subject, name: string, { object }: ColorFactor, color: string): string[] {
  const world = createWorld(definition, { [name]: color });
  const { objects, background } = world.spec;
  const seenColor = object === 'background' ? background : objects.find((one) => one.name === object)?.color;
  const mend = 'make the spec of the varied world show its colours, and draw with those';
  if (seenColor !== color) {
    throw new Fault(`with ${name} ${color}, '${object}' is ${seenColor} in the world's spec`, color, mend);
  }
  if (!seeds.some((seed) => showsColor(world, seed, object, color))) {
    throw new Fault(`with ${name} ${color}, no frame shows '${object}' in it`, 'it recoloured', mend);
  }
  const others = [...objects, { name: 'background', color: background }].filter((other) => other.name !== object);
  return others
    .filter((other) => colorDistance(bytesOf(other.color), bytesOf(color)) < nearColors)
    .map((other) => `${name} ${color} is hard to tell from ${other.name} (${other.color})`);
}

function showsColor(world: World, seed: number, object: string, color: string): boolean {
  world.reset(seed);
  const frame = world.frame();
  if (object !== 'background') {
    return colorMasks(world.spec).some((mask) => mask.names.includes(object) && mask.find(frame) !== undefined);
  }
  const bytes = bytesOf(color);
  return frame.some((_, at) => at % 3 === 0 && bytes.every((value, channel) => frame[at + channel] === value));
}
