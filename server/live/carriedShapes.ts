/**
 * What a person has carried elsewhere: the goal's ghost, for another goal, or a body of the world, to see how the agent
 * copes. For the goal, the world's own `achieved` says whether it makes a difference: a quantity belongs to the goal
 * where a goal that differs in it is not met. Refused is what cannot be there (`whyNotThere.ts`), and a goal that does
 * not meet itself. Whether the agent can get there is for the agent to find out.
 */
import type { Pose } from '../../shared/scene.ts';
import type { State, World } from '../../shared/world.ts';
import { carried, type Grip, gripsOf } from './grips.ts';
import { whyNotThere } from './whyNotThere.ts';

/** The state after, or why it cannot be. */
export type Carried = { readonly state: State } | { readonly refusal: string };

/** So much that even a mean over many parts changes. */
const VAST = 100;

/**
 * The goal with shape `shape` of its scene at the pose. What does not belong to the goal stays where it was in the old
 * goal or, where that is in the way, goes to where it is in `now`. `world` is placed elsewhere.
 */
export function movedGoal(world: World, goal: State, now: State, shape: number, pose: Pose): Carried {
  const grip = gripsOf(world, goal).find(({ shapes }) => shapes.includes(shape));
  if (grip === undefined) return { refusal: 'That part of the goal cannot be moved by itself.' };
  if (!belongs(world, goal, grip))
    return { refusal: 'That does not belong to what the goal asks for; move another part.' };
  const moved = carried(world, goal, grip, shape, pose);
  const names = Object.keys(world.spec.quantities);
  const others = names.filter((name) => ![grip.x, grip.y, grip.angle].includes(name) && !counts(world, goal, name));
  const cleared = { ...moved, ...Object.fromEntries(others.map((name) => [name, now[name] ?? 0])) };
  const whyNot = (after: State) =>
    whyNotThere(world, goal, after, grip) ??
    (world.achieved(after, after) ? undefined : 'No state meets that goal; put it elsewhere.');
  const refusal = whyNot(moved);
  if (refusal === undefined) return { state: moved };
  return whyNot(cleared) === undefined ? { state: cleared } : { refusal };
}

/** The state with shape `shape` of its scene at the pose; velocities stay. `world` is placed elsewhere. */
export function movedBody(world: World, state: State, shape: number, pose: Pose): Carried {
  const grip = gripsOf(world, state).find(({ shapes }) => shapes.includes(shape));
  if (grip === undefined) return { refusal: 'That cannot be moved by itself; take hold of another part.' };
  const moved = carried(world, state, grip, shape, pose);
  const refusal = whyNotThere(world, state, moved, grip);
  return refusal === undefined ? { state: moved } : { refusal };
}

/** Whether the goal asks for any of what the grip moves. */
export function belongs(world: World, goal: State, { x, y, angle }: Grip): boolean {
  return [x, y, angle].some((name) => name !== undefined && counts(world, goal, name));
}

/** Whether a goal that differs vastly in the quantity is not met by this one. */
function counts(world: World, goal: State, name: string): boolean {
  const { arena, quantities } = world.spec;
  const far = quantities[name]?.kind === 'angle' ? Math.PI / 2 : VAST * Math.max(arena.width, arena.height);
  return !world.achieved(goal, { ...goal, [name]: (goal[name] ?? 0) + far });
}
