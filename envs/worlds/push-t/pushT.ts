/**
 * `push-t`: a round pusher shoves a T-shaped block over a table seen from above, until the block lies as it does in the
 * goal (Chi et al. 2023, Diffusion Policy, §5.2, who took it from Florence et al. 2021, Implicit Behavioral Cloning).
 *
 * The action is the pusher's velocity. The pusher is heavy and doesn't turn; the block is light and stops soon when it
 * isn't pushed. Walls lie outside the picture and stop the block alone. Whether a goal is met depends on the block
 * only.
 */
import Matter from 'matter-js';
import type { Point, Scene } from '../../../shared/scene.ts';
import type { State, WorldSpec } from '../../../shared/world.ts';
import { angleBetween, wrapAngle } from '../../angle.ts';
import { driveWithin } from '../../matter/driveWithin.ts';
import type { MatterRules } from '../../matter/matterRules.ts';
import { defineMatterWorld } from '../../matter/matterWorld.ts';
import { PushTBehaviour } from './pushTBehaviour.ts';
import { pushTFactors } from './pushTFactors.ts';
import { arenaSize, bar, onBlock, stem } from './pushTGeometry.ts';
import { pushTStart, pushTTask } from './pushTTask.ts';

/** Units that the pusher moves in one physics update at full action: 40 in a step. */
const pusherSpeed = 8;

/** Thicker than anything can sink into within one update, since matter has no continuous collision detection. */
const wallThickness = 200;

/** What the walls belong to: the pusher's mask leaves it out, since `driveWithin` keeps the pusher inside. */
const wallCategory = 2;

/** The block's inertia for each unit of its mass, in units². */
const inertiaPerMass = 2500;

/** Tolerances of a goal; `strict` halves both. */
const tolerance = { units: 20, angle: (20 * Math.PI) / 180 };

/** The stem is drawn this far under the bar, so that no light shows through the joint. */
const jointOverlap = 8;

const { pusherColor, barColor, stemColor, backgroundColor } = pushTFactors;

const spec: WorldSpec = {
  id: 'push-t',
  version: 1,
  title: 'Push T',
  description: 'A round pusher shoves a T-shaped block to a goal pose.',
  action: { kind: 'box', low: [-1, -1], high: [1, 1] },
  arena: { width: arenaSize, height: arenaSize },
  stepSeconds: 5 / 60,
  subSteps: 5,
  budget: 50,
  quantities: {
    pusherX: { unit: 'units', kind: 'position' },
    pusherY: { unit: 'units', kind: 'position' },
    blockX: { unit: 'units', kind: 'position' },
    blockY: { unit: 'units', kind: 'position' },
    blockAngle: { unit: 'rad', kind: 'angle' },
  },
  objects: [
    { name: 'pusher', color: pusherColor.default },
    { name: 'bar', color: barColor.default },
    { name: 'stem', color: stemColor.default },
  ],
  background: backgroundColor.default,
  factors: pushTFactors,
};

type Numbers = Readonly<Record<string, number>>;

const rulesFor = (numbers: Numbers): MatterRules => ({
  build: () => ({ bodies: [...buildWalls(), buildBlock(numbers), buildPusher(numbers)] }),

  start: (random) => pushTStart(random, numbers.pusherRadius),

  poses: ({ pusherX = 0, pusherY = 0, blockX = 0, blockY = 0, blockAngle = 0 }) => ({
    pusher: { x: pusherX, y: pusherY, angle: 0 },
    block: { x: blockX, y: blockY, angle: blockAngle },
  }),

  read(bodies) {
    const pusher = bodies('pusher').position;
    const block = bodies('block');
    return {
      pusherX: pusher.x,
      pusherY: pusher.y,
      blockX: block.position.x,
      blockY: block.position.y,
      blockAngle: wrapAngle(block.angle),
    };
  },

  drive(bodies, [x = 0, y = 0]) {
    driveWithin(bodies('pusher'), { x: x * pusherSpeed, y: y * pusherSpeed }, spec.arena, numbers.pusherRadius);
  },

  scene: (state) => shapesOf(state, numbers.pusherRadius),

  achieved(state, goal, strict) {
    const share = strict ? 0.5 : 1;
    return blockOffset(state, goal) <= tolerance.units * share && blockTurn(state, goal) <= tolerance.angle * share;
  },

  /**
   * Units that the block is off, plus its angle at one unit a degree, plus a little for a pusher far from the block.
   */
  distance(state, goal) {
    const { pusherX = 0, pusherY = 0, blockX = 0, blockY = 0 } = state;
    const degrees = (blockTurn(state, goal) * 180) / Math.PI;
    return blockOffset(state, goal) + degrees + 0.05 * Math.hypot(pusherX - blockX, pusherY - blockY);
  },

  behaviour: (random) => new PushTBehaviour(random, numbers.pusherRadius),

  task: (seed, difficulty, rehearsal) => pushTTask(seed, difficulty, rehearsal, numbers.pusherRadius),
});

