/**
 * `my-world`: a ball finds its way between three pillars to a place that it is shown in a picture.
 *
 * This file is a whole world, and every part of it is meant to be changed. `reverie check` says whether it still keeps
 * its promises; `docs/worlds.md` of Reverie explains each part.
 */
import {
  type Behaviour,
  defineMatterWorld,
  driveWithin,
  Matter,
  type MatterRules,
  Random,
  type State,
  type WorldSpec,
} from 'reverie/world';

// ── What is fixed about the world ───────────────────────────────────────────────────────────────────────────────────

const size = 256;

const spec: WorldSpec = {
  id: 'my-world',
  version: 1, // raise it whenever trajectories or frames change
  title: 'My world',
  description: 'A ball finds its way between three pillars.',
  action: { kind: 'box', low: [-1, -1], high: [1, 1] },
  arena: { width: size, height: size }, // in units of your own; the 64×64 frame shows all of it
  stepSeconds: 5 / 60, // five physics updates of 1/60 s, with the action held
  subSteps: 5,
  budget: 50, // steps after which an episode is cut off
  // The state: all that the future depends on. The agent never sees it; evaluation and drawing do.
  quantities: {
    ballX: { unit: 'units', kind: 'position' },
    ballY: { unit: 'units', kind: 'position' },
  },
  // What moves, each in a colour of its own. At 64×64, keep things at least four pixels wide.
  objects: [{ name: 'ball', color: '#d6006c' }],
  background: '#ffffff',
  // What can be varied to see whether an agent copes: `reverie evaluate --vary ballRadius=14`. Optional.
  factors: {
    ballRadius: { kind: 'number', default: 10, low: 7, high: 14, unit: 'units', hidden: false },
    ballSpeed: { kind: 'number', default: 5, low: 3, high: 6, unit: 'units/update', hidden: true },
    ballColor: { kind: 'color', object: 'ball', default: '#d6006c', choices: ['#0096c7', '#2a9d3c'] },
  },
};

const pillarRadius = 26;
const pillars = [
  { name: 'pillar a', x: 80, y: 90 },
  { name: 'pillar b', x: 180, y: 76 },
  { name: 'pillar c', x: 132, y: 182 },
];

/** How near the goal is near enough, in units. */
const tolerance = 18;

/** How far from the start a goal lies, in units. */
const ways = {
  easy: { least: 50, most: 90 },
  default: { least: 110, most: 200 },
  hard: { least: 180, most: 300 },
};

// ── How it moves, what it looks like, and what is asked ─────────────────────────────────────────────────────────────

export default defineMatterWorld(spec, ({ ballRadius = 10, ballSpeed = 5 }): MatterRules => {
  /** The ball anywhere that it touches no pillar. */
  const anywhere = (random: Random): State => {
    for (;;) {
      const ballX = random.uniform(ballRadius, size - ballRadius);
      const ballY = random.uniform(ballRadius, size - ballRadius);
      const clear = pillars.every(({ x, y }) => Math.hypot(ballX - x, ballY - y) > pillarRadius + ballRadius + 2);
      if (clear) return { ballX, ballY };
    }
  };

  return {
    // The bodies, always in the same order, each with a label of its own.
    build: () => ({
      bodies: [
        ...pillars.map(({ name, x, y }) =>
          Matter.Bodies.circle(x, y, pillarRadius, { label: name, isStatic: true, friction: 0 }),
        ),
        Matter.Bodies.circle(0, 0, ballRadius, { label: 'ball', friction: 0, frictionAir: 0, inertia: Infinity }),
      ],
    }),

    // Where an episode begins. Draw from `random` alone, so that a seed always gives the same episode.
    start: anywhere,

    // A state as poses of the bodies that move, and the bodies as a state: each undoes the other.
    poses: ({ ballX = 0, ballY = 0 }) => ({ ball: { x: ballX, y: ballY, angle: 0 } }),
    read: (bodies) => ({ ballX: bodies('ball').position.x, ballY: bodies('ball').position.y }),

    // What an action does, before each physics update.
    drive: (bodies, [x = 0, y = 0]) =>
      driveWithin(bodies('ball'), { x: x * ballSpeed, y: y * ballSpeed }, spec.arena, ballRadius),

    // What is drawn, the last shape on top.
    scene: ({ ballX = 0, ballY = 0 }) => [
      ...pillars.map(({ name, x, y }) => ({
        kind: 'circle' as const,
        name,
        color: '#3c4450',
        fixed: true,
        pose: { x, y, angle: 0 },
        radius: pillarRadius,
      })),
      {
        kind: 'circle',
        name: 'ball',
        color: '#d6006c',
        fixed: false,
        pose: { x: ballX, y: ballY, angle: 0 },
        radius: ballRadius,
      },
    ],

    // Whether the goal is met, and how far off it is: what success is judged by, and what an oracle plans with.
    achieved: (state, goal, strict) => offset(state, goal) <= (strict ? tolerance / 2 : tolerance),
    distance: offset,

    // What collects the data that an agent learns from: it should go everywhere and touch everything.
    behaviour: (random) => wander(random),

    // A start and a goal that can be reached from it. A goal is shown to the agent as the frame of its state.
    task(seed, difficulty) {
      const random = new Random(seed).fork(difficulty);
      const { least, most } = ways[difficulty];
      for (;;) {
        const start = anywhere(random);
        const goal = anywhere(random);
        const way = offset(start, goal);
        if (way >= least && way <= most) return { seed, difficulty, start, goal, budget: 30 };
      }
    },
  };
});

/** Units between the ball's places in two states. */
function offset(state: State, goal: State): number {
  return Math.hypot((state.ballX ?? 0) - (goal.ballX ?? 0), (state.ballY ?? 0) - (goal.ballY ?? 0));
}

/** Keeps to a random direction for a while, a little unsteadily, then takes another. */
function wander(random: Random): Behaviour {
  let heading = 0;
  let stepsLeft = 0;
  const unsteady = (value: number): number => Math.min(1, Math.max(-1, value + random.normal(0, 0.25)));
  return {
    act() {
      if (stepsLeft-- === 0) {
        heading = random.uniform(-Math.PI, Math.PI);
        stepsLeft = 2 + random.integer(8);
      }
      return [unsteady(Math.cos(heading)), unsteady(Math.sin(heading))];
    },
  };
}
