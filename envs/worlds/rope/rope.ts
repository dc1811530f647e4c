/**
 * `rope`: a rope lies on a table seen from above, tied to it at one end. A handle drags the other end past and around
 * three fixed pegs until the rope lies in the shape of the goal: a deformable body, after the rope tasks of
 * DeformableRavens (Seita et al. 2021, arXiv 2012.03385) and SoftGym (Lin et al. 2020, arXiv 2011.07215).
 *
 * The action is the handle's velocity. The table brakes the links so strongly that they stop with the handle: the state
 * is where they lie, and one frame shows all of it. Links don't collide with each other, so the rope can lie on itself;
 * they never pass a peg, so it matters on which side of a peg the rope is.
 */
import Matter from 'matter-js';
import type { Quantity, WorldSpec } from '../../../shared/world.ts';
import { driveWithin } from '../../matter/driveWithin.ts';
import type { MatterRules, Parts } from '../../matter/matterRules.ts';
import { defineMatterWorld } from '../../matter/matterWorld.ts';
import { RopeBehaviour } from './ropeBehaviour.ts';
import {
  anchor,
  arenaSize,
  chainOf,
  labels,
  linkCount,
  meanLinkDistance,
  pegs,
  quantityNames,
  type RopeSizes,
  spacing,
} from './ropeGeometry.ts';
import { colors, handleRadius, ropeScene } from './ropeScene.ts';
import { RopeSolver } from './ropeSolver.ts';
import { ropeStart, ropeTask } from './ropeTask.ts';
import { crossesPeg, wayLengths } from './ropeWinding.ts';

/** How near its shape the rope must lie: mean distance of the links in units; `strict` halves it. */
const tolerance = 14;

/** Mass of the handle, beside 1 of a link: heavy, so that the rope follows it and hardly holds it back. */
const handleMass = 10;

/** Mean way of the links, in units, from which on the distance grows by its logarithm. */
const distanceScale = 3;

/** What links collide with: pegs alone. */
const linkFilter = { category: 2, mask: 1 };

const spec: WorldSpec = {
  id: 'rope',
  version: 1,
  title: 'Rope',
  description: 'The free end of a rope is dragged around pegs until the rope lies in a goal shape.',
  action: { kind: 'box', low: [-1, -1], high: [1, 1] },
  arena: { width: arenaSize, height: arenaSize },
  stepSeconds: 4 / 60,
  subSteps: 4,
  budget: 60,
  quantities: Object.fromEntries(
    quantityNames.flat().map((name): [string, Quantity] => [name, { unit: 'units', kind: 'position' }]),
  ),
  objects: [
    { name: 'root', color: colors.root },
    { name: 'tip', color: colors.tip },
    { name: 'handle', color: colors.handle },
  ],
  background: '#ffffff',
  factors: {
    linkRadius: { kind: 'number', default: 8, low: 7, high: 9.5, unit: 'units', hidden: false },
    pegRadius: { kind: 'number', default: 14, low: 10, high: 18, unit: 'units', hidden: false },
    handleSpeed: { kind: 'number', default: 6, low: 4, high: 8, unit: 'units/update', hidden: true },
    linkMass: { kind: 'number', default: 1, low: 0.3, high: 3, unit: 'mass', hidden: true },
    airFriction: { kind: 'number', default: 0.7, low: 0.4, high: 1, unit: '1/update', hidden: true },
    rootColor: { kind: 'color', object: 'root', default: colors.root, choices: ['#0057b8', '#00a878', '#00b4d8'] },
    tipColor: { kind: 'color', object: 'tip', default: colors.tip, choices: ['#ffd60a', '#b5c900', '#f4a900'] },
    handleColor: {
      kind: 'color',
      object: 'handle',
      default: colors.handle,
      choices: ['#8f00c7', '#e01e37', '#f72585'],
    },
    backgroundColor: {
      kind: 'color',
      object: 'background',
      default: '#ffffff',
      choices: ['#f1e9da', '#e3eaf2', '#e4f0e0'],
    },
  },
};

