/**
 * Whether shapes can be where somebody has put them: not outside the arena, not in another body by more than they were
 * before, and not where the physics would drive them apart as soon as nobody holds them.
 */
import { distanceTo } from '../../envs/conformance/shapeGeometry.ts';
import type { Point, Scene, Shape } from '../../shared/scene.ts';
import type { State, World } from '../../shared/world.ts';
import { drivenAction } from './drivenAction.ts';
import { type Grip, sceneOf } from './grips.ts';

/** Shares of the arena's longer side: how deep bodies may lie in each other, how far they may give way when let go. */
const DEEPEST = 0.02;
const FURTHEST = 0.02;
/** Points along an outline, for each edge of a polygon and for a circle. */
const EDGE_POINTS = 8;
const CIRCLE_POINTS = 32;

/** Why the shapes of the grip cannot be where they are in `after`, judged beside where they were; `world` is placed. */
export function whyNotThere(world: World, before: State, after: State, { shapes }: Grip): string | undefined {
  const { width, height } = world.spec.arena;
  const side = Math.max(width, height);
  const [sceneBefore, scene] = [sceneOf(world, before), sceneOf(world, after)];
  const slack = DEEPEST * side;
  const outside = ({ x, y }: Point) => x < -slack || y < -slack || x > width + slack || y > height + slack;
  if (shapes.some((i) => outlineOf(scene[i] as Shape).some(outside)))
    return 'It would lie outside the arena; put it further in.';
  const hit = scene.find((_, i) => {
    if (shapes.includes(i)) return false;
    const depth = deepest(scene, shapes, i);
    return depth > slack && depth > deepest(sceneBefore, shapes, i) + slack;
  });
  if (hit !== undefined) return `It would lie in the ${hit.name}; put it beside.`;
  if (givesWay(world, after) > FURTHEST * side + givesWay(world, before))
    return 'It would not stay there: the physics would tear it away; put it elsewhere.';
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
  world.step(drivenAction(world.spec, { x: 0, y: 0 }));
  const after = world.state();
  const positions = Object.entries(world.spec.quantities).filter(([, { kind }]) => kind === 'position');
  return Math.max(0, ...positions.map(([name]) => Math.abs((after[name] ?? 0) - (state[name] ?? 0))));
}
