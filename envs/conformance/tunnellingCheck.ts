/**
 * Whether things stay where they can be seen and don't go through each other, under actions that no script would
 * choose: corners of the space held for long, and to and fro. An engine without continuous collision detection, such as
 * matter-js, lets what is fast and thin pass, or throws it out of a wall at great speed.
 *
 * Three signs are looked for. An object leaves the arena altogether. It moves in one step further than `jumps` times
 * what it moves in scripted play at most but for a hundredth of the steps. It is found inside a fixed shape, or passes
 * right through one, that it was seen to rest against under small pushes; a fixed shape that small pushes get into is a
 * marking and no wall. Whether moving things pass through each other is not seen.
 */
import type { Scene, Shape } from '../../shared/scene.ts';
import type { World } from '../../shared/world.ts';
import { Fault } from './fault.ts';
import { playSteps, type Source } from './playing.ts';
import { cutsThrough, distanceTo, reachOf, thicknessOf } from './shapeGeometry.ts';
import type { Subject, Verdict } from './subject.ts';

/** How many times the typical largest motion is a jump, and the least share of the arena's diagonal that is one. */
const jumps = 5;
const leastJump = 0.15;

/** Gentle steps beside a fixed shape, never inside it, that show it to be solid. */
const evidence = 10;

const mendSpeed =
  'let nothing move further in one physics update than half the thickness of what it meets plus its own radius: lower speeds, thicker walls, more updates a step';

/** An object after a step, and before it unless an episode began. `index` is its place in the scene's order. */
interface Moved {
  readonly object: Shape;
  readonly index: number;
  readonly before: Shape | undefined;
  readonly where: string;
  readonly scene: Scene;
}

/** Objects stay in the arena, make no jumps and go through no walls. */
export function checkTunnelling(subject: Subject): Verdict {
  const world = subject.world();
  const limits = jumpLimits(subject, world);
  const walls = new SolidShapes();
  follow(world, 'gentle', subject.amount(1500, 200), (moved) => walls.learn(moved));
  const remarks = new Set<string>();
  let steps = 0;
  for (const source of ['extreme', 'uniform', 'scripted'] as const) {
    const count = subject.amount(source === 'extreme' ? 4000 : 1000, 100);
    follow(world, source, count, (moved) => {
      expectInside(subject, moved, remarks);
      expectNoJump(moved, limits.get(moved.index) ?? Number.POSITIVE_INFINITY);
      walls.expectOutside(moved);
    });
    steps += count;
  }
  const names = subject.spec.objects.map(({ name }) => name).join(', ') || 'no objects';
  const solid = walls.count() > 0 ? ` and out of walls (${walls.count()} pairs of object and wall)` : '';
  return { detail: `in ${steps} steps ${names} stay in the arena${solid}, without jumps`, remarks: [...remarks] };
}

/** Plays, and shows every object of the spec after every step. */
function follow(world: World, source: Source, steps: number, visit: (moved: Moved) => void): void {
  const names = new Set(world.spec.objects.map(({ name }) => name));
  let last: Scene = [];
  let done = 0;
  playSteps(world, 0, source, steps, (action, begun) => {
    const scene = world.scene();
    const where = `step ${++done} of ${source} actions, after [${action.map((value) => Number(value.toPrecision(3)))}]`;
    for (const [index, object] of scene.entries()) {
      if (names.has(object.name)) visit({ object, index, before: begun ? undefined : last[index], where, scene });
    }
    last = scene;
  });
}

/** For each object, by its place in the scene, the motion in one step that is called a jump; in arena units. */
function jumpLimits(subject: Subject, world: World): ReadonlyMap<number, number> {
  const motions = new Map<number, number[]>();
  follow(world, 'scripted', subject.amount(2000, 200), ({ object, before, index }) => {
    if (before) motions.set(index, [...(motions.get(index) ?? []), motion(object, before)]);
  });
  const { width, height } = subject.spec.arena;
  const least = leastJump * Math.hypot(width, height);
  return new Map(
    [...motions].map(([index, all]) => {
      const sorted = all.sort((a, b) => a - b);
      return [index, Math.max(least, jumps * (sorted[Math.floor(0.99 * (sorted.length - 1))] as number))];
    }),
  );
}

function motion(now: Shape, before: Shape): number {
  return Math.hypot(now.pose.x - before.pose.x, now.pose.y - before.pose.y);
}

function expectInside({ spec: { arena } }: Subject, { object, where }: Moved, remarks: Set<string>): void {
  const { x, y } = object.pose;
  const outside = Math.max(-x, x - arena.width, -y, y - arena.height);
  if (!(outside <= reachOf(object))) {
    const seen = `'${object.name}' is at (${x.toFixed(1)}, ${y.toFixed(1)}) at ${where}`;
    const expected = `it within the arena of ${arena.width}×${arena.height}, which the frame shows`;
    throw new Fault(seen, expected, `wall the arena in, or end the episode; and ${mendSpeed}`);
  }
  if (outside > 0) remarks.add(`the middle of '${object.name}' can leave the arena`);
}

function expectNoJump({ object, before, where }: Moved, limit: number): void {
  const distance = before ? motion(object, before) : 0;
  if (distance <= limit) return;
  const seen = `'${object.name}' moved by ${distance.toFixed(1)} units at ${where}`;
  throw new Fault(seen, `at most ${limit.toFixed(1)}, ${jumps} times what the script moves it by`, mendSpeed);
}

interface Pair {
  touches: number;
  entered: boolean;
}

/** What is known of pairs of an object and a fixed shape, by their places in the scene. */
class SolidShapes {
  private readonly pairs = new Map<string, Pair>();

  learn(moved: Moved): void {
    const { object, scene, index } = moved;
    for (const [place, wall] of scene.entries()) {
      if (!wall.fixed) continue;
      const key = `${index} ${place}`;
      const pair = this.pairs.get(key) ?? { touches: 0, entered: false };
      const distance = distanceTo(wall, object.pose);
      if (distance > 0 && distance < 0.75 * thicknessOf(object)) pair.touches++;
      pair.entered ||= isThrough(moved, wall);
      this.pairs.set(key, pair);
    }
  }

  /** Pairs in which the fixed shape is solid to the object. */
  count(): number {
    return [...this.pairs.values()].filter(isSolid).length;
  }

  expectOutside(moved: Moved): void {
    const { object, scene, index, where } = moved;
    for (const [place, wall] of scene.entries()) {
      const pair = this.pairs.get(`${index} ${place}`);
      if (!pair || !isSolid(pair) || !isThrough(moved, wall)) continue;
      const inside = distanceTo(wall, object.pose) < 0;
      const seen = `'${object.name}' is ${inside ? 'inside' : 'through'} '${wall.name}' at ${where}`;
      throw new Fault(seen, 'it on the near side, where small pushes leave it', mendSpeed);
    }
  }
}

function isSolid({ touches, entered }: Pair): boolean {
  return touches >= evidence && !entered;
}

function isThrough({ object, before }: Moved, wall: Shape): boolean {
  if (distanceTo(wall, object.pose) < 0) return true;
  return before !== undefined && cutsThrough(wall, before.pose, object.pose);
}
