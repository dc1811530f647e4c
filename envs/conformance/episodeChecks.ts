/**
 * The promises about the edges of an episode: which actions are refused, and how it ends. *Terminated* is the world's
 * own word, from its state; *truncated* is the budget's. Gymnasium keeps the two apart because a learner must not take
 * running out of time for a property of the state.
 */
import { Random } from '../../shared/random.ts';
import { dimensionsOf, sample } from '../../shared/space.ts';
import { Fault } from './fault.ts';
import { playEpisode, type Source, seeds } from './playing.ts';
import { expectSameState } from './sameness.ts';
import { expectQuantities } from './statesCheck.ts';
import type { Subject, Verdict } from './subject.ts';

/** Actions outside the space are refused, and nothing moves. */
export function checkActions(subject: Subject): string {
  const { action: space } = subject.spec;
  const world = subject.world();
  world.reset(0);
  const before = world.state();
  const inside = sample(space, new Random(0));
  const beyond =
    space.kind === 'box'
      ? [space.high.map((high) => high + 1), space.low.map((low) => low - 1), inside.map(() => Infinity)]
      : [[space.count], [-1], [0.5]];
  const mend = 'begin step() with `if (!contains(spec.action, action)) throw new WorldError(…)` (shared/space.ts)';
  for (const action of [...beyond, inside.map(() => Number.NaN), [...inside, 0], []]) {
    try {
      world.step(action);
    } catch {
      const where = `the state after the refused action [${action}]`;
      expectSameState(before, world.state(), where, 'refuse the action before anything moves');
      continue;
    }
    throw new Fault(`step([${action}]) was accepted`, 'actions outside the space to be refused', mend);
  }
  const numbers = dimensionsOf(space) === 1 ? '1 number' : `${dimensionsOf(space)} numbers`;
  return `too large, too small, NaN, too long and empty actions are refused; actions have ${numbers}`;
}

const sources: readonly Source[] = ['scripted', 'uniform', 'extreme'];

/** An episode that doesn't terminate is truncated at its budget, not before; stepping on after the end is safe. */
export function checkTruncation(subject: Subject): Verdict {
  const { budget } = subject.spec;
  const world = subject.world();
  const ends: { readonly step: number; readonly how: string }[] = [];
  for (const source of sources) {
    for (const seed of seeds.slice(0, subject.amount(seeds.length))) {
      let last = 0;
      const how = playEpisode(world, seed, source, budget, (_, step) => {
        last = step;
      });
      const where = `step ${last} of seed ${seed} with ${source} actions`;
      if (how === 'stopped' || (how === 'truncated' && last !== budget)) {
        const seen = `${where} says truncated: ${how === 'truncated'}, with a budget of ${budget} steps`;
        throw new Fault(seen, `truncated at step ${budget} and at no other`, mendBudget);
      }
      ends.push({ step: last, how });
    }
  }
  expectNewBudget(subject);
  const { words: beyond, remarks } = stepBeyond(subject);
  const terminated = ends.filter(({ how }) => how === 'terminated');
  if (terminated.length === ends.length && terminated.every(({ step }) => step === budget)) {
    const seen = `all of ${ends.length} episodes terminate at step ${budget}, which is the budget`;
    throw new Fault(seen, 'them truncated there', 'terminated is for ends that the state brings about');
  }
  if (terminated.some(({ step }) => step === 1)) remarks.push('an episode terminates at its first step');
  const detail = `of ${ends.length} episodes, ${terminated.length} terminate and the others are truncated at step ${budget}; ${beyond}`;
  return { detail, remarks };
}

const mendBudget = 'count the steps since reset or place and answer truncated: steps >= spec.budget';

/** Placing a state begins a new episode, with a whole budget. */
function expectNewBudget(subject: Subject): void {
  const { budget } = subject.spec;
  const world = subject.world();
  world.reset(0);
  const start = world.state();
  const random = new Random(0).fork('budget');
  const half = Math.max(1, Math.floor(budget / 2));
  playEpisode(world, 0, 'uniform', half, () => {});
  world.place(start);
  for (let step = 1; step <= budget; step++) {
    const { terminated, truncated } = world.step(sample(world.spec.action, random));
    if (truncated !== (step === budget) && !terminated) {
      const seen = `step ${step} after a state was placed says truncated: ${truncated}, ${half} steps into an episode`;
      throw new Fault(seen, `a new episode of ${budget} steps`, 'set the count of steps to 0 in place()');
    }
    if (terminated) return;
  }
}

/** After its end a world may go on or refuse, but its state stays sound, and reset works as ever. */
function stepBeyond(subject: Subject): { readonly words: string; readonly remarks: string[] } {
  const world = subject.world();
  const { budget, quantities } = subject.spec;
  world.reset(0);
  const start = world.state();
  const end = playEpisode(world, 0, 'uniform', budget, () => {});
  const random = new Random(0).fork('beyond');
  const remarks: string[] = [];
  let words = 'stepping on after the end is possible';
  for (let step = 1; step <= 20; step++) {
    const where = `step ${step} after the end of an episode`;
    try {
      const { terminated, truncated } = world.step(sample(world.spec.action, random));
      if (end === 'truncated' && !truncated && !terminated && remarks.length === 0) {
        remarks.push(`${where} is not truncated any more: write steps >= budget rather than steps === budget`);
      }
    } catch {
      words = 'stepping on after the end is refused';
    }
    expectQuantities(world.state(), quantities, where);
  }
  world.reset(0);
  const where = 'the start of seed 0 after an episode was stepped beyond its end';
  expectSameState(start, world.state(), where, 'put back in reset() all that an episode changes');
  return { words, remarks };
}
