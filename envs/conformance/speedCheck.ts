/**
 * How fast a world is on one core of this machine: steps, frames, both together, placements and snapshots a second. The
 * clock should count processor time, so that other programs don't show. A report for people, not a test: below 5,000
 * drawn steps a second collecting data takes longer than learning from it.
 */
import type { Clock } from '../../shared/clock.ts';
import { Random } from '../../shared/random.ts';
import type { World } from '../../shared/world.ts';
import { createWorld } from '../validateDefinition.ts';
import { actionsFrom } from './playing.ts';
import type { Subject, Verdict } from './subject.ts';

/** Drawn steps a second below which a remark is made. */
const wanted = 5000;

/** How often a thing is done between two looks at the clock. */
const looksApart = 10;

/** Milliseconds that each thing is done for, and as long before, until it is compiled. */
const measured = 250;

/** One sentence on the world's speed by the subject's clock. */
export function checkSpeed(subject: Subject): Verdict {
  const { clock } = subject;
  if (!clock) return { detail: 'not measured' };
  const world = createWorld(subject.definition);
  const state = world.state();
  const step = stepper(world);
  const rates: readonly (readonly [string, () => void])[] = [
    ['steps', step],
    ['frames', () => world.frame()],
    ['steps with frames', () => [step(), world.frame()]],
    ['placements', () => world.place(state)],
    ['snapshots taken and restored', () => world.restore(world.snapshot())],
  ];
  const speeds = rates.map(([, once]) => perSecond(once, clock));
  const words = rates.map(([what], i) => `${Math.round(speeds[i] as number).toLocaleString('en')} ${what}`);
  const drawn = speeds[2] as number;
  const remarks =
    drawn < wanted ? [`${Math.round(drawn)} drawn steps a second: above ${wanted}, collecting data is no burden`] : [];
  return { detail: `${words.join(', ')} a second of processor time`, remarks };
}

/** Drawn steps a second, roughly: enough to see whether a world needs to be checked by less. */
export function roughSpeed(world: World, clock: Clock): number {
  const step = stepper(world);
  const once = () => [step(), world.frame()];
  repeat(once, clock, measured);
  return perSecond(once, clock);
}

/** Does one step of the scripted behaviour, and begins the next episode when one ends. */
function stepper(world: World): () => void {
  let seed = 0;
  let next = begin();
  function begin() {
    world.reset(seed);
    return actionsFrom('scripted', world, new Random(seed));
  }
  return () => {
    const { terminated, truncated } = world.step(next());
    if (!terminated && !truncated) return;
    seed++;
    next = begin();
  };
}

function perSecond(once: () => void, clock: Clock): number {
  repeat(once, clock, measured);
  const start = clock.now();
  const count = repeat(once, clock, measured);
  return (1000 * count) / Math.max(1e-3, clock.now() - start);
}

/**
 * Does a thing for some milliseconds, 20,000 times at most, with a look at the clock now and then; returns how often.
 */
function repeat(once: () => void, clock: Clock, milliseconds: number): number {
  const end = clock.now() + milliseconds;
  let count = 0;
  do {
    for (let i = 0; i < looksApart; i++) once();
    count += looksApart;
  } while (clock.now() < end && count < 20_000);
  return count;
}
