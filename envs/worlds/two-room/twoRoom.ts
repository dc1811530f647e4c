/**
 * `two-room`: a ball in two rooms joined by a door, after the navigation task on which joint-embedding planners are
 * compared (Sobal et al. 2025, arXiv 2502.14819). The straight way to the other room is blocked by the wall, so an
 * agent whose idea of distance is that of the picture runs into it.
 *
 * The action is the ball's velocity. There is no friction and no spin: the ball slides along whatever it meets.
 */
import Matter from 'matter-js';
import { Random } from '../../../shared/random.ts';
import type { Point, PolygonShape } from '../../../shared/scene.ts';
import type { Difficulty, State, Task, WorldSpec } from '../../../shared/world.ts';
import { driveWithin } from '../../matter/driveWithin.ts';
import type { MatterRules } from '../../matter/matterRules.ts';
import { defineMatterWorld } from '../../matter/matterWorld.ts';
import { TwoRoomBehaviour } from './twoRoomBehaviour.ts';
import { twoRoomFactors } from './twoRoomFactors.ts';
import { arenaSize, type FloorPlan, planOf, roomOf, wall, wayLength } from './twoRoomGeometry.ts';

/** How near the goal is near enough, in units; `strict` halves it. */
const tolerance = 16;

const { ballColor, backgroundColor } = twoRoomFactors;
const wallColor = '#3c4450';

const spec: WorldSpec = {
  id: 'two-room',
  version: 1,
  title: 'Two rooms',
  description: 'A ball goes from one room to the other through the only door.',
  action: { kind: 'box', low: [-1, -1], high: [1, 1] },
  arena: { width: arenaSize, height: arenaSize },
  stepSeconds: 5 / 60,
  subSteps: 5,
  budget: 50,
  quantities: {
    ballX: { unit: 'units', kind: 'position' },
    ballY: { unit: 'units', kind: 'position' },
  },
  objects: [{ name: 'ball', color: ballColor.default }],
  background: backgroundColor.default,
  factors: twoRoomFactors,
};

/** What a task asks for: whether the goal is in the other room, and how long the way there is, in units. */
const demands: Readonly<Record<Difficulty, { crossing: boolean; least: number; most: number }>> = {
  easy: { crossing: false, least: 60, most: 140 },
  default: { crossing: true, least: 90, most: 220 },
  hard: { crossing: true, least: 180, most: 320 },
};

/** Steps allowed for a task: at least twice what the longest default way takes. */
const taskBudget = 25;

function rulesFor(numbers: Readonly<Record<string, number>>): MatterRules {
  const { ballRadius, doorHeight, doorPosition, ballSpeed, drift } = numbers;
  const plan = planOf(ballRadius, doorHeight, doorPosition);
  const wallShapes = shapesOfWall(plan);
  return {
    build: () => ({ bodies: [...buildWall(plan), buildBall(ballRadius)] }),

    start: (random) => randomState(random, ballRadius),

    poses: (state) => ({ ball: { ...ballOf(state), angle: 0 } }),

    read(bodies) {
      const { x, y } = bodies('ball').position;
      return { ballX: x, ballY: y };
    },

    drive(bodies, [x = 0, y = 0]) {
      driveWithin(bodies('ball'), { x: x * ballSpeed, y: y * ballSpeed + drift }, spec.arena, ballRadius);
    },

    scene: (state) => [
      ...wallShapes,
      {
        kind: 'circle',
        name: 'ball',
        color: ballColor.default,
        fixed: false,
        pose: { ...ballOf(state), angle: 0 },
        radius: ballRadius,
      },
    ],

    achieved(state, goal, strict) {
      const [ball, target] = [ballOf(state), ballOf(goal)];
      return Math.hypot(ball.x - target.x, ball.y - target.y) <= (strict ? tolerance / 2 : tolerance);
    },

    distance: (state, goal) => wayLength(plan, ballOf(state), ballOf(goal)),

    behaviour: (random) => new TwoRoomBehaviour(random, plan, ballSpeed * spec.subSteps),

    task: (seed, difficulty) => twoRoomTask(seed, difficulty, plan),
  };
}

/** Every point clear of the wall can be reached from every other. */
function twoRoomTask(seed: number, difficulty: Difficulty, plan: FloorPlan): Task {
  const random = new Random(seed).fork(`two-room task ${difficulty}`);
  const { crossing, least, most } = demands[difficulty];
  for (;;) {
    const start = randomState(random, plan.ballRadius);
    const goal = randomState(random, plan.ballRadius);
    const way = wayLength(plan, ballOf(start), ballOf(goal));
    const crosses = roomOf(ballOf(start)) !== roomOf(ballOf(goal));
    if (crosses === crossing && way >= least && way <= most)
      return { seed, difficulty, start, goal, budget: taskBudget };
  }
}

function ballOf({ ballX = 0, ballY = 0 }: State): Point {
  return { x: ballX, y: ballY };
}

/** The ball anywhere that it doesn't touch the wall. */
function randomState(random: Random, ballRadius: number): State {
  const clearance = wall.thickness / 2 + ballRadius + 1;
  for (;;) {
    const ballX = random.uniform(ballRadius, arenaSize - ballRadius);
    const ballY = random.uniform(ballRadius, arenaSize - ballRadius);
    if (Math.abs(ballX - wall.x) >= clearance) return { ballX, ballY };
  }
}

/** The two pieces of the wall, above and below the door. */
function wallPieces({ door }: FloorPlan) {
  return [
    { name: 'upper wall', top: 0, bottom: door.top },
    { name: 'lower wall', top: door.bottom, bottom: arenaSize },
  ];
}

function shapesOfWall(plan: FloorPlan): PolygonShape[] {
  return wallPieces(plan).map(({ name, top, bottom }) => {
    const [x, y] = [wall.thickness / 2, (bottom - top) / 2];
    const pose = { x: wall.x, y: top + y, angle: 0 };
    const vertices = [
      { x: -x, y: -y },
      { x, y: -y },
      { x, y },
      { x: -x, y },
    ];
    return { kind: 'polygon', name, color: wallColor, fixed: true, pose, vertices };
  });
}

function buildWall(plan: FloorPlan): Matter.Body[] {
  return wallPieces(plan).map(({ name, top, bottom }) =>
    Matter.Bodies.rectangle(wall.x, (top + bottom) / 2, wall.thickness, bottom - top, {
      label: name,
      isStatic: true,
      friction: 0,
      frictionStatic: 0,
    }),
  );
}

function buildBall(radius: number): Matter.Body {
  return Matter.Bodies.circle(0, 0, radius, {
    label: 'ball',
    friction: 0,
    frictionStatic: 0,
    frictionAir: 0,
    inertia: Number.POSITIVE_INFINITY,
  });
}

export default defineMatterWorld(spec, rulesFor);