/** How far the block lies from its place in the goal, in units. */
function blockOffset(state: State, goal: State): number {
  return Math.hypot((state.blockX ?? 0) - (goal.blockX ?? 0), (state.blockY ?? 0) - (goal.blockY ?? 0));
}

/** How far the block is turned from its angle in the goal, in radians from 0 to π. */
function blockTurn(state: State, goal: State): number {
  return angleBetween(state.blockAngle ?? 0, goal.blockAngle ?? 0);
}

function buildWalls(): Matter.Body[] {
  const middle = arenaSize / 2;
  const outside = wallThickness / 2;
  const length = arenaSize + 2 * wallThickness;
  const wall = (label: string, x: number, y: number, width: number, height: number) =>
    Matter.Bodies.rectangle(x, y, width, height, {
      label,
      isStatic: true,
      collisionFilter: { category: wallCategory },
    });
  return [
    wall('left', -outside, middle, wallThickness, length),
    wall('right', arenaSize + outside, middle, wallThickness, length),
    wall('top', middle, -outside, length, wallThickness),
    wall('bottom', middle, arenaSize + outside, length, wallThickness),
  ];
}

function buildBlock({ blockMass, blockDrag, contactFriction }: Numbers): Matter.Body {
  const parts = [bar, stem].map(({ center, width, height }) =>
    Matter.Bodies.rectangle(center.x, center.y, width, height, { friction: contactFriction }),
  );
  const block = Matter.Body.create({ label: 'block', parts, friction: contactFriction, frictionAir: blockDrag });
  // Only now: putting parts together computes both anew from their areas.
  Matter.Body.setMass(block, blockMass);
  Matter.Body.setInertia(block, blockMass * inertiaPerMass);
  return block;
}

function buildPusher({ pusherRadius, contactFriction }: Numbers): Matter.Body {
  const pusher = Matter.Bodies.circle(0, 0, pusherRadius, {
    label: 'pusher',
    friction: contactFriction,
    frictionAir: 0,
    collisionFilter: { mask: ~wallCategory },
  });
  Matter.Body.setMass(pusher, 10);
  Matter.Body.setInertia(pusher, Number.POSITIVE_INFINITY);
  return pusher;
}

const barCorners = corners(bar, 0);
const stemCorners = corners(stem, jointOverlap);

/** A rectangle's corners around its middle, its upper edge raised by `rise`. */
function corners({ width, height }: { width: number; height: number }, rise: number): Point[] {
  const [x, y] = [width / 2, height / 2];
  return [
    { x: -x, y: -y - rise },
    { x, y: -y - rise },
    { x, y },
    { x: -x, y },
  ];
}

/** Each shape's pose is its own middle, at which the frame shows its colour. */
function shapesOf(state: State, pusherRadius: number): Scene {
  const { pusherX = 0, pusherY = 0, blockAngle: angle = 0 } = state;
  const barPose = { ...onBlock(state, bar.center), angle };
  const stemPose = { ...onBlock(state, stem.center), angle };
  const pusherPose = { x: pusherX, y: pusherY, angle: 0 };
  return [
    { kind: 'polygon', name: 'stem', color: stemColor.default, fixed: false, pose: stemPose, vertices: stemCorners },
    { kind: 'polygon', name: 'bar', color: barColor.default, fixed: false, pose: barPose, vertices: barCorners },
    {
      kind: 'circle',
      name: 'pusher',
      color: pusherColor.default,
      fixed: false,
      pose: pusherPose,
      radius: pusherRadius,
    },
  ];
}

export default defineMatterWorld(spec, rulesFor);
