/**
 * The promise of `place`: what follows depends on the state that was placed and on nothing before. And a measurement of
 * how much the state leaves out: one step from a placed state beside the same step of the episode that the state came
 * from. Where they differ by as much as things move, velocities are missing from the state.
 */
import type { State } from '../../shared/world.ts';
import { Fault } from './fault.ts';
import { play, seeds } from './playing.ts';
import { expectSameFrame, expectSameState } from './sameness.ts';
import type { Subject, Verdict } from './subject.ts';

/** Above this share of the motion that one step differs by, the state is said to leave out what matters. */
const worthARemark = 0.5;
const tooMuch = 0.75;

const mendPast = 'in place(), put back all that a past can leave behind: velocities, contacts, caches, counters';

/** A placed state reads back to the bit, and futures of equal placements are equal. */
export function checkPlacement(subject: Subject): Verdict {
  const [used, fresh] = [subject.world(), subject.world()];
  const played = seeds.slice(0, subject.amount(4 * seeds.length));
  for (const seed of played) {
    const actions = play(used, seed);
    const state = used.state();
    const frame = used.frame();
    used.place(state);
    const end = `the end of seed ${seed}`;
    const mend = 'let place() take every quantity over as it is, and let state() compute nothing that rounds';
    expectSameState(state, used.state(), `${end} after it was placed and read`, mend);
    expectSameFrame(frame, used.frame(), `${end} after it was placed`, 'draw the frame from the state alone');
    fresh.reset(seed + 1);
    fresh.place(state);
    for (const [i, action] of actions.entries()) {
      const { terminated } = used.step(action);
      fresh.step(action);
      const where = `step ${i + 1} after ${end} was placed in a world with another past`;
      expectSameState(fresh.state(), used.state(), where, mendPast);
      if (terminated) break;
    }
  }
  const { name, share } = worstQuantity(leftOut(subject, played));
  const percent = `${(100 * share).toFixed(0)}%`;
  const difference = `one step from a placed state differs from the episode's by ${percent} of a step's motion in ${name}`;
  if (share > tooMuch) {
    const advice =
      'name velocities, and whatever else step() goes on from, in spec.quantities, and set them in place()';
    throw new Fault(difference, `less than ${100 * tooMuch}%, since a state says all that matters`, advice);
  }
  const remarks = share > worthARemark ? [`${difference}: the state leaves something out`] : [];
  const detail = `${played.length} placements have equal futures in worlds of different pasts; ${difference}`;
  return { detail, remarks };
}

/** For each quantity, the root mean square of what a step from a placed state errs by, over that of its motion. */
function leftOut(subject: Subject, played: readonly number[]): ReadonlyMap<string, number> {
  const [episode, placed] = [subject.world(), subject.world()];
  const sums = new Map(Object.keys(subject.spec.quantities).map((name) => [name, { error: 0, motion: 0 }]));
  for (const seed of played) {
    const actions = play(episode, seed);
    episode.reset(seed);
    for (const action of actions) {
      const before = episode.state();
      placed.place(before);
      placed.step(action);
      episode.step(action);
      addSquares(sums, subject, [before, episode.state(), placed.state()]);
    }
  }
  return new Map([...sums].map(([name, { error, motion }]) => [name, motion > 1e-12 ? Math.sqrt(error / motion) : 0]));
}

type Sums = ReadonlyMap<string, { error: number; motion: number }>;

function addSquares(sums: Sums, { spec }: Subject, [before, after, guess]: readonly [State, State, State]): void {
  for (const [name, sum] of sums) {
    const between = (a: State, b: State) => difference(a[name] ?? 0, b[name] ?? 0, spec.quantities[name]?.kind);
    sum.error += between(guess, after) ** 2;
    sum.motion += between(after, before) ** 2;
  }
}

function difference(a: number, b: number, kind: string | undefined): number {
  return kind === 'angle' ? Math.atan2(Math.sin(a - b), Math.cos(a - b)) : a - b;
}

function worstQuantity(shares: ReadonlyMap<string, number>): { readonly name: string; readonly share: number } {
  let worst = { name: [...shares.keys()][0] ?? 'any quantity', share: 0 };
  for (const [name, share] of shares) if (share > worst.share) worst = { name, share };
  return worst;
}
