/**
 * The scripted behaviour of `two-room`: leg after leg, blind to any goal. Half the legs keep to a random direction, so
 * that the ball meets walls; the others walk to a random point of either room, through the door where it must be, so
 * that both rooms and the door are seen.
 */
import type { Random } from '../../../shared/random.ts';
import type { Point } from '../../../shared/scene.ts';
import type { Action } from '../../../shared/space.ts';
import type { Behaviour, State } from '../../../shared/world.ts';
import { arenaSize, ballRadius, doorCenter, roomOf } from './twoRoomGeometry.ts';

export interface TwoRoomBehaviourConfig {
  /** Share of the legs that walk to a point. */
  readonly walkShare: number;
  /** Standard deviation of the noise on every action. */
  readonly noise: number;
  /** Most steps of a leg. */
  readonly patience: number;
}

export const defaultTwoRoomBehaviourConfig: TwoRoomBehaviourConfig = { walkShare: 0.5, noise: 0.25, patience: 12 };

/** Units that a step covers at full action along one axis. */
const stepLength = 25;

interface Leg {
  /** Where to walk, or in which direction to keep on. */
  readonly destination: Point | undefined;
  readonly velocity: Point;
  stepsLeft: number;
}

export class TwoRoomBehaviour implements Behaviour {
  private readonly random: Random;
  private readonly config: TwoRoomBehaviourConfig;
  private leg: Leg;

  constructor(random: Random, config: TwoRoomBehaviourConfig = defaultTwoRoomBehaviourConfig) {
    this.random = random;
    this.config = config;
    this.leg = this.nextLeg();
  }

  act({ ballX: x = 0, ballY: y = 0 }: State): Action {
    const ball = { x, y };
    if (this.leg.stepsLeft === 0 || isAt(ball, this.leg.destination)) this.leg = this.nextLeg();
    this.leg.stepsLeft--;
    const { destination, velocity } = this.leg;
    const { x: vx, y: vy } = destination ? towards(ball, viaDoor(ball, destination)) : velocity;
    return [vx, vy].map((v) => Math.min(1, Math.max(-1, v + this.random.normal(0, this.config.noise))));
  }

  private nextLeg(): Leg {
    const { random } = this;
    const still = { x: 0, y: 0 };
    if (random.chance(this.config.walkShare)) {
      const coordinate = () => random.uniform(ballRadius, arenaSize - ballRadius);
      return { destination: { x: coordinate(), y: coordinate() }, velocity: still, stepsLeft: this.config.patience };
    }
    const heading = random.uniform(-Math.PI, Math.PI);
    const speed = random.uniform(0.3, 1);
    const velocity = { x: speed * Math.cos(heading), y: speed * Math.sin(heading) };
    return { destination: undefined, velocity, stepsLeft: 2 + random.integer(6) };
  }
}

function isAt(ball: Point, destination: Point | undefined): boolean {
  return destination !== undefined && Math.hypot(destination.x - ball.x, destination.y - ball.y) < ballRadius;
}

/**
 * The point itself, or the door on the way to the other room: first the spot in front of it, then the one behind it.
 */
function viaDoor(ball: Point, point: Point): Point {
  if (roomOf(ball) === roomOf(point)) return point;
  const side = roomOf(ball) === 'left' ? -1 : 1;
  const isInFront = Math.abs(ball.y - doorCenter.y) < 2 * ballRadius;
  return { x: doorCenter.x + (isInFront ? -side : side) * 3 * ballRadius, y: doorCenter.y };
}

/** Full speed towards the point, slower when it is less than a step away. */
function towards(ball: Point, point: Point): Point {
  const dx = (point.x - ball.x) / stepLength;
  const dy = (point.y - ball.y) / stepLength;
  const excess = Math.max(1, Math.hypot(dx, dy));
  return { x: dx / excess, y: dy / excess };
}
