/**
 * How fast a world is on this machine: steps, frames, placements and snapshots a second. A report for people, not a
 * test.
 */
import type { Clock } from '../../shared/clock.ts';
import { Random } from '../../shared/random.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { createWorld } from '../validateDefinition.ts';

/** How often each thing is done before the clock is read again. */
const repeats = 200;

/** One sentence on the world's speed by the clock. */
export function measureSpeed(definition: WorldDefinition, clock: Clock): string {
  const world = createWorld(definition);
  const behaviour = world.behaviour(new Random(0));
  const state = world.state();
  const rates = [
    ['steps', () => world.step(behaviour.act(world.state()))],
    ['frames', () => world.frame()],
    ['placements', () => world.place(state)],
    ['snapshots', () => world.restore(world.snapshot())],
  ] as const;
  const words = rates.map(([what, once]) => `${perSecond(once, clock)} ${what}`);
  return `${words.join(', ')} a second`;
}

function perSecond(once: () => void, clock: Clock): string {
  for (let i = 0; i < repeats; i++) once();
  const start = clock.now();
  for (let i = 0; i < repeats; i++) once();
  const seconds = (clock.now() - start) / 1000;
  return seconds > 0 ? Math.round(repeats / seconds).toLocaleString('en') : '?';
}
