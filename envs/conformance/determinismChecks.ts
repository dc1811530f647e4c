/**
 * The promises that an episode is a function of its seed and its actions, and of nothing else: neither of the worlds
 * that were made or played before, nor of how often a world is looked at. Whether another process agrees as well is
 * asked by `trace.ts`.
 */
import { Fault } from './fault.ts';
import { play, seeds, startOf } from './playing.ts';
import { expectSameFrame, expectSameResult, expectSameState, sameState } from './sameness.ts';
import { mendChance } from './strayDraws.ts';
import type { Subject, Verdict } from './subject.ts';

/** Seeds at the ends of what a seed can be, among others. */
const variedSeeds = [...seeds, 7, 1001, 0x7fff_ffff, 0xffff_ffff];

/** Equal seeds begin equal episodes, in whatever order; different seeds don't all begin the same one. */
export function checkSeeds(subject: Subject): Verdict {
  const first = subject.world();
  const starts = variedSeeds.map((seed) => ({ seed, state: startOf(first, seed), frame: first.frame() }));
  const second = subject.world();
  const mend = () => mendChance(subject);
  for (const { seed, state, frame } of [...starts].reverse()) {
    const where = `the start of seed ${seed} in a second world`;
    expectSameState(state, startOf(second, seed), where, mend);
    expectSameFrame(frame, second.frame(), where, mend);
  }
  const different = starts.filter(({ state }, i) => starts.findIndex((other) => sameState(other.state, state)) === i);
  if (different.length === 1) {
    throw new Fault(
      `seeds ${variedSeeds.join(', ')} all start in ${JSON.stringify(starts[0]?.state)}`,
      'different seeds to start differently',
      'in reset(seed), draw the start from new Random(seed)',
    );
  }
  const remarks =
    different.length < variedSeeds.length
      ? [`${variedSeeds.length} seeds give only ${different.length} different starts`]
      : [];
  return { detail: `${variedSeeds.length} seeds start alike in two worlds, ${different.length} differently`, remarks };
}

/** Equal actions from equal seeds give equal states, frames and ends, also while another world is stepped in turns. */
export function checkSteps(subject: Subject): Verdict {
  const [alone, second, third] = [subject.world(), subject.world(), subject.world()];
  const mend = () => mendChance(subject);
  let steps = 0;
  for (const seed of seeds) {
    const actions = play(alone, seed);
    alone.reset(seed);
    const seen = actions.map((action) => ({ result: alone.step(action), state: alone.state(), frame: alone.frame() }));
    second.reset(seed);
    third.reset(seed + 1);
    for (const [i, action] of actions.entries()) {
      const expected = seen[i] as (typeof seen)[number];
      const where = `step ${i + 1} of seed ${seed} in a second world`;
      const result = second.step(action);
      third.step(action);
      expectSameState(expected.state, second.state(), where, mend);
      expectSameFrame(expected.frame, second.frame(), where, mend);
      expectSameResult(expected.result, result, where, mend);
      steps++;
    }
  }
  return { detail: `${steps} steps give equal states and frames in two worlds, one alone and one beside a third` };
}

/** Looking at a world, or asking it for a task or a judgement, leaves its future as it was. */
export function checkObservers(subject: Subject): string {
  const [left, watched] = [subject.world(), subject.world()];
  let steps = 0;
  for (const seed of seeds.slice(0, 2)) {
    const actions = play(left, seed);
    left.reset(seed);
    watched.reset(seed);
    const task = watched.task(seed);
    for (const [i, action] of actions.entries()) {
      const asked = lookAt(watched, i, task.goal);
      left.step(action);
      watched.step(action);
      expectSameState(
        left.state(),
        watched.state(),
        `step ${i + 1} of seed ${seed}, before which ${asked}`,
        'these methods must only look: work on copies, and let task() rehearse in a world of its own',
      );
      steps++;
    }
  }
  return `looking at a world before each of ${steps} steps changes none of them`;
}

/** Calls what must change nothing, one kind a step; says what was called. Tasks may take long to draw: few of them. */
function lookAt(world: ReturnType<Subject['world']>, step: number, goal: ReturnType<typeof world.state>): string {
  const state = world.state();
  const looks: readonly (readonly [string, () => unknown])[] = [
    ['frame() and state() were called twice', () => [world.frame(), world.frame(), world.state()]],
    ['scene() was called', () => world.scene()],
    ['snapshot() was called', () => world.snapshot()],
    ['achieved() and distance() were called', () => [world.achieved(state, goal), world.distance(goal, state)]],
  ];
  if (step % 20 === 4) {
    world.task(1000 + step);
    return 'task() was called';
  }
  const [what, look] = looks[step % looks.length] as (typeof looks)[number];
  look();
  return what;
}
