/**
 * Random machines for the tests of snapshots: stacks that press and slide, chains and bridges of constraints, compound
 * bodies shoved about, fields of sensors, and boxes between plates whose order along the x axis is often a tie. Each
 * has something that drives it, and is a function of its kind and seed, so that it can be built again.
 *
 * `futureOf` records what a machine does: how every body moves and how far its corners reach, update after update.
 */
import Matter from 'matter-js';
import type { Bodies, Parts, Placement } from '../../envs/matter/matterRules.ts';
import { Random } from '../../shared/random.ts';

export const machineKinds = ['stack', 'chain', 'shove', 'sensors', 'plates'] as const;

export interface Machine {
  build(): Parts;
  readonly placements: Readonly<Record<string, Placement>>;
  /** Static bodies that are moved too. */
  readonly moved?: readonly string[];
  drive(bodies: Bodies, update: number): void;
  /** After an update: what it leaves pending is part of the state. */
  settle?(bodies: Bodies, update: number): void;
}

/** What can be stepped: a simulation, or the reference that it is compared with. */
export interface Stepped {
  body(label: string): Matter.Body;
  update(): void;
}

export function randomMachine(kind: (typeof machineKinds)[number], seed: number): Machine {
  const random = new Random(seed).fork(kind);
  return { stack, chain, shove, sensors, plates }[kind](random);
}

/** Boxes thrown onto each other between a floor and walls, then pulled to and fro. */
function stack(random: Random): Machine {
  const count = 3 + random.integer(5);
  const sizes = Array.from({ length: count }, () => ({
    width: random.uniform(20, 60),
    height: random.uniform(15, 40),
  }));
  const material = { restitution: random.uniform(0, 0.8), friction: random.uniform(0, 0.9), frictionAir: 0.01 };
  const gravity = random.uniform(0.1, 0.4);
  return {
    build: () => ({
      bodies: [
        ...walls(),
        ...sizes.map(({ width, height }, i) =>
          Matter.Bodies.rectangle(0, 0, width, height, { label: `box${i}`, ...material }),
        ),
      ],
      gravity,
    }),
    placements: Object.fromEntries(
      sizes.map((_, i) => [`box${i}`, thrown(random, 100 + random.uniform(-25, 25), 165 - 30 * i, 2)]),
    ),
    drive(bodies, update) {
      const body = bodies(`box${update % count}`);
      Matter.Body.applyForce(body, body.position, { x: 0.002 * body.mass * Math.sin(update / 9), y: 0 });
    },
  };
}

/** Discs tied in a row, hung from the world at one end or both, over a peg. */
function chain(random: Random): Machine {
  const count = 4 + random.integer(5);
  const stiffness = random.choice([1, 0.7, 0.1]);
  const damping = random.choice([0, 0.1]);
  const isBridge = random.chance(0.5);
  const hold = (x: number) => ({ x: random.uniform(-4, 4) + x, y: 40 });
  const [left, right] = [hold(40), hold(160)];
  const grips = Array.from({ length: count }, () => ({ x: random.uniform(-4, 4), y: random.uniform(-4, 4) }));
  const isSquare = random.chance(0.5);
  return {
    build() {
      const links = grips.map((_, i) => {
        const options = { label: `link${i}`, frictionAir: 0.005, collisionFilter: { group: i % 2 === 0 ? -1 : 0 } };
        return isSquare ? Matter.Bodies.rectangle(0, 0, 14, 9, options) : Matter.Bodies.circle(0, 0, 6, options);
      });
      const ties = links.slice(1).map((bodyB, i) => {
        const bodyA = links[i] as Matter.Body;
        const [pointA, pointB] = [{ ...(grips[i] as Matter.Vector) }, { ...(grips[i + 1] as Matter.Vector) }];
        return Matter.Constraint.create({ bodyA, bodyB, pointA, pointB, length: 16, stiffness, damping });
      });
      const hooks = [
        Matter.Constraint.create({ pointA: { ...left }, bodyB: links[0] as Matter.Body, length: 5, stiffness: 0.9 }),
      ];
      if (isBridge) {
        const last = links.at(-1) as Matter.Body;
        hooks.push(Matter.Constraint.create({ bodyA: last, pointB: { ...right }, length: 5, stiffness: 0.9 }));
      }
      const peg = Matter.Bodies.circle(90, 90, 20, { label: 'peg', isStatic: true });
      return { bodies: [peg, ...links], constraints: [...hooks, ...ties], gravity: 0.2 };
    },
    placements: Object.fromEntries(grips.map((_, i) => [`link${i}`, thrown(random, 40 + 16 * i, 48, 1)])),
    drive() {},
    settle(bodies, update) {
      const body = bodies(`link${count >> 1}`);
      const { x, y } = body.position;
      Matter.Body.applyForce(body, { x: x + 1, y }, { x: 0, y: 0.0004 * body.mass * Math.cos(update / 11) });
    },
  };
}

