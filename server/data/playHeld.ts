/**
 * Play that no script has in mind: actions that are held for a while, at rest, at a bound or anywhere between, with a
 * little noise. A script is always about something, so that what it teaches has gaps (nobody stands still, nobody presses
 * into a corner), and a planner finds them: where predictions were never tried it imagines what suits it.
 */
import { Random } from '../../shared/random.ts';
import type { Action, Space } from '../../shared/space.ts';
import type { World } from '../../shared/world.ts';
import { type Moment, storableAction } from './playScript.ts';

/** Most steps that an action is held. */
const LONGEST = 10;

/** Shares of actions at rest and at a bound; the others are uniform. */
const AT_REST = 0.3;
const AT_BOUND = 0.3;

/** Deviation of the noise on every step, in half widths of the space. */
const NOISE = 0.1;

/** Plays on for as long as it is asked to, like `playScript`. */
export function* playHeld(world: World, seed: number): Generator<Moment, never, undefined> {
  world.reset(seed);
  const random = new Random(seed).fork('held actions');
  const { action: space } = world.spec;
  yield { action: undefined, terminated: false, truncated: false };
  for (;;) {
    const held = drawHeld(space, random);
    for (let left = 1 + random.integer(LONGEST); left > 0; left--) {
      const action = storableAction(space, withNoise(space, held, random));
      const { terminated, truncated } = world.step(action);
      yield { action, terminated, truncated };
    }
  }
}

function drawHeld(space: Space, random: Random): Action {
  if (space.kind === 'discrete') return [random.integer(space.count)];
  const { low, high } = space;
  const kind = random.uniform(0, 1);
  return low.map((least, i) => {
    const most = high[i] as number;
    if (kind < AT_REST) return (least + most) / 2;
    return kind < AT_REST + AT_BOUND ? random.choice([least, most]) : random.uniform(least, most);
  });
}

function withNoise(space: Space, action: Action, random: Random): Action {
  if (space.kind === 'discrete') return action;
  return action.map((value, i) => {
    const halfWidth = ((space.high[i] as number) - (space.low[i] as number)) / 2;
    return value + NOISE * halfWidth * random.normal();
  });
}
