/**
 * What of a world a person can take hold of. The world's contract names the quantities of a state and draws any state
 * as shapes; which quantity moves which shape is found by nudging each one and looking. A shape can be carried along an
 * axis where one quantity moves it by exactly that, and turned where one angle turns it. Shapes that the same
 * quantities carry are one grip: the bar and the stem of a T.
 */
import { wrapAngle } from '../../envs/angle.ts';
import type { Pose, Scene } from '../../shared/scene.ts';
import type { Quantity, State, World } from '../../shared/world.ts';

/** Shapes that move as one, by place in the scene, and the quantities by which they do. */
export interface Grip {
  readonly shapes: readonly number[];
  readonly x: string | undefined;
  readonly y: string | undefined;
  readonly angle: string | undefined;
}

/** Share of the arena's longer side, and radians, by which quantities are nudged. */
const NUDGE = 1e-3;
/** How far from exactly one for one a motion may be. */
const SLACK = 0.01;

/** A shape's motion for each unit of a quantity. */
type Motion = readonly [x: number, y: number, angle: number];

/** The grips of a state; `world` is placed elsewhere. */
export function gripsOf(world: World, state: State): Grip[] {
  const quantities = Object.entries(world.spec.quantities);
  const side = Math.max(world.spec.arena.width, world.spec.arena.height);
  const named = (kind: Quantity['kind']) => quantities.filter(([, each]) => each.kind === kind).map(([name]) => name);
  const still = sceneOf(world, state);
  const motions = (names: readonly string[], nudge: number) =>
    names.map((name) => {
      const moved = sceneOf(world, { ...state, [name]: (state[name] ?? 0) + nudge });
      return [name, still.map(({ pose }, i) => motion(pose, moved[i]?.pose ?? pose, nudge))] as const;
    });
  const positions = motions(named('position'), NUDGE * side);
  const angles = motions(named('angle'), NUDGE);
  const grips = new Map<string, Grip>();
  for (const [i, { fixed }] of still.entries()) {
    if (fixed) continue;
    const x = positions.find(([, moved]) => alike(moved[i], [1, 0, 0]))?.[0];
    const y = positions.find(([, moved]) => alike(moved[i], [0, 1, 0]))?.[0];
    if (x === undefined && y === undefined) continue;
    const angle = angles.find(([, moved]) => Math.abs((moved[i]?.[2] ?? 0) - 1) < SLACK)?.[0];
    const key = `${x} ${y}`;
    const known = grips.get(key);
    grips.set(key, { shapes: [...(known?.shapes ?? []), i], x, y, angle: known?.angle ?? angle });
  }
  return [...grips.values()];
}

/** The state in which shape `shape` of the grip is at the pose, as far as the grip's quantities can bring it there. */
export function carried(world: World, state: State, grip: Grip, shape: number, pose: Pose): State {
  const from = sceneOf(world, state)[shape]?.pose ?? pose;
  const { x, y, angle } = grip;
  const turned =
    angle === undefined ? state : { ...state, [angle]: wrapAngle((state[angle] ?? 0) + pose.angle - from.angle) };
  const at = sceneOf(world, turned)[shape]?.pose ?? pose;
  return {
    ...turned,
    ...(x !== undefined && { [x]: (turned[x] ?? 0) + pose.x - at.x }),
    ...(y !== undefined && { [y]: (turned[y] ?? 0) + pose.y - at.y }),
  };
}

/** The scene of a state; the world is left in it. */
export function sceneOf(world: World, state: State): Scene {
  world.place(state);
  return world.scene();
}

function motion(from: Pose, to: Pose, by: number): Motion {
  return [(to.x - from.x) / by, (to.y - from.y) / by, wrapAngle(to.angle - from.angle) / by];
}

function alike(a: Motion | undefined, b: Motion): boolean {
  return a?.every((value, i) => Math.abs(value - (b[i] as number)) < SLACK) ?? false;
}