/** Compound bodies chased by a heavy disc whose velocity is set, as in `push-t`. */
function shove(random: Random): Machine {
  const count = 1 + random.integer(3);
  const frictionAir = random.uniform(0.02, 0.4);
  const friction = random.uniform(0, 0.8);
  const shapes = Array.from({ length: count }, () => [random.uniform(30, 60), random.uniform(20, 50)] as const);
  return {
    build() {
      const blocks = shapes.map(([width, height], i) =>
        Matter.Body.create({
          label: `block${i}`,
          parts: [Matter.Bodies.rectangle(0, 0, width, 12), Matter.Bodies.rectangle(0, height / 2, 12, height)],
          frictionAir,
          friction,
        }),
      );
      const pusher = Matter.Bodies.circle(0, 0, 8, { label: 'pusher', mass: 3, inertia: Number.POSITIVE_INFINITY });
      return { bodies: [...walls(), ...blocks, pusher] };
    },
    placements: {
      ...Object.fromEntries(shapes.map((_, i) => [`block${i}`, thrown(random, 60 + 45 * i, 100, 1)])),
      pusher: thrown(random, 100, 30, 0),
    },
    drive(bodies, update) {
      const pusher = bodies('pusher');
      const target = bodies(`block${Math.floor(update / 40) % count}`).position;
      const heading = Math.atan2(target.y - pusher.position.y, target.x - pusher.position.x) + Math.sin(update / 7);
      Matter.Body.setVelocity(pusher, { x: 5 * Math.cos(heading), y: 5 * Math.sin(heading) });
    },
  };
}

/** Elastic discs, one slow in time, that fly through sensors, still and moving, past a static paddle that is turned. */
function sensors(random: Random): Machine {
  const count = 3 + random.integer(4);
  const spin = random.uniform(-0.1, 0.1);
  return {
    build: () => ({
      bodies: [
        ...walls(),
        Matter.Bodies.rectangle(100, 150, 120, 30, { label: 'field', isStatic: true, isSensor: true }),
        Matter.Bodies.rectangle(100, 90, 80, 12, { label: 'paddle', isStatic: true }),
        ...Array.from({ length: count }, (_, i) =>
          Matter.Bodies.circle(0, 0, 7 + i, {
            label: `disc${i}`,
            restitution: 0.9,
            frictionAir: 0,
            isSensor: i === 1,
            timeScale: i === 0 ? 0.5 : 1,
          }),
        ),
      ],
      gravity: 0.05,
    }),
    placements: Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`disc${i}`, thrown(random, 45 + 22 * i, 45, 4)]),
    ),
    moved: ['paddle'],
    drive(bodies) {
      Matter.Body.rotate(bodies('paddle'), spin);
    },
  };
}

/** Boxes that two static plates pinch whenever one, which comes from either side, is exactly above the other. */
function plates(random: Random): Machine {
  const count = 2 + random.integer(3);
  const friction = random.uniform(0.1, 0.9);
  return {
    build: () => ({
      bodies: [
        Matter.Bodies.rectangle(100, 80, 120, 20, { label: 'upper', isStatic: true }),
        Matter.Bodies.rectangle(100, 120, 120, 20, { label: 'lower', isStatic: true }),
        ...Array.from({ length: count }, (_, i) =>
          Matter.Bodies.rectangle(0, 0, 16, 22, { label: `box${i}`, friction }),
        ),
      ],
      gravity: 0.1,
    }),
    placements: Object.fromEntries(
      Array.from({ length: count }, (_, i) => [
        `box${i}`,
        { ...thrown(random, 65 + 25 * i, 100, 1), angle: random.uniform(-0.2, 0.2) },
      ]),
    ),
    moved: ['upper', 'lower'],
    drive(bodies, update) {
      const shift = [0, 2, 0, -2][update % 4] ?? 0;
      Matter.Body.setPosition(bodies('upper'), { x: 100 + shift, y: 80 - 6 * Math.abs(shift) });
      Matter.Body.setPosition(bodies('lower'), { x: 100, y: 120 + 6 * Math.abs(shift) });
    },
  };
}

/** Somewhere near the point, moving and turning at random. */
function thrown(random: Random, x: number, y: number, speed: number): Placement {
  return {
    x: x + random.uniform(-3, 3),
    y: y + random.uniform(-3, 3),
    angle: random.uniform(-1, 1),
    velocity: { x: random.uniform(-speed, speed), y: random.uniform(-speed, speed) },
    angularVelocity: random.uniform(-0.05, 0.05) * speed,
  };
}

function walls(): Matter.Body[] {
  const wall = (label: string, x: number, y: number, width: number, height: number) =>
    Matter.Bodies.rectangle(x, y, width, height, { label, isStatic: true });
  return [
    wall('floor', 100, 240, 400, 100),
    wall('ceiling', 100, -40, 400, 100),
    wall('left wall', -50, 100, 100, 400),
    wall('right wall', 250, 100, 100, 400),
  ];
}

/** Pose, velocity and bounds of all bodies that move, now and after each of the updates, driven from `from` on. */
export function futureOf(stepped: Stepped, machine: Machine, from: number, updates: number): Float64Array {
  const labels = [...Object.keys(machine.placements), ...(machine.moved ?? [])];
  const bodyOf = (label: string) => stepped.body(label);
  const numbers: number[] = [];
  const record = () => {
    for (const label of labels) pushNumbers(stepped.body(label), numbers);
  };
  record();
  for (let update = from; update < from + updates; update++) {
    machine.drive(bodyOf, update);
    stepped.update();
    machine.settle?.(bodyOf, update);
    record();
  }
  return Float64Array.from(numbers);
}

function pushNumbers(body: Matter.Body, to: number[]): void {
  const { position, velocity, angle, angularVelocity, bounds } = body;
  to.push(position.x, position.y, velocity.x, velocity.y, angle, angularVelocity, body.speed, body.angularSpeed);
  to.push(bounds.min.x, bounds.min.y, bounds.max.x, bounds.max.y);
}
