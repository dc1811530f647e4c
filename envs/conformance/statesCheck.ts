/**
 * States hold the quantities of the spec: finite numbers whatever is done, angles within ±π, and each state a record of
 * its own that neither follows the world nor lets the world be changed through it.
 */
import type { State, WorldSpec } from '../../shared/world.ts';
import { Fault } from './fault.ts';
import { play, playSteps, type Source, startOf } from './playing.ts';
import { expectSameState } from './sameness.ts';
import type { Subject, Verdict } from './subject.ts';

const sources: readonly Source[] = ['scripted', 'uniform', 'extreme'];

/** States have finite numbers, angles within ±π, and keep what they said. */
export function checkStates(subject: Subject): Verdict {
  const { quantities } = subject.spec;
  const world = subject.world();
  const ranges = new Map(Object.keys(quantities).map((name) => [name, { low: Infinity, high: -Infinity }]));
  const look = (where: string) => {
    const state = world.state();
    expectQuantities(state, quantities, where);
    for (const [name, range] of ranges) {
      range.low = Math.min(range.low, state[name] as number);
      range.high = Math.max(range.high, state[name] as number);
    }
  };
  let count = 0;
  for (const source of sources) {
    startOf(world, 0);
    look('the start of seed 0');
    let step = 0;
    playSteps(world, 0, source, subject.amount(1000), (action, begun) => {
      step = begun ? 1 : step + 1;
      look(`step ${step} of an episode of ${source} actions, after [${action}]`);
      count++;
    });
  }
  expectOwnRecords(subject);
  const remarks = [...ranges]
    .filter(([, { low, high }]) => low === high)
    .map(([name, { low }]) => `${name} was ${low} in all of ${count} states: does it belong to the state?`);
  return { detail: `${count} states have finite ${Object.keys(quantities).join(', ')}`, remarks };
}

/** @throws Fault naming the first quantity that is missing, unknown, not finite, or an angle out of range. */
export function expectQuantities(state: State, quantities: WorldSpec['quantities'], where: string): void {
  const [seen, expected] = [state, quantities].map((names) => Object.keys(names).sort().join(', '));
  if (seen !== expected) {
    throw new Fault(`a state has ${seen} at ${where}`, `what the spec names: ${expected}`, 'mend state() or the spec');
  }
  for (const [name, value] of Object.entries(state)) {
    if (!Number.isFinite(value)) {
      const mend = 'look for a division by zero, a root or logarithm of a negative number, or a missing field';
      throw new Fault(`${name} is ${value} at ${where}`, 'a finite number', mend);
    }
    if (quantities[name]?.kind === 'angle' && Math.abs(value) > Math.PI) {
      const mend = 'wrap angles with wrapAngle (envs/angle.ts), or give the quantity another kind';
      throw new Fault(`the angle ${name} is ${value} at ${where}`, 'it within ±π', mend);
    }
  }
}

/** A state that was read stays as it was, and writing to it changes nothing. */
function expectOwnRecords(subject: Subject): void {
  const world = subject.world();
  world.reset(0);
  const early = world.state();
  const copy = { ...early };
  const mend = 'make a new object in state(): states are stored by whoever reads them';
  play(world, 1);
  expectSameState(copy, early, 'a state that was read before the world went on', mend);
  const now = world.state();
  const before = { ...now };
  for (const name of Object.keys(now)) Reflect.set(now, name, 12345);
  expectSameState(before, world.state(), 'the state after somebody wrote to a state that was read before', mend);
}
