/**
 * Where episodes and tasks of `lander` begin, and what the goals are.
 *
 * A goal is the same scene with the craft landed on the middle of its pad. That it can be reached is tried out when the
 * task is drawn: the autopilot lands there within the steps allowed, and if it doesn't, the draw is repeated.
 */
import { Random } from '../../../shared/random.ts';
import type { Difficulty, State, Task, World } from '../../../shared/world.ts';
import { land } from './landerAutopilot.ts';
import { arenaSize, groundY, padMargin } from './landerGeometry.ts';
import type { LanderPhysics } from './landerPhysics.ts';

/** What a task asks for; of the pairs, the first is the least and the second the most. */
interface Demand {
  /** From the middle of the pad, to either side, in units. */
  readonly aside: readonly [number, number];
  /** Of a standing craft's place above the ground, in units. */
  readonly height: readonly [number, number];
  /** Most along either axis, in units/update. */
  readonly speed: number;
  /** To either side, in radians. */
  readonly tilt: readonly [number, number];
  /** Steps allowed. */
  readonly budget: number;
}

const demands: Readonly<Record<Difficulty, Demand>> = {
  easy: { aside: [0, 40], height: [30, 100], speed: 0.5, tilt: [0, 0.2], budget: 30 },
  default: { aside: [80, 220], height: [100, 280], speed: 1.5, tilt: [0, 0.6], budget: 40 },
  hard: { aside: [200, 350], height: [50, 330], speed: 2.5, tilt: [1, Math.PI], budget: 45 },
};

/** Speed at which the autopilot touches down, in units/update. */
const touchdown = 0.4;

/** Least distance of the craft's middle from the sides at a start, in units. */
const margin = 56;

/** A landed craft: standing upright at rest on the middle of the pad. */
export function landedAt(padX: number, standingY: number): State {
  const rest = { landerAngle: 0, landerVelocityX: 0, landerVelocityY: 0, landerSpin: 0 };
  return { landerX: padX, landerY: standingY, ...rest, padX };
}

/** Mostly in the air anyhow; sometimes standing on the ground, or on the pad. */
export function landerStart(random: Random, standingY: number): State {
  const padX = drawPadX(random);
  if (random.chance(0.1)) return landedAt(padX, standingY);
  if (random.chance(0.15)) return { ...landedAt(padX, standingY), landerX: random.uniform(margin, arenaSize - margin) };
  return {
    landerX: random.uniform(margin, arenaSize - margin),
    landerY: random.uniform(margin, groundY - margin),
    landerAngle: random.chance(0.25) ? random.uniform(-Math.PI, Math.PI) : random.normal(0, 0.3),
    landerVelocityX: random.normal(0, 1),
    landerVelocityY: random.normal(0, 1),
    landerSpin: random.normal(0, 0.01),
    padX,
  };
}

/** The task that the seed determines; `rehearsal` is left in some state. */
export function landerTask(
  seed: number,
  difficulty: Difficulty,
  rehearsal: World,
  physics: LanderPhysics,
  standingY: number,
): Task {
  const random = new Random(seed).fork(`lander task ${difficulty}`);
  const { budget } = demands[difficulty];
  for (;;) {
    const start = drawStart(random, demands[difficulty], standingY);
    const goal = landedAt(start.padX ?? 0, standingY);
    if (rehearsal.achieved(start, goal)) continue;
    if (autopilotLands(rehearsal, start, goal, budget, physics)) return { seed, difficulty, start, goal, budget };
  }
}

function drawStart(random: Random, { aside, height, speed, tilt }: Demand, standingY: number): State {
  for (;;) {
    const padX = drawPadX(random);
    const landerX = padX + random.uniform(...aside) * random.choice([-1, 1]);
    if (landerX < margin || landerX > arenaSize - margin) continue;
    return {
      landerX,
      landerY: standingY - random.uniform(...height),
      landerAngle: random.uniform(...tilt) * random.choice([-1, 1]),
      landerVelocityX: random.uniform(-speed, speed),
      landerVelocityY: random.uniform(-speed, speed),
      landerSpin: 0,
      padX,
    };
  }
}

function drawPadX(random: Random): number {
  return random.uniform(padMargin, arenaSize - padMargin);
}

function autopilotLands(world: World, start: State, goal: State, steps: number, physics: LanderPhysics): boolean {
  const { landerX = 0, landerY = 0 } = goal;
  world.place(start);
  for (let i = 0; i < steps; i++) {
    world.step(land(world.state(), { x: landerX, standingY: landerY, touchdown }, physics));
    if (world.achieved(world.state(), goal, true)) return true;
  }
  return false;
}
