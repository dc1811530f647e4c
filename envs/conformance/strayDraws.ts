/**
 * Whether a world draws from chance or from the machine's clock, which no seed determines: `Math.random`, `Date` and
 * `performance.now` are counted while the world is played. Drawing is no fault in itself; it is the first thing to say
 * to the author of a world whose episodes cannot be repeated.
 */
import { play } from './playing.ts';
import type { Subject } from './subject.ts';

/** The sources of chance and time, by name, and where they are found. */
const sources: readonly (readonly [label: string, owner: () => object, name: string])[] = [
  ['Math.random', () => Math, 'random'],
  ['Date.now', () => Reflect.get(globalThis, 'Date'), 'now'],
  ['new Date', () => globalThis, 'Date'],
  ['performance.now', () => Reflect.get(globalThis, 'performance'), 'now'],
  ['crypto.getRandomValues', () => Reflect.get(globalThis, 'crypto'), 'getRandomValues'],
];

/** How often each source was asked while an episode was played and a task drawn: `['Math.random (12 times)']`. */
export function strayDraws(subject: Subject): string[] {
  const counts = new Map<string, number>();
  const undo = sources.map(([label, owner, name]) =>
    countCalls(owner(), name, () => {
      if (!isMatter(new Error().stack)) counts.set(label, (counts.get(label) ?? 0) + 1);
    }),
  );
  try {
    const world = subject.world();
    play(world, 0);
    world.task(0);
    world.frame();
  } catch {
    // What it throws is told by the check that asks; here only what was counted matters.
  } finally {
    for (const restore of undo.reverse()) restore();
  }
  return [...counts].map(([label, count]) => `${label} (${count} ${count === 1 ? 'time' : 'times'})`);
}

/** Whether the call came from matter-js, which times its updates and makes no use of it. */
function isMatter(stack = ''): boolean {
  return stack.includes('/matter-js/');
}

/** What to do about an episode that differs when it is repeated. */
export function mendChance(subject: Subject): string {
  const draws = strayDraws(subject);
  if (draws.length > 0) {
    return `the world calls ${draws.join(', ')} while it is played: draw from a Random made of the seed, and take no time from the machine`;
  }
  return 'look for what outlives an episode or is shared by worlds: variables of the module, static fields, arrays that reset or place leaves as they were';
}

/** Counts the calls of a function of `owner`; returns what puts the function back. */
function countCalls(owner: object, name: string, count: () => void): () => void {
  const own = Object.getOwnPropertyDescriptor(owner, name);
  const original: unknown = Reflect.get(owner, name);
  if (typeof original !== 'function') return () => {};
  const counted = new Proxy(original, {
    apply(target, self, args) {
      count();
      return Reflect.apply(target, self, args);
    },
    construct(target, args, newTarget) {
      if (args.length === 0) count();
      return Reflect.construct(target, args, newTarget);
    },
  });
  Reflect.defineProperty(owner, name, { value: counted, configurable: true, writable: true });
  return () => {
    if (own) Reflect.defineProperty(owner, name, own);
    else Reflect.deleteProperty(owner, name);
  };
}
