/**
 * The true physics as crisp geometry, seen straight from above. Arena coordinates have y pointing down, so the camera
 * is upside down and nothing else needs to know. Shapes are drawn in the order of the scene. Those of the goal that can
 * move are ghosts below them: a translucent body with a dashed outline. What cannot be drawn is left out, and the page
 * goes on (`undrawnShapes.ts` says so).
 */
import {
  BufferGeometry,
  CircleGeometry,
  Color,
  DoubleSide,
  Group,
  Mesh,
  MeshBasicMaterial,
  OrthographicCamera,
  Scene,
  ShapeGeometry,
  Shape as ThreeShape,
  Vector2,
} from 'three';
import type { ServerMessageOf } from '../../shared/protocol/control.ts';
import type { Point, Pose, Shape } from '../../shared/scene.ts';
import { whyUndrawable } from '../../shared/undrawable.ts';
import { type DashPattern, dashedOutline } from './dashedOutline.ts';
import { FanLines } from './fanLines.ts';
import { posesOf } from './timeline.ts';
import type { View } from './view.ts';

const CIRCLE_SEGMENTS = 64;
const GHOST_OPACITY = 0.2;
/** Dashes of the goal, as shares of the arena's longer side. */
const DASHES: DashPattern = { dash: 1 / 45, gap: 1 / 65, width: 1 / 180 };

export class PhysicsView implements View {
  readonly scene = new Scene();
  readonly camera = new OrthographicCamera(0, 1, 0, 1, 0, 2);
  readonly fan = new FanLines();
  private bodies: Mesh[] = [];
  /** Bodies in somebody's hand, which are drawn where that is. */
  private carried: ReadonlyMap<number, Pose> = new Map();
  private poses = new Float32Array();
  /** By place in the goal's scene. */
  private ghosts = new Map<number, Group>();

  constructor() {
    this.camera.position.z = 1;
  }

  /** Builds the shapes of an episode. */
  begin({ arena, background, scene, goal }: ServerMessageOf<'episode'>): void {
    this.dispose();
    this.carried = new Map();
    this.frame(arena);
    this.scene.background = new Color(background);
    const side = Math.max(arena.width, arena.height);
    const dashes = { dash: DASHES.dash * side, gap: DASHES.gap * side, width: DASHES.width * side };
    const ghostOrder = scene.findIndex((shape) => !shape.fixed) - 0.5;
    const moving = [...goal.entries()].filter(([, shape]) => !shape.fixed);
    this.ghosts = new Map(moving.map(([i, shape]) => [i, ghost(shape, dashes, ghostOrder)]));
    for (const each of this.ghosts.values()) this.scene.add(each);
    this.bodies = scene.map((shape, order) => {
      const body = new Mesh(geometryOf(shape), flat(shape.color));
      body.renderOrder = order;
      this.scene.add(body);
      return body;
    });
    this.fan.show(undefined, 0);
    this.scene.add(this.fan.group);
    this.pose(posesOf(scene));
  }

  /** Moves the shapes: x, y, angle of each. */
  pose(poses: Float32Array): void {
    this.poses = Float32Array.from(poses);
    for (const [i, body] of this.bodies.entries()) {
      const [x = 0, y = 0, angle = 0] = poses.subarray(3 * i, 3 * i + 3);
      const pose = this.carried.get(i) ?? { x, y, angle };
      body.position.set(pose.x, pose.y, 0);
      body.rotation.z = pose.angle;
    }
  }

  /** Draws bodies in somebody's hand, by place in the scene; the others where they are. */
  carry(poses: ReadonlyMap<number, Pose>): void {
    this.carried = poses;
    this.pose(this.poses);
  }

  /** Moves ghosts of the goal, by place in its scene. */
  haunt(poses: ReadonlyMap<number, Pose>): void {
    for (const [i, { x, y, angle }] of poses) {
      this.ghosts.get(i)?.position.set(x, y, 0);
      this.ghosts.get(i)?.rotation.set(0, 0, angle);
    }
  }

  /** Fits the whole arena into the square view, centred. */
  private frame({ width, height }: { readonly width: number; readonly height: number }): void {
    const side = Math.max(width, height);
    this.camera.left = (width - side) / 2;
    this.camera.right = (width + side) / 2;
    this.camera.top = (height - side) / 2;
    this.camera.bottom = (height + side) / 2;
    this.camera.updateProjectionMatrix();
  }

  private dispose(): void {
    this.scene.traverse((object) => {
      if (!(object instanceof Mesh)) return;
      object.geometry.dispose();
      object.material.dispose();
    });
    this.scene.clear();
  }
}

function ghost(shape: Shape, dashes: DashPattern, order: number): Group {
  const group = new Group();
  const body = new Mesh(geometryOf(shape), flat(shape.color, GHOST_OPACITY));
  const outline = new Mesh(dashedOutline(cornersOf(shape), dashes), flat(shape.color));
  for (const part of [body, outline]) {
    part.renderOrder = order;
    group.add(part);
  }
  group.position.set(shape.pose.x, shape.pose.y, 0);
  group.rotation.z = shape.pose.angle;
  return group;
}

function geometryOf(shape: Shape): BufferGeometry {
  if (whyUndrawable(shape) !== undefined) return new BufferGeometry();
  return shape.kind === 'circle'
    ? new CircleGeometry(shape.radius, CIRCLE_SEGMENTS)
    : new ShapeGeometry(new ThreeShape(shape.vertices.map(({ x, y }) => new Vector2(x, y))));
}

function cornersOf(shape: Shape): readonly Point[] {
  if (whyUndrawable(shape) !== undefined) return [];
  if (shape.kind === 'polygon') return shape.vertices;
  return Array.from({ length: CIRCLE_SEGMENTS }, (_, i) => {
    const angle = (2 * Math.PI * i) / CIRCLE_SEGMENTS;
    return { x: shape.radius * Math.cos(angle), y: shape.radius * Math.sin(angle) };
  });
}

/**
 * One flat colour, drawn in `renderOrder` and not by depth. All are in three.js's transparent list, since opaque things
 * would be drawn before it whatever their order.
 */
function flat(color: string, opacity = 1): MeshBasicMaterial {
  return new MeshBasicMaterial({
    color,
    opacity,
    transparent: true,
    side: DoubleSide,
    depthTest: false,
    depthWrite: false,
    toneMapped: false,
  });
}
