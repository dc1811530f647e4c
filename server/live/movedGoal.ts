/**
 * Another goal for a task, because a person has carried the goal's ghost elsewhere. The world's own `achieved` says
 * whether that makes a difference: a quantity belongs to the goal where a goal that differs in it is not met. Refused
 * is what cannot be: a goal that lies outside the arena or in another body, that does not meet itself, or that the
 * physics drives apart as soon as nobody holds it. Whether the agent can get there is for the agent to find out.
 */
import { distanceTo } from '../../envs/conformance/shapeGeometry.ts';
import type { Point, Pose, Scene, Shape } from '../../shared/scene.ts';
import type { State, World } from '../../shared/world.ts';
import { drivenAction } from './drivenAction.ts';
import { carried, type Grip, gripsOf, sceneOf } from './grips.ts';

/** The goal, or why it cannot be. */
export type MovedGoal = { readonly goal: State } | { readonly refusal: string };

/** Shares of the arena's longer side: how deep bodies may lie in each other, how far they may give way when let go. */
const DEEPEST = 0.02;
const FURTHEST = 0.02;
/** So much that even a mean over many parts changes. */
const VAST = 100;

/** Points along an outline, for each edge of a polygon and for a circle. */
const EDGE_POINTS = 8;
const CIRCLE_POINTS = 32;

/**
 * The goal with shape `shape` of its scene at the pose. What does not belong to the goal stays where it was in the old
 * goal or, where that is in the way, goes to where it is in `now`. `world` is placed elsewhere.
 */
export function movedGoal(world: World, goal: State, now: State, shape: number, pose: Pose): MovedGoal {
  const grip = gripsOf(world, goal).find(({ shapes }) => shapes.includes(shape));
  if (grip === undefined) return { refusal: 'That part of the goal cannot be moved by itself.' };
  if (!belongs(world, goal, grip))
    return { refusal: 'That does not belong to what the goal asks for; move another part.' };
  const moved = carried(world, goal, grip, shape, pose);
  const names = Object.keys(world.spec.quantities);
  const others = names.filter((name) => ![grip.x, grip.y, grip.angle].includes(name) && !counts(world, goal, name));
  const cleared = { ...moved, ...Object.fromEntries(others.map((name) => [name, now[name] ?? 0])) };
  const refusal = whyNot(world, goal, moved, grip);
  if (refusal === undefined) return { goal: moved };
  return whyNot(world, goal, cleared, grip) === undefined ? { goal: cleared } : { refusal };
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

/** Why a goal cannot be, judged beside the goal that it came from. */
function whyNot(world: World, before: State, after: State, { shapes }: Grip): string | undefined {
  const { width, height } = world.spec.arena;
  const side = Math.max(width, height);
  const [sceneBefore, scene] = [sceneOf(world, before), sceneOf(world, after)];
  const slack = DEEPEST * side;
  const outside = ({ x, y }: Point) => x < -slack || y < -slack || x > width + slack || y > height + slack;
  if (shapes.some((i) => outlineOf(scene[i] as Shape).some(outside)))
    return 'The goal would lie outside the arena; put it further in.';
  const hit = scene.find((_, i) => {
    if (shapes.includes(i)) return false;
    const depth = deepest(scene, shapes, i);
    return depth > slack && depth > deepest(sceneBefore, shapes, i) + slack;
  });
  if (hit !== undefined) return `The goal would lie in the ${hit.name}; put it beside it.`;
  if (!world.achieved(after, after)) return 'No state meets that goal; put it elsewhere.';
  if (givesWay(world, after) > FURTHEST * side + givesWay(world, before))
    return 'The goal would not stay there: the physics would tear it away; put it elsewhere.';
  return undefined;
}

/** How deep any of the shapes lies in shape `other`, in arena units; negative where they are apart. */
function deepest(scene: Scene, shapes: readonly number[], other: number): number {
  const body = scene[other] as Shape;
  return Math.max(
    ...shapes.flatMap((i) => {
      const shape = scene[i] as Shape;
      return [
        ...outlineOf(shape).map((point) => -distanceTo(body, point)),
        ...outlineOf(body).map((point) => -distanceTo(shape, point)),
      ];
    }),
  );
}

/** Points on the outline and, of a circle, its middle. */
function outlineOf({ pose, ...form }: Shape): Point[] {
  if (form.kind === 'circle') {
    const around = Array.from({ length: CIRCLE_POINTS }, (_, i) => {
      const angle = (2 * Math.PI * i) / CIRCLE_POINTS;
      return { x: pose.x + form.radius * Math.cos(angle), y: pose.y + form.radius * Math.sin(angle) };
    });
    return [pose, ...around];
  }
  const [cos, sin] = [Math.cos(pose.angle), Math.sin(pose.angle)];
  return form.vertices.flatMap((from, i) => {
    const to = form.vertices[(i + 1) % form.vertices.length] ?? from;
    return Array.from({ length: EDGE_POINTS }, (_, k) => {
      const x = from.x + (k / EDGE_POINTS) * (to.x - from.x);
      const y = from.y + (k / EDGE_POINTS) * (to.y - from.y);
      return { x: pose.x + cos * x - sin * y, y: pose.y + sin * x + cos * y };
    });
  });
}

/** How far any position moves in a step in which nobody does anything, in arena units. */
function givesWay(world: World, state: State): number {
  world.place(state);
  world.step(drivenAction(world.spec.action, { x: 0, y: 0 }));
  const after = world.state();
  const positions = Object.entries(world.spec.quantities).filter(([, { kind }]) => kind === 'position');
  return Math.max(0, ...positions.map(([name]) => Math.abs((after[name] ?? 0) - (state[name] ?? 0))));
}
