/**
 * Puts a matter-js constraint back as it was built. Matter turns the points at which a constraint holds its bodies step
 * by step, from the angles that it saw last; what comes after a placement would depend on that past. Points and angles
 * are remembered as built and written back: the next update then turns them by the bodies' whole angles.
 */
import type Matter from 'matter-js';

/** The fields that a physics update writes, of which matter's types leave out the angles. */
interface Turning {
  pointA: Matter.Vector | null;
  pointB: Matter.Vector | null;
  angleA: number;
  angleB: number;
}

export class RestConstraint {
  private readonly built: Turning;

  constructor(constraint: Matter.Constraint) {
    const { pointA, pointB, angleA, angleB } = turningOf(constraint);
    this.built = { pointA: pointA && { ...pointA }, pointB: pointB && { ...pointB }, angleA, angleB };
  }

  /** Restores the constraint, or a copy of it. */
  put(constraint: Matter.Constraint): void {
    const { built } = this;
    const turning = turningOf(constraint);
    if (turning.pointA && built.pointA) Object.assign(turning.pointA, built.pointA);
    if (turning.pointB && built.pointB) Object.assign(turning.pointB, built.pointB);
    turning.angleA = built.angleA;
    turning.angleB = built.angleB;
  }
}

function turningOf(constraint: Matter.Constraint): Turning {
  return constraint as unknown as Turning;
}
