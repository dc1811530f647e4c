/**
 * Puts a matter-js body back as it was built, but elsewhere and, if asked for, in motion.
 *
 * A matter body is more than a pose: it is integrated by Verlet's rule from its previous position, its vertices and
 * axes are rotated step by step and never recomputed from the angle, and impulses of the last contacts are kept for
 * warm starting. Setting position and angle alone therefore gives a future that depends on the past. Here all of what a
 * physics update writes is remembered once, from the body as built, and written back before the new pose is set: two
 * bodies put to the same pose are equal to the bit, whatever happened to them.
 */
import Matter from 'matter-js';
import type { Placement } from './matterRules.ts';

/** Fields that `Engine.update` writes and that are plain numbers or flags. */
const scalars = [
  'angle',
  'anglePrev',
  'angularVelocity',
  'angularSpeed',
  'speed',
  'torque',
  'motion',
  'sleepCounter',
  'isSleeping',
  'deltaTime',
  'totalContacts',
] as const;

/** Fields that `Engine.update` writes and that are records of numbers. */
const records = ['position', 'positionPrev', 'velocity', 'force', 'positionImpulse', 'constraintImpulse'] as const;

type Numbers = Record<string, number>;
type Part = Record<string, unknown> & Pick<Matter.Body, 'vertices' | 'axes' | 'bounds'>;

interface PartMemory {
  readonly scalars: readonly unknown[];
  readonly records: readonly Numbers[];
  readonly vertices: readonly Matter.Vector[];
  readonly axes: readonly Matter.Vector[];
}

/** A movable body as it was built: its centre of mass at the origin, no velocity, no contact. */
export class RestPose {
  private readonly parts: readonly PartMemory[];

  /** Moves the body's centre of mass to the origin and remembers it there. */
  constructor(body: Matter.Body) {
    Matter.Body.setPosition(body, { x: 0, y: 0 });
    this.parts = partsOf(body).map(remember);
  }

  /** Puts the body, or a copy of it, at the placement as if it had just been built there. */
  put(body: Matter.Body, placement: Placement): void {
    partsOf(body).forEach((part, i) => {
      recall(this.parts[i] as PartMemory, part);
    });
    Matter.Body.setAngle(body, placement.angle);
    Matter.Body.setPosition(body, placement);
    setInMotion(body as MovingBody, placement);
  }
}

/** The fields by which Verlet's rule knows a velocity, which matter's types leave out. */
type MovingBody = { -readonly [Field in keyof Matter.Body]: Matter.Body[Field] } & {
  positionPrev: Matter.Vector;
  anglePrev: number;
};

/**
 * Matter's own setters compute the velocity anew from the two positions, rounded; written directly, the velocity read
 * back is the one given, to the bit.
 */
function setInMotion(body: MovingBody, { velocity, angularVelocity }: Placement): void {
  if (velocity) {
    Object.assign(body.positionPrev, { x: body.position.x - velocity.x, y: body.position.y - velocity.y });
    Object.assign(body.velocity, { x: velocity.x, y: velocity.y });
    body.speed = Math.hypot(velocity.x, velocity.y);
  }
  if (angularVelocity) {
    body.anglePrev = body.angle - angularVelocity;
    body.angularVelocity = angularVelocity;
    body.angularSpeed = Math.abs(angularVelocity);
  }
}

function partsOf(body: Matter.Body): readonly Part[] {
  return body.parts as unknown as readonly Part[];
}

function remember(part: Part): PartMemory {
  return {
    scalars: scalars.map((field) => part[field]),
    records: records.map((field) => ({ ...(part[field] as Numbers) })),
    vertices: part.vertices.map(({ x, y }) => ({ x, y })),
    axes: part.axes.map(({ x, y }) => ({ x, y })),
  };
}

function recall(memory: PartMemory, part: Part): void {
  scalars.forEach((field, i) => {
    part[field] = memory.scalars[i];
  });
  records.forEach((field, i) => {
    Object.assign(part[field] as Numbers, memory.records[i]);
  });
  copyPoints(memory.vertices, part.vertices);
  copyPoints(memory.axes, part.axes);
}

function copyPoints(from: readonly Matter.Vector[], to: readonly Matter.Vector[]): void {
  for (let i = 0; i < from.length; i++) {
    const source = from[i] as Matter.Vector;
    const target = to[i] as Matter.Vector;
    target.x = source.x;
    target.y = source.y;
  }
}
