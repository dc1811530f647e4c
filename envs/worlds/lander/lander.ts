/**
 * `lander`: a craft seen from the side, with gravity, one engine and turning thrusters, lands upright on a pad whose
 * place differs from episode to episode (the task of Gymnasium's Lunar Lander, on flat ground and with a goal that is a
 * picture).
 *
 * The first number of an action is the main engine, off at -1 and full at 1; the second turns the craft, clockwise when
 * positive. Nothing breaks: a craft that comes down askew tips over, lies there, and may right itself and take off
 * again. The walls and the ceiling stand at the edges of the picture.
 */
import Matter from 'matter-js';
import type { State, WorldSpec } from '../../../shared/world.ts';
import { wrapAngle } from '../../angle.ts';
import type { MatterRules } from '../../matter/matterRules.ts';
import { defineMatterWorld } from '../../matter/matterWorld.ts';
import { LanderBehaviour } from './landerBehaviour.ts';
import { arenaSize, type CraftShape, craftShape, groundY, padDepth } from './landerGeometry.ts';
import { hasLanded, landingDistance } from './landerGoal.ts';
import { airDrag, fire, type LanderPhysics, rub, updatesPerStep, weigh } from './landerPhysics.ts';
import { colors, shapesOf } from './landerScene.ts';
import { landerStart, landerTask } from './landerTask.ts';

/** Thicker than anything can sink into within one update, since matter has no continuous collision detection. */
const wallThickness = 200;

const spec: WorldSpec = {
  id: 'lander',
  version: 1,
  title: 'Lander',
  description: 'A craft with one engine and turning thrusters lands upright on a pad.',
  action: { kind: 'box', low: [-1, -1], high: [1, 1] },
  controls: {
    rest: { label: 'engine off', action: [-1, 0] },
    up: { label: 'engine', action: [1, 0] },
    left: { label: 'turn left', action: [-1, -1] },
    right: { label: 'turn right', action: [-1, 1] },
  },
  arena: { width: arenaSize, height: arenaSize },
  stepSeconds: updatesPerStep / 60,
  subSteps: updatesPerStep,
  budget: 60,
  quantities: {
    landerX: { unit: 'units', kind: 'position' },
    landerY: { unit: 'units', kind: 'position' },
    landerAngle: { unit: 'rad', kind: 'angle' },
    landerVelocityX: { unit: 'units/update', kind: 'velocity' },
    landerVelocityY: { unit: 'units/update', kind: 'velocity' },
    landerSpin: { unit: 'rad/update', kind: 'velocity' },
    padX: { unit: 'units', kind: 'position' },
  },
  objects: [
    { name: 'hull', color: colors.hull },
    { name: 'legs', color: colors.legs },
    { name: 'pad', color: colors.pad },
  ],
  background: '#ffffff',
  factors: {
    gravity: { kind: 'number', default: 0.05, low: 0.04, high: 0.06, unit: 'units/update²', hidden: true },
    thrust: { kind: 'number', default: 0.11, low: 0.1, high: 0.13, unit: 'mass × units/update²', hidden: true },
    mass: { kind: 'number', default: 1, low: 0.85, high: 1.15, unit: 'mass', hidden: true },
    wind: { kind: 'number', default: 0, low: -1, high: 1, unit: 'units/update', hidden: true },
    craftSize: { kind: 'number', default: 1, low: 0.9, high: 1.2, unit: 'times the usual', hidden: false },
    padWidth: { kind: 'number', default: 112, low: 88, high: 140, unit: 'units', hidden: false },
    hullColor: { kind: 'color', object: 'hull', default: colors.hull, choices: ['#d6006c', '#e0301e', '#8f1fc4'] },
    legsColor: { kind: 'color', object: 'legs', default: colors.legs, choices: ['#0096c7', '#1fa34a', '#0b5fd6'] },
    padColor: { kind: 'color', object: 'pad', default: colors.pad, choices: ['#ffb703', '#f2e205', '#a6d608'] },
    backgroundColor: {
      kind: 'color',
      object: 'background',
      default: '#ffffff',
      choices: ['#ffffff', '#f6e9ee', '#e9f0f8', '#eef6e6'],
    },
  },
};

function rulesFor(numbers: Readonly<Record<string, number>>): MatterRules {
  const { gravity = 0, thrust = 0, mass = 1, wind = 0, craftSize = 1, padWidth = 0 } = numbers;
  const physics: LanderPhysics = { gravity, thrust, mass, wind };
  const shape = craftShape(craftSize);
  const standingY = groundY - shape.standingHeight;
  return {
    build: () => ({ bodies: [...buildWalls(), buildPad(padWidth), buildCraft(shape, physics, craftSize)], gravity }),

    start: (random) => landerStart(random, standingY),

    poses: ({ landerX = 0, landerY = 0, landerAngle = 0, landerSpin = 0, padX = 0, ...rest }) => ({
      pad: { x: padX, y: groundY + padDepth / 2, angle: 0 },
      craft: {
        x: landerX,
        y: landerY,
        angle: landerAngle,
        velocity: { x: rest.landerVelocityX ?? 0, y: rest.landerVelocityY ?? 0 },
        angularVelocity: landerSpin,
      },
    }),

    read(bodies): State {
      const { position, velocity, angle, angularVelocity } = bodies('craft');
      return {
        landerX: position.x,
        landerY: position.y,
        landerAngle: wrapAngle(angle),
        landerVelocityX: velocity.x,
        landerVelocityY: velocity.y,
        landerSpin: angularVelocity,
        padX: bodies('pad').position.x,
      };
    },

    drive(bodies, [main = -1, turn = 0]) {
      fire(bodies('craft'), physics, main, turn);
      rub(bodies('craft'), physics);
    },

    scene: (state) => shapesOf(state, shape, padWidth),

    achieved: (state, goal, strict) => hasLanded(state, goal, padWidth, strict),

    distance: landingDistance,

    behaviour: (random) => new LanderBehaviour(random, physics, standingY),

    task: (seed, difficulty, rehearsal) => landerTask(seed, difficulty, rehearsal, physics, standingY),
  };
}

function buildWalls(): Matter.Body[] {
  const middle = arenaSize / 2;
  const outside = wallThickness / 2;
  const length = arenaSize + 2 * wallThickness;
  const wall = (label: string, x: number, y: number, width: number, height: number) =>
    Matter.Bodies.rectangle(x, y, width, height, { label, isStatic: true });
  return [
    wall('left', -outside, middle, wallThickness, length),
    wall('right', arenaSize + outside, middle, wallThickness, length),
    wall('ceiling', middle, -outside, length, wallThickness),
    wall('ground', middle, groundY + outside, length, wallThickness),
  ];
}

/** A body only so that the state can move it: nothing touches it. */
function buildPad(width: number): Matter.Body {
  return Matter.Bodies.rectangle(0, 0, width, padDepth, {
    label: 'pad',
    isStatic: true,
    isSensor: true,
    collisionFilter: { mask: 0 },
  });
}

function buildCraft({ outline }: CraftShape, physics: LanderPhysics, size: number): Matter.Body {
  const vertices = outline.map(({ x, y }) => Matter.Vector.create(x, y));
  const craft = Matter.Body.create({ label: 'craft', vertices, friction: 0, frictionAir: airDrag });
  weigh(craft, physics, size);
  return craft;
}

export default defineMatterWorld(spec, rulesFor);
