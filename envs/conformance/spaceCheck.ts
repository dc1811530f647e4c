/**
 * Whether the spaces are sensible, after Gymnasium's `check_space_limit`: that bounds are finite and in order the
 * spec's validation has seen to, and here it is asked whether they are such that a learner does well, and whether every
 * legal action is accepted, corners included.
 */
import { Random } from '../../shared/random.ts';
import { type Action, type Space, sample } from '../../shared/space.ts';
import type { World } from '../../shared/world.ts';
import { Fault } from './fault.ts';
import { seeds } from './playing.ts';
import { sameState } from './sameness.ts';
import type { Subject, Verdict } from './subject.ts';

/** Every action of the space is accepted, and each of its numbers does something. */
export function checkSpace(subject: Subject): Verdict {
  const { action: space, arena } = subject.spec;
  const world = subject.world();
  const random = new Random(0).fork('space');
  const actions = [...corners(space), ...Array.from({ length: 20 }, () => sample(space, random))];
  for (const action of actions) {
    world.reset(0);
    try {
      world.step(action);
    } catch (cause) {
      const seen = `step([${action}]) threw ${cause instanceof Error ? `'${cause.message}'` : 'something'}`;
      const mend = 'accept every action within the bounds, both ends included, or narrow the bounds of spec.action';
      throw new Fault(seen, 'every action of the space to be accepted', mend);
    }
  }
  const remarks = [...limits(space), ...idleNumbers(world, space)];
  const ratio = arena.width / arena.height;
  if (Math.abs(ratio - 1) > 0.01) {
    remarks.push(`the arena is ${arena.width}×${arena.height}: the square frame shows it stretched`);
  }
  return { detail: `${actions.length} actions of ${describe(space)} are accepted, corners included`, remarks };
}

function describe(space: Space): string {
  return space.kind === 'discrete' ? `discrete(${space.count})` : `box(${space.low.length})`;
}

/** Every choice, or both ends of every range: up to 64 of them. */
function corners(space: Space): Action[] {
  if (space.kind === 'discrete') return Array.from({ length: Math.min(64, space.count) }, (_, choice) => [choice]);
  const dimensions = Math.min(6, space.low.length);
  const all = Array.from({ length: 2 ** dimensions }, (_, corner) =>
    space.low.map((low, i) => ((corner >> Math.min(i, dimensions - 1)) & 1 ? (space.high[i] as number) : low)),
  );
  return [...all, space.low.map((low, i) => (low + (space.high[i] as number)) / 2)];
}

function limits(space: Space): string[] {
  if (space.kind === 'discrete') return space.count === 1 ? ['the action space has a single choice'] : [];
  return space.low.flatMap((low, i) => {
    const high = space.high[i] as number;
    if (low === -1 && high === 1) return [];
    const reason = low === -high ? 'is not [-1, 1]' : 'is not symmetric around 0';
    return [`the range of action number ${i}, [${low}, ${high}], ${reason}: learners do best on [-1, 1]`];
  });
}

/** Numbers of the action that make no difference at either end of their range, in any of a few situations. */
function idleNumbers(world: World, space: Space): string[] {
  if (space.kind === 'discrete') return [];
  const idle = space.low.map((_, i) => i).filter((i) => seeds.every((seed) => !makesDifference(world, space, i, seed)));
  return idle.map((i) => `action number ${i} made no difference in ${seeds.length} episodes of random actions`);
}

function makesDifference(world: World, space: Space, i: number, seed: number): boolean {
  const after = (end: 'low' | 'high') => {
    const random = new Random(seed).fork('difference');
    world.reset(seed);
    for (let step = 0; step < Math.min(20, world.spec.budget); step++) {
      const action = sample(space, random);
      if (space.kind === 'box') action[i] = space[end][i] as number;
      const { terminated, truncated } = world.step(action);
      if (terminated || truncated) break;
    }
    return world.state();
  };
  return !sameState(after('low'), after('high'));
}
