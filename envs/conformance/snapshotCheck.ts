/**
 * The promise of `snapshot` and `restore`: any moment comes back to the bit, in the middle of a contact too, and stays
 * so for 300 steps. Small differences are what a physics engine hides best (impulses kept for warm starting, cached
 * rotations, counters), and collisions enlarge them until they show, hence so many steps.
 *
 * Moments are chosen where the motion changes most abruptly, which is where things touch. Each is restored into the
 * world that it came from, twice, and, having been through `structuredClone` as on its way to a worker thread, into
 * another world.
 */

import { Random } from '../../shared/random.ts';
import type { Action } from '../../shared/space.ts';
import type { Snapshot, State, StepResult, World } from '../../shared/world.ts';
import { Fault } from './fault.ts';
import { actionsFrom, play, seeds } from './playing.ts';
import { expectSameFrame, expectSameResult, expectSameState } from './sameness.ts';
import type { Subject } from './subject.ts';

/** Steps for which a restored world is compared. */
const stepsOn = 300;

/** What happened next in the world that the snapshot was taken of. */
interface Future {
  readonly moves: readonly Action[];
  readonly results: readonly StepResult[];
  readonly states: readonly State[];
  readonly lastFrame: ReturnType<World['frame']>;
}

const mend =
  'copy into the snapshot all that step() reads: velocities, contacts and warm-start impulses, counters, generators; and copy again in restore(), so that going on leaves the snapshot as it was';

/** A snapshot taken anywhere brings back the same future, more than once and in another world. */
export function checkSnapshots(subject: Subject): string {
  const [world, other] = [subject.world(), subject.world()];
  let count = 0;
  let longest = 0;
  for (const seed of seeds.slice(0, subject.amount(2 * seeds.length))) {
    for (const at of abruptMoments(world, seed).slice(0, subject.amount(8))) {
      goTo(world, seed, at);
      const snapshot = world.snapshot();
      const clone = cloned(snapshot);
      const future = goOn(world, seed, Math.min(stepsOn, subject.amount(4 * stepsOn, 60)));
      const where = `restored at step ${at} of seed ${seed}`;
      for (const time of ['first', 'second']) {
        world.restore(snapshot);
        expectFuture(world, future, `${where} for the ${time} time`);
      }
      other.reset(seed + 1);
      other.restore(clone);
      expectFuture(other, future, `${where} in another world, from a structured clone`);
      count++;
      longest = Math.max(longest, future.moves.length);
    }
  }
  return `${count} snapshots at abrupt moments go on as the episode did, for up to ${longest} steps: twice, and cloned in another world`;
}

/** Steps of the scripted episode at which the motion of any quantity changes most, the most abrupt first; and 0. */
function abruptMoments(world: World, seed: number): number[] {
  const actions = play(world, seed);
  world.reset(seed);
  const states = [world.state()];
  for (const action of actions) {
    world.step(action);
    states.push(world.state());
  }
  const names = Object.keys(world.spec.quantities);
  const value = (step: number, name: string) => states[step]?.[name] ?? 0;
  const jerk = (step: number, name: string) =>
    Math.abs(value(step + 1, name) - 2 * value(step, name) + value(step - 1, name));
  const largest = names.map((name) => Math.max(...states.slice(1, -1).map((_, i) => jerk(i + 1, name)), 1e-12));
  const abruptness = (step: number) => Math.max(...names.map((name, i) => jerk(step, name) / (largest[i] as number)));
  const steps = states.slice(1, -1).map((_, i) => i + 1);
  return [...steps.sort((a, b) => abruptness(b) - abruptness(a)).slice(0, 3), 0];
}

function goTo(world: World, seed: number, step: number): void {
  const actions = play(world, seed);
  world.reset(seed);
  for (const action of actions.slice(0, step)) world.step(action);
}

/** Goes on by random actions, past the budget if the world lets itself be stepped there. */
function goOn(world: World, seed: number, steps: number): Future {
  const next = actionsFrom('uniform', world, new Random(seed).fork('future'));
  const [moves, results, states]: [Action[], StepResult[], State[]] = [[], [], []];
  let over = false;
  while (moves.length < steps) {
    const action = next();
    const result: StepResult | undefined = over ? stepIfPossible(world, action) : world.step(action);
    if (!result) break;
    over ||= result.terminated || result.truncated;
    moves.push(action);
    results.push(result);
    states.push(world.state());
  }
  return { moves, results, states, lastFrame: world.frame() };
}

function stepIfPossible(world: World, action: Action): StepResult | undefined {
  try {
    return world.step(action);
  } catch {
    return undefined;
  }
}

function expectFuture(world: World, { moves, results, states, lastFrame }: Future, restored: string): void {
  for (const [i, action] of moves.entries()) {
    const where = `${i + 1} ${i === 0 ? 'step' : 'steps'} on, ${restored}`;
    expectSameResult(results[i] as StepResult, world.step(action), where, mend);
    expectSameState(states[i] as State, world.state(), where, mend);
  }
  expectSameFrame(lastFrame, world.frame(), `the end, ${restored}`, mend);
}

function cloned(snapshot: Snapshot): Snapshot {
  try {
    return structuredClone(snapshot);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const seen = `a snapshot cannot be cloned: ${reason}`;
    const advice = 'keep functions and class instances out of a snapshot: plain records, arrays and typed arrays only';
    throw new Fault(seen, 'plain data, which can go to a worker thread or a file', advice);
  }
}
