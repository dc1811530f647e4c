/**
 * What can be rehearsed of a task in little time: whether it lies where play goes, and whether anything brings it
 * nearer.
 */
import { Random } from '../../shared/random.ts';
import { sample } from '../../shared/space.ts';
import type { State, Task, World } from '../../shared/world.ts';
import { Fault } from './fault.ts';
import { playSteps, type Source, startOf } from './playing.ts';
import type { Subject } from './subject.ts';

interface Range {
  low: number;
  high: number;
}

const sources: readonly Source[] = ['scripted', 'uniform', 'extreme'];

/** How far outside the range seen in play a start or goal may lie, as a share of that range. */
const slack = 0.5;

/** @throws Fault naming the first start or goal with a quantity far from all that play reaches. */
export function expectWithinPlay(subject: Subject, tasks: readonly Task[]): void {
  const ranges = rangesOfPlay(subject);
  for (const { seed, difficulty, start, goal } of tasks) {
    for (const [what, state] of [
      ['start', start],
      ['goal', goal],
    ] as const) {
      for (const [name, { low, high }] of ranges) {
        const value = state[name] as number;
        const margin = slack * (high - low) + 1e-9;
        if (value >= low - margin && value <= high + margin) continue;
        const seen = `${name} is ${shown(value)} at the ${what} of task ${seed} (${difficulty})`;
        const expected = `it near ${shown(low)} to ${shown(high)}, where play goes`;
        throw new Fault(seen, expected, 'draw goals that can be reached, such as states that a rehearsal reached');
      }
    }
  }
}

/** For each quantity that isn't an angle, its range over starts and play of every kind. */
function rangesOfPlay(subject: Subject): ReadonlyMap<string, Range> {
  const world = subject.world();
  const names = Object.entries(subject.spec.quantities).filter(([, { kind }]) => kind !== 'angle');
  const ranges = new Map(names.map(([name]) => [name, { low: Infinity, high: -Infinity }]));
  const add = (state: State) => {
    for (const [name, range] of ranges) {
      range.low = Math.min(range.low, state[name] as number);
      range.high = Math.max(range.high, state[name] as number);
    }
  };
  for (let seed = 0; seed < 100; seed++) add(startOf(world, seed));
  for (const source of sources) playSteps(world, 0, source, subject.amount(1500, 300), () => add(world.state()));
  return ranges;
}

/** Whether one of a few random sequences of actions, held for some steps each, brings the start nearer to the goal. */
export function fallsFrom(world: World, task: Task): boolean {
  const { seed, start, goal } = task;
  const random = new Random(seed).fork('rehearsal');
  const before = world.distance(start, goal);
  for (let attempt = 0; attempt < 12; attempt++) {
    world.place(start);
    for (let leg = 0; leg < 3; leg++) {
      const action = sample(world.spec.action, random);
      for (let step = 0; step < 3; step++) {
        const { terminated } = world.step(action);
        const distance = expectJudgement(world, task);
        if (distance < before) return true;
        if (terminated) break;
      }
    }
  }
  return false;
}

/** What `distance` and `achieved` say of the state that the world is in makes sense; returns the distance. */
function expectJudgement(world: World, { seed, difficulty, goal }: Task): number {
  const state = world.state();
  const where = `on the way in task ${seed} (${difficulty})`;
  const distance = world.distance(state, goal);
  if (!(Number.isFinite(distance) && distance >= 0)) {
    const mend = 'look for a root or logarithm of a negative number, or a division by zero, in distance()';
    throw new Fault(`the distance is ${distance} ${where}`, 'a number of at least 0', mend);
  }
  if (world.achieved(state, goal, true) && !world.achieved(state, goal)) {
    const seen = `a state ${where} meets the goal strictly and not moderately`;
    throw new Fault(seen, 'strict to be the narrower of the two', 'halve every tolerance when strict is true');
  }
  return distance;
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}