function rulesFor(numbers: Readonly<Record<string, number>>): MatterRules {
  const { linkRadius = 8, pegRadius = 14, handleSpeed = 6, linkMass = 1, airFriction = 0.7 } = numbers;
  const sizes = { linkRadius, pegRadius };
  const solver = new RopeSolver({ ...sizes, linkMass, handleMass });
  return {
    build: () => buildRope(sizes, linkMass, airFriction),

    start: (random) => ropeStart(random, sizes),

    poses(state) {
      const chain = chainOf(state);
      return Object.fromEntries(labels.map((label, i) => [label, { ...(chain[i + 1] ?? anchor), angle: 0 }]));
    },

    read(bodies) {
      const state: Record<string, number> = {};
      for (let i = 0; i < linkCount; i++) {
        const { x, y } = bodies(labels[i] as string).position;
        const [nameX, nameY] = quantityNames[i] as readonly [string, string];
        state[nameX] = x;
        state[nameY] = y;
      }
      return state;
    },

    drive(bodies, [x = 0, y = 0]) {
      driveWithin(bodies('handle'), { x: x * handleSpeed, y: y * handleSpeed }, spec.arena, handleRadius);
    },

    settle(bodies, before) {
      for (let i = 0; i < linkCount; i++) {
        const { x, y } = bodies(labels[i] as string).position;
        solver.x[i + 1] = x;
        solver.y[i + 1] = y;
      }
      solver.relax();
      for (let i = 0; i < linkCount; i++) {
        const place = { x: solver.x[i + 1] as number, y: solver.y[i + 1] as number };
        Matter.Body.setPosition(bodies(labels[i] as string), place);
      }
      // Where the handle presses into a tight turn there is no room for all promises: the rope rather stays as it lay.
      const lay = chainOf(before);
      if (!crossesPeg(lay, chainOf(this.read(bodies)))) return;
      for (const [i, label] of labels.entries()) Matter.Body.setPosition(bodies(label), lay[i + 1] ?? anchor);
    },

    scene: ropeScene(sizes),

    achieved: (state, goal, strict) => meanLinkDistance(state, goal) <= (strict ? tolerance / 2 : tolerance),

    /**
     * The links' mean way to their places, around the pegs. Far from the goal only its logarithm counts: the last units
     * of a slack rope often ask for a detour of the handle, which a sum of plain ways would never be worth.
     */
    distance(state, goal) {
      const lengths = wayLengths(chainOf(state), chainOf(goal), linkRadius + pegRadius);
      const mean = lengths.reduce((sum, length) => sum + length, 0) / linkCount;
      return distanceScale * Math.log(1 + mean / distanceScale);
    },

    behaviour: (random) => new RopeBehaviour(random),

    task: (seed, difficulty, rehearsal) => ropeTask(seed, difficulty, rehearsal, sizes).task,
  };
}

/** The pegs, and the links tied to each other from the anchor to the handle; nothing spins. */
function buildRope({ linkRadius, pegRadius }: RopeSizes, linkMass: number, airFriction: number): Parts {
  const smooth = { friction: 0, frictionStatic: 0 };
  const posts = pegs.map(({ x, y }, i) =>
    Matter.Bodies.circle(x, y, pegRadius, { ...smooth, label: `peg${i + 1}`, isStatic: true }),
  );
  const links = labels.map((label) => {
    const isHandle = label === 'handle';
    const frictionAir = isHandle ? 0 : airFriction;
    const link = Matter.Bodies.circle(0, 0, linkRadius, { ...smooth, label, frictionAir, collisionFilter: linkFilter });
    Matter.Body.setMass(link, isHandle ? handleMass : linkMass);
    Matter.Body.setInertia(link, Number.POSITIVE_INFINITY);
    return link;
  });
  const constraints = links.map((bodyB, i) => {
    const bodyA = links[i - 1];
    const nearEnd = bodyA ? { bodyA } : { pointA: { ...anchor } };
    return Matter.Constraint.create({ ...nearEnd, bodyB, length: spacing, stiffness: 1 });
  });
  return { bodies: [...posts, ...links], constraints };
}

export default defineMatterWorld(spec, rulesFor);
