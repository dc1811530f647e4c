/**
 * `puck`: a table seen from above, between four cushions. A round mallet strikes a puck that glides with little
 * friction and rebounds, until the puck lies still in the goal zone: a disc around its place in the goal. The zone is
 * not drawn, since the goal's frame says where it is.
 *
 * The action is the mallet's velocity; the mallet goes anywhere inside the cushions. A stroke must be aimed and
 * weighed, since the puck glides on for a dozen steps, and where the mallet cannot get behind the puck, it takes a
 * rebound or a second stroke. Matter moves both bodies and brakes the puck; `glide.ts` makes them collide.
 */
import Matter from 'matter-js';
import type { PolygonShape, Scene } from '../../../shared/scene.ts';
import type { State, WorldSpec } from '../../../shared/world.ts';
import type { MatterRules } from '../../matter/matterRules.ts';
import { defineMatterWorld } from '../../matter/matterWorld.ts';
import { glide } from './glide.ts';
import { PuckBehaviour } from './puckBehaviour.ts';
import { puckDistance } from './puckDistance.ts';
import {
  arenaSize,
  cushion,
  distanceBetween,
  malletOf,
  malletRadius,
  malletSpeed,
  type PuckProperties,
  puckOf,
  subSteps,
  usualPuck,
  velocityOf,
} from './puckTable.ts';
import { puckStart, puckTask } from './puckTask.ts';

/** Radius of the goal zone, in units, and units per update that pass for lying still; `strict` halves both. */
const tolerance = { units: 48, speed: 2 };

/**
 * Far from each other as differences from the white background, so that a linear un-mixing tells them apart at edges
 * too.
 */
const colors = { mallet: '#d6006c', puck: '#0096c7', cushion: '#3c4450' };

const spec: WorldSpec = {
  id: 'puck',
  version: 1,
  title: 'Puck',
  description: 'A mallet strikes a gliding puck, off the cushions if need be, into a goal zone.',
  action: { kind: 'box', low: [-1, -1], high: [1, 1] },
  arena: { width: arenaSize, height: arenaSize },
  stepSeconds: subSteps / 60,
  subSteps,
  budget: 50,
  quantities: {
    malletX: { unit: 'units', kind: 'position' },
    malletY: { unit: 'units', kind: 'position' },
    puckX: { unit: 'units', kind: 'position' },
    puckY: { unit: 'units', kind: 'position' },
    puckVelocityX: { unit: 'units/update', kind: 'velocity' },
    puckVelocityY: { unit: 'units/update', kind: 'velocity' },
  },
  objects: [
    { name: 'mallet', color: colors.mallet },
    { name: 'puck', color: colors.puck },
  ],
  background: '#ffffff',
  factors: {
    puckRadius: { kind: 'number', default: usualPuck.radius, low: 17, high: 26, unit: 'units', hidden: false },
    puckMass: { kind: 'number', default: usualPuck.mass, low: 0.5, high: 2, unit: 'units of mass', hidden: true },
    restitution: { kind: 'number', default: usualPuck.restitution, low: 0.6, high: 0.98, unit: '1', hidden: true },
    airFriction: {
      kind: 'number',
      default: usualPuck.airFriction,
      low: 0.03,
      high: 0.06,
      unit: '1/update',
      hidden: true,
    },
    malletColor: {
      kind: 'color',
      object: 'mallet',
      default: colors.mallet,
      choices: ['#d6006c', '#d62700', '#a100d6'],
    },
    puckColor: { kind: 'color', object: 'puck', default: colors.puck, choices: ['#0096c7', '#00a651', '#005cd6'] },
    backgroundColor: {
      kind: 'color',
      object: 'background',
      default: '#ffffff',
      choices: ['#ffffff', '#f3efe4', '#e4eef3'],
    },
  },
};

