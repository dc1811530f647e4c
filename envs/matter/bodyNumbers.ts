/**
 * The numbers of a matter-js body that change while it moves, written to an array and read back from it into the same
 * body: pose, velocity, the previous pose that Verlet's rule integrates from, forces, the impulses that warm-start the
 * solver, and the outline. Matter turns outlines step by step and never computes them anew from the angle, so they are
 * part of what must be kept.
 *
 * What a body is made of (mass, friction, collision filter) is fixed when it is built and not among them; nor is what
 * matter only uses within an update or for sleeping bodies.
 */
import type Matter from 'matter-js';

/** The fields in question, some of which matter's types leave out. */
interface Moving {
  readonly position: Matter.Vector;
  readonly positionPrev: Matter.Vector;
  readonly velocity: Matter.Vector;
  readonly force: Matter.Vector;
  readonly positionImpulse: Matter.Vector;
  readonly constraintImpulse: Matter.Vector & { angle: number };
  readonly bounds: Matter.Bounds;
  readonly vertices: readonly Matter.Vector[];
  readonly axes: readonly Matter.Vector[];
  readonly parts: readonly Moving[];
  angle: number;
  anglePrev: number;
  angularVelocity: number;
  speed: number;
  angularSpeed: number;
  torque: number;
  deltaTime: number;
}

/** Numbers of a whole body but for its outline, and of the pose of one of its parts. */
const wholeCount = 20;
const poseCount = 3;

/** How many numbers `saveBody` writes. */
export function countBodyNumbers(body: Matter.Body): number {
  return body.parts.reduce(
    (sum, { vertices, axes }, i) => sum + (i > 0 ? poseCount : 0) + 4 + 2 * vertices.length + 2 * axes.length,
    wholeCount,
  );
}

/** Writes the body's numbers from index `at` on and returns the index after them. */
export function saveBody(body: Matter.Body, to: Float64Array, at: number): number {
  const moving = body as unknown as Moving;
  const { position, positionPrev, velocity, force, positionImpulse, constraintImpulse, parts } = moving;
  to[at] = position.x;
  to[at + 1] = position.y;
  to[at + 2] = positionPrev.x;
  to[at + 3] = positionPrev.y;
  to[at + 4] = velocity.x;
  to[at + 5] = velocity.y;
  to[at + 6] = force.x;
  to[at + 7] = force.y;
  to[at + 8] = positionImpulse.x;
  to[at + 9] = positionImpulse.y;
  to[at + 10] = constraintImpulse.x;
  to[at + 11] = constraintImpulse.y;
  to[at + 12] = constraintImpulse.angle;
  to[at + 13] = moving.angle;
  to[at + 14] = moving.anglePrev;
  to[at + 15] = moving.angularVelocity;
  to[at + 16] = moving.speed;
  to[at + 17] = moving.angularSpeed;
  to[at + 18] = moving.torque;
  to[at + 19] = moving.deltaTime;
  let next = saveOutline(moving, to, at + wholeCount);
  for (let i = 1; i < parts.length; i++) {
    const part = parts[i] as Moving;
    to[next] = part.position.x;
    to[next + 1] = part.position.y;
    to[next + 2] = part.angle;
    next = saveOutline(part, to, next + poseCount);
  }
  return next;
}

/** Reads back what `saveBody` wrote from index `at` on and returns the index after it. */
export function loadBody(body: Matter.Body, from: Float64Array, at: number): number {
  const moving = body as unknown as Moving;
  const { constraintImpulse, parts } = moving;
  loadVector(moving.position, from, at);
  loadVector(moving.positionPrev, from, at + 2);
  loadVector(moving.velocity, from, at + 4);
  loadVector(moving.force, from, at + 6);
  loadVector(moving.positionImpulse, from, at + 8);
  loadVector(constraintImpulse, from, at + 10);
  constraintImpulse.angle = from[at + 12] as number;
  moving.angle = from[at + 13] as number;
  moving.anglePrev = from[at + 14] as number;
  moving.angularVelocity = from[at + 15] as number;
  moving.speed = from[at + 16] as number;
  moving.angularSpeed = from[at + 17] as number;
  moving.torque = from[at + 18] as number;
  moving.deltaTime = from[at + 19] as number;
  let next = loadOutline(moving, from, at + wholeCount);
  for (let i = 1; i < parts.length; i++) {
    const part = parts[i] as Moving;
    loadVector(part.position, from, next);
    part.angle = from[next + 2] as number;
    next = loadOutline(part, from, next + poseCount);
  }
  return next;
}

function saveOutline({ bounds, vertices, axes }: Moving, to: Float64Array, at: number): number {
  to[at] = bounds.min.x;
  to[at + 1] = bounds.min.y;
  to[at + 2] = bounds.max.x;
  to[at + 3] = bounds.max.y;
  return saveVectors(axes, to, saveVectors(vertices, to, at + 4));
}

function loadOutline({ bounds, vertices, axes }: Moving, from: Float64Array, at: number): number {
  loadVector(bounds.min, from, at);
  loadVector(bounds.max, from, at + 2);
  return loadVectors(axes, from, loadVectors(vertices, from, at + 4));
}

function saveVectors(vectors: readonly Matter.Vector[], to: Float64Array, at: number): number {
  let next = at;
  for (let i = 0; i < vectors.length; i++, next += 2) {
    const vector = vectors[i] as Matter.Vector;
    to[next] = vector.x;
    to[next + 1] = vector.y;
  }
  return next;
}

function loadVectors(vectors: readonly Matter.Vector[], from: Float64Array, at: number): number {
  let next = at;
  for (let i = 0; i < vectors.length; i++, next += 2) loadVector(vectors[i] as Matter.Vector, from, next);
  return next;
}

function loadVector(vector: Matter.Vector, from: Float64Array, at: number): void {
  vector.x = from[at] as number;
  vector.y = from[at + 1] as number;
}
