/**
 * The promises about the scripted behaviour, which collects what an agent learns from: it is determined by its
 * generator, stays within the space, changes the state, and doesn't come to a standstill.
 */
import { contains } from '../../shared/space.ts';
import { Fault } from './fault.ts';
import { play, playSteps, seeds, startOf } from './playing.ts';
import { sameState } from './sameness.ts';
import type { Subject, Verdict } from './subject.ts';

/** Steps without any change after which a behaviour is called stuck. */
const patience = 25;

/** The scripted behaviour is determined by its generator, stays within the space, and keeps things moving. */
export function checkBehaviour(subject: Subject): Verdict {
  const world = subject.world();
  for (const seed of seeds) {
    const actions = play(world, seed);
    const end = world.state();
    const outside = actions.find((action) => !contains(subject.spec.action, action));
    if (outside) {
      const mend = 'clamp what act() returns (clamp in shared/space.ts)';
      throw new Fault(`the behaviour chose [${outside}]`, 'an action of the space', mend);
    }
    if (JSON.stringify(play(world, seed)) !== JSON.stringify(actions)) {
      const mend =
        'draw from the generator that behaviour(random) is given, and keep what it remembers in that behaviour';
      throw new Fault(`the behaviour chose other actions when seed ${seed} was played again`, 'the same ones', mend);
    }
    if (sameState(startOf(world, seed), end)) {
      throw new Fault(`the behaviour left seed ${seed} as it was`, 'it to change the state', 'choose actions that act');
    }
  }
  const { share, longest, steps } = standstill(subject);
  const remarks =
    longest >= patience ? [`the behaviour once changed nothing for ${longest} steps on end: it may get stuck`] : [];
  const percent = (100 * (1 - share)).toFixed(0);
  return {
    detail: `${seeds.length} episodes are reproducible; ${percent}% of ${steps} steps change the state`,
    remarks,
  };
}

/** Share of the steps that change nothing, and how many of them come in a row. */
function standstill(subject: Subject): { readonly share: number; readonly longest: number; readonly steps: number } {
  const world = subject.world();
  const steps = subject.amount(1000, 200);
  let last = startOf(world, 0);
  let [still, row, longest] = [0, 0, 0];
  playSteps(world, 0, 'scripted', steps, (_, begun) => {
    const state = world.state();
    row = !begun && sameState(state, last) ? row + 1 : 0;
    if (row > 0) still++;
    longest = Math.max(longest, row);
    last = state;
  });
  return { share: still / steps, longest, steps };
}