/** The rules for a puck of the given properties. */
function rulesFor(properties: PuckProperties): MatterRules {
  return {
    build: () => ({
      bodies: [disc('mallet', malletRadius, 0), disc('puck', properties.radius, properties.airFriction)],
    }),

    start: (random) => puckStart(random, properties),

    poses: (state) => ({
      mallet: { ...malletOf(state), angle: 0 },
      puck: { ...puckOf(state), angle: 0, velocity: velocityOf(state) },
    }),

    read(bodies) {
      const { position: mallet } = bodies('mallet');
      const { position: puck, velocity } = bodies('puck');
      return {
        malletX: mallet.x,
        malletY: mallet.y,
        puckX: puck.x,
        puckY: puck.y,
        puckVelocityX: velocity.x,
        puckVelocityY: velocity.y,
      };
    },

    drive(bodies, [x = 0, y = 0]) {
      Matter.Body.setVelocity(bodies('mallet'), { x: x * malletSpeed, y: y * malletSpeed });
    },

    settle(bodies) {
      const [mallet, puck] = [bodies('mallet'), bodies('puck')];
      const after = glide({ mallet: lastMove(mallet), puck: lastMove(puck) }, properties);
      if (after.impacts === 0) return;
      Matter.Body.setPosition(mallet, after.mallet.place);
      Matter.Body.setPosition(puck, after.puck.place);
      Matter.Body.setVelocity(puck, after.puck.velocity);
    },

    scene: (state) => sceneOf(state, properties),

    achieved(state, goal, strict) {
      const share = strict ? 0.5 : 1;
      const speed = distanceBetween(velocityOf(state), velocityOf(goal));
      return (
        distanceBetween(puckOf(state), puckOf(goal)) <= tolerance.units * share && speed <= tolerance.speed * share
      );
    },

    distance: (state, goal) => puckDistance(state, goal, properties),

    behaviour: (random) => new PuckBehaviour(random, properties),

    task: (seed, difficulty, rehearsal) => puckTask(seed, difficulty, rehearsal, properties),
  };
}

/** A body that meets nothing by matter's rules. */
function disc(label: string, radius: number, frictionAir: number): Matter.Body {
  return Matter.Bodies.circle(0, 0, radius, { label, frictionAir, collisionFilter: { mask: 0 } });
}

/** Where the last update found the body, and how far it moved it. */
function lastMove({ position, positionPrev }: Matter.Body & { readonly positionPrev?: Matter.Vector }) {
  const place = positionPrev ?? position;
  return { place, velocity: { x: position.x - place.x, y: position.y - place.y } };
}

const [half, inner] = [arenaSize / 2, cushion / 2];

const cushionShapes: readonly PolygonShape[] = [
  { name: 'left cushion', x: inner, y: half, width: cushion, height: arenaSize },
  { name: 'right cushion', x: arenaSize - inner, y: half, width: cushion, height: arenaSize },
  { name: 'top cushion', x: half, y: inner, width: arenaSize, height: cushion },
  { name: 'bottom cushion', x: half, y: arenaSize - inner, width: arenaSize, height: cushion },
].map(({ name, x, y, width, height }) => ({
  kind: 'polygon',
  name,
  color: colors.cushion,
  fixed: true,
  pose: { x, y, angle: 0 },
  vertices: [
    { x: -width / 2, y: -height / 2 },
    { x: width / 2, y: -height / 2 },
    { x: width / 2, y: height / 2 },
    { x: -width / 2, y: height / 2 },
  ],
}));

function sceneOf(state: State, { radius }: PuckProperties): Scene {
  const [mallet, puck] = [
    { ...malletOf(state), angle: 0 },
    { ...puckOf(state), angle: 0 },
  ];
  return [
    ...cushionShapes,
    { kind: 'circle', name: 'puck', color: colors.puck, fixed: false, pose: puck, radius },
    { kind: 'circle', name: 'mallet', color: colors.mallet, fixed: false, pose: mallet, radius: malletRadius },
  ];
}

export default defineMatterWorld(spec, ({ puckRadius, puckMass, restitution, airFriction }) =>
  rulesFor({
    radius: puckRadius ?? usualPuck.radius,
    mass: puckMass ?? usualPuck.mass,
    restitution: restitution ?? usualPuck.restitution,
    airFriction: airFriction ?? usualPuck.airFriction,
  }),
);
