/**
 * The scripted behaviour of `two-room`: leg after leg, blind to any goal. Half the legs keep to a random direction, so
 * that the ball meets walls; the others walk to a random point of either room, through the door where it must be, so
 * that both rooms and the door are seen.
 */
import type { Random } from '../../../shared/random.ts';
import type { Point } from '../../../shared/scene.ts';
import type { Action } from '../../../shared/space.ts';
import type { Behaviour, State } from '../../../shared/world.ts';
import { arenaSize, doorCenter, type FloorPlan, roomOf } from './twoRoomGeometry.ts';

export interface TwoRoomBehaviourConfig {
  /** Share of the legs that walk to a point. */
  readonly walkShare: number;
  /** Standard deviation of the noise on every action. */
  readonly noise: number;
  /** Most steps of a leg. */
  readonly patience: number;
}

export const defaultTwoRoomBehaviourConfig: TwoRoomBehaviourConfig = { walkShare: 0.5, noise: 0.25, patience: 12 };

interface Leg {
  /** Where to walk, or in which direction to keep on. */
  readonly destination: Point | undefined;
  readonly velocity: Point;
  stepsLeft: number;
}

export class TwoRoomBehaviour implements Behaviour {
  private readonly random: Random;
  private readonly plan: FloorPlan;
  private readonly stepLength: number;
  private readonly config: TwoRoomBehaviourConfig;
  private leg: Leg;

  /** @param stepLength units that a step covers at full action along one axis. */
  constructor(random: Random, plan: FloorPlan, stepLength: number, config = defaultTwoRoomBehaviourConfig) {
    this.random = random;
    this.plan = plan;
    this.stepLength = stepLength;
    this.config = config;
    this.leg = this.nextLeg();
  }

  act({ ballX: x = 0, ballY: y = 0 }: State): Action {
    const ball = { x, y };
    if (this.leg.stepsLeft === 0 || this.isAt(ball, this.leg.destination)) this.leg = this.nextLeg();
    this.leg.stepsLeft--;
    const { destination, velocity } = this.leg;
    const { x: vx, y: vy } = destination ? this.towards(ball, viaDoor(ball, destination, this.plan)) : velocity;
    return [vx, vy].map((v) => Math.min(1, Math.max(-1, v + this.random.normal(0, this.config.noise))));
  }

  private nextLeg(): Leg {
    const { random } = this;
    const { ballRadius } = this.plan;
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

  private isAt(ball: Point, destination: Point | undefined): boolean {
    if (!destination) return false;
    return Math.hypot(destination.x - ball.x, destination.y - ball.y) < this.plan.ballRadius;
  }

  /** Full speed towards the point, slower when it is less than a step away. */
  private towards(ball: Point, point: Point): Point {
    const dx = (point.x - ball.x) / this.stepLength;
    const dy = (point.y - ball.y) / this.stepLength;
    const excess = Math.max(1, Math.hypot(dx, dy));
    return { x: dx / excess, y: dy / excess };
  }
}

/**
 * The point itself, or the door on the way to the other room: first the spot in front of it, then the one behind it.
 */
function viaDoor(ball: Point, point: Point, plan: FloorPlan): Point {
  if (roomOf(ball) === roomOf(point)) return point;
  const { ballRadius, door } = plan;
  const center = doorCenter(plan);
  const side = roomOf(ball) === 'left' ? -1 : 1;
  const play = (door.bottom - door.top) / 2 - ballRadius;
  const isInFront = Math.abs(ball.y - center.y) < Math.min(2 * ballRadius, play);
  return { x: center.x + (isInFront ? -side : side) * 3 * ballRadius, y: center.y };
}
