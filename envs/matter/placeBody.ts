/**
 * Puts a matter-js body, as it was built, at a placement: turned and moved there, and at rest unless it is given
 * velocities. A body put to the same placement from the same build is equal to the bit.
 */
import Matter from 'matter-js';
import type { Placement } from './matterRules.ts';

/** The fields by which Verlet's rule knows a velocity, which matter's types leave out or make read-only. */
type Moving = { -readonly [Field in keyof Matter.Body]: Matter.Body[Field] } & {
  readonly positionPrev: Matter.Vector;
  anglePrev: number;
};

export function placeBody(body: Matter.Body, placement: Placement): void {
  Matter.Body.setAngle(body, placement.angle);
  Matter.Body.setPosition(body, placement);
  setInMotion(body as Moving, placement);
}

/**
 * Matter's own setters compute the velocity anew from the two positions, rounded; written directly, the velocity read
 * back is the one given, to the bit.
 */
function setInMotion(body: Moving, { velocity, angularVelocity }: Placement): void {
  if (velocity) {
    body.positionPrev.x = body.position.x - velocity.x;
    body.positionPrev.y = body.position.y - velocity.y;
    body.velocity.x = velocity.x;
    body.velocity.y = velocity.y;
    body.speed = Math.hypot(velocity.x, velocity.y);
  }
  if (angularVelocity !== undefined) {
    body.anglePrev = body.angle - angularVelocity;
    body.angularVelocity = angularVelocity;
    body.angularSpeed = Math.abs(angularVelocity);
  }
}
