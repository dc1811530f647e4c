/**
 * `cart-pole`: a cart on a rail swings its pole up from any angle and holds it upright at a place that the goal shows;
 * the swing-up of Barto, Sutton and Anderson's cart and pole (1983). The action is the force of the cart's motor, too
 * weak to lift a hanging pole at one go. Cart and pole are matter-js bodies without contacts.
 *
 * Matter's own constraints pin softly: a pole dropped from level loses half its swing within two periods. Here the
 * pin's force on cart and pole follows from the equations of motion and is applied to both before every update; matter
 * integrates; and what its rule leaves open, less than a unit between the pin and the pole, is put right after
 * it. The four quantities are all that is left then: going on from a placed state is going on, to the bit.
 */
import Matter from 'matter-js';
import type { WorldSpec } from '../../../shared/world.ts';
import type { MatterRules, Placement } from '../../matter/matterRules.ts';
import { defineMatterWorld } from '../../matter/matterWorld.ts';
import { placeBody } from '../../matter/placeBody.ts';
import { UPDATE_MILLISECONDS } from '../../matter/simulation.ts';
import { CartPoleBehaviour } from './cartPoleBehaviour.ts';
import { createCartPoleDistance } from './cartPoleDistance.ts';
import { arenaSize, cartPoleScene, cartSize, colors, onPole, poleWidth } from './cartPoleGeometry.ts';
import {
  accelerations,
  type CartPoleBody,
  cartPoleBody,
  type Motion,
  midway,
  motionOf,
  rail,
  stopped,
} from './cartPolePhysics.ts';
import { CartPoleSearch } from './cartPoleSearch.ts';
import { cartPoleStart, cartPoleTask, isAchieved } from './cartPoleTask.ts';

const subSteps = 5;

const spec: WorldSpec = {
  id: 'cart-pole',
  version: 1,
  title: 'Cart and pole',
  description: 'A cart on a rail swings its pole up and holds it upright at a goal place.',
  action: { kind: 'box', low: [-1], high: [1] },
  arena: { width: arenaSize, height: arenaSize },
  stepSeconds: subSteps / 60,
  subSteps,
  budget: 60,
  quantities: {
    cartX: { unit: 'units', kind: 'position' },
    cartVelocity: { unit: 'units/update', kind: 'velocity' },
    poleAngle: { unit: 'rad', kind: 'angle' },
    poleVelocity: { unit: 'rad/update', kind: 'velocity' },
  },
  objects: [
    { name: 'cart', color: colors.cart },
    { name: 'pole', color: colors.pole },
    { name: 'bob', color: colors.bob },
  ],
  background: '#ffffff',
  factors: {
    poleLength: { kind: 'number', default: 64, low: 54, high: 70, unit: 'units', hidden: false },
    bobMass: { kind: 'number', default: 0.2, low: 0.1, high: 0.4, unit: 'carts', hidden: true },
    gravity: { kind: 'number', default: 0.24, low: 0.18, high: 0.32, unit: 'units/update²', hidden: true },
    motorForce: { kind: 'number', default: 0.2, low: 0.16, high: 0.28, unit: 'carts·units/update²', hidden: true },
    railFriction: { kind: 'number', default: 0.01, low: 0, high: 0.03, unit: 'carts/update', hidden: true },
    cartColor: {
      kind: 'color',
      object: 'cart',
      default: colors.cart,
      choices: [colors.cart, '#8a2be2', '#d00000', '#b5179e'],
    },
    poleColor: {
      kind: 'color',
      object: 'pole',
      default: colors.pole,
      choices: [colors.pole, '#2a9d3a', '#1d4ed8', '#008b8b'],
    },
    bobColor: {
      kind: 'color',
      object: 'bob',
      default: colors.bob,
      choices: [colors.bob, '#ffd60a', '#ff8c00', '#c0d800'],
    },
    backgroundColor: {
      kind: 'color',
      object: 'background',
      default: '#ffffff',
      choices: ['#ffffff', '#fff3dc', '#e6f2ff', '#e9ffe6'],
    },
  },
};

function rulesFor(numbers: Readonly<Record<string, number>>): MatterRules {
  const { poleLength = 0, bobMass = 0, gravity = 0, motorForce = 0, railFriction = 0 } = numbers;
  const body = cartPoleBody({ poleLength, bobMass, gravity, motorForce, railFriction });
  const distance = createCartPoleDistance(body, subSteps);
  return {
    build: () => ({ bodies: [buildCart(body), buildPole(body)], gravity }),
    start: (random) => ({ ...cartPoleStart(random) }),
    poses: (state) => placementsOf(body, motionOf(state)),
    read: (bodies) => ({ ...motionFrom(bodies('cart'), bodies('pole')) }),
    drive: (bodies, [action = 0]) => applyForces(body, bodies('cart'), bodies('pole'), action),
    settle(bodies) {
      const [cart, pole] = [bodies('cart'), bodies('pole')];
      const placements = placementsOf(body, stopped(body, motionFrom(cart, pole)));
      putAt(cart, placements.cart);
      putAt(pole, placements.pole);
    },
    scene: (state) => cartPoleScene(motionOf(state), poleLength),
    achieved: (state, goal, strict) => isAchieved(motionOf(state), motionOf(goal), strict),
    distance: (state, goal) => distance(motionOf(state), motionOf(goal).cartX),
    behaviour: (random) =>
      new CartPoleBehaviour(random, new CartPoleSearch(random, { body, updates: subSteps, distance })),
    task: cartPoleTask,
  };
}

function motionFrom(cart: Matter.Body, pole: Matter.Body): Motion {
  return {
    cartX: cart.position.x,
    cartVelocity: cart.velocity.x,
    poleAngle: pole.angle,
    poleVelocity: pole.angularVelocity,
  };
}

/** The cart on the rail, and the pole's centre of mass where the pin holds it. */
function placementsOf({ centre }: CartPoleBody, motion: Motion): { cart: Placement; pole: Placement } {
  const { cartX, cartVelocity, poleAngle, poleVelocity } = motion;
  const turning = centre * poleVelocity;
  const velocity = { x: cartVelocity + turning * Math.cos(poleAngle), y: turning * Math.sin(poleAngle) };
  const { x, y } = onPole(motion, centre);
  return {
    cart: { x: cartX, y: rail.y, angle: 0, velocity: { x: cartVelocity, y: 0 }, angularVelocity: 0 },
    pole: { x, y, angle: poleAngle, velocity, angularVelocity: poleVelocity },
  };
}

/** The pin's force on both bodies, and on the cart the motor's, the friction and the carrying force of the rail. */
function applyForces(body: CartPoleBody, cart: Matter.Body, pole: Matter.Body, action: number): void {
  const { centre, poleMass, cartMass, gravity, motorForce, railFriction } = body;
  const motion = motionFrom(cart, pole);
  const acceleration = accelerations(body, motion, action);
  const { cartVelocity, poleVelocity, poleAngle } = midway(motion, acceleration);
  const sin = Math.sin(poleAngle);
  const cos = Math.cos(poleAngle);
  const pin = {
    x: poleMass * (acceleration.cart + centre * (acceleration.pole * cos - poleVelocity ** 2 * sin)),
    y: poleMass * (centre * (acceleration.pole * sin + poleVelocity ** 2 * cos) - gravity),
  };
  applyForce(pole, cart.position, pin);
  applyForce(cart, cart.position, {
    x: action * motorForce - railFriction * cartVelocity - pin.x,
    y: -cartMass * gravity,
  });
}

/** Applies a force given in units per update², which matter takes in units per millisecond². */
function applyForce(body: Matter.Body, at: Matter.Vector, { x, y }: Matter.Vector): void {
  const scale = UPDATE_MILLISECONDS ** -2;
  Matter.Body.applyForce(body, at, { x: x * scale, y: y * scale });
}

/** Places the body as a new one is placed: from the origin, where matter's setters don't round. */
function putAt(body: Matter.Body, placement: Placement): void {
  Matter.Body.setAngle(body, 0);
  Matter.Body.setPosition(body, { x: 0, y: 0 });
  placeBody(body, placement);
}

/** Neither body touches anything, and only what is applied brakes them. */
const untouched = { frictionAir: 0, collisionFilter: { mask: 0 } };

function buildCart({ cartMass }: CartPoleBody): Matter.Body {
  const cart = Matter.Bodies.rectangle(0, 0, cartSize.width, cartSize.height, { label: 'cart', ...untouched });
  Matter.Body.setMass(cart, cartMass);
  Matter.Body.setInertia(cart, Number.POSITIVE_INFINITY);
  return cart;
}

/** Rod and bob as one rigid body, with its centre of mass nearer the bob than the rod's middle. */
function buildPole({ poleLength, poleMass, centre, inertia }: CartPoleBody): Matter.Body {
  const pole = Matter.Bodies.rectangle(0, 0, poleWidth, poleLength, { label: 'pole', ...untouched });
  Matter.Body.setCentre(pole, { x: 0, y: poleLength / 2 - centre }, true);
  Matter.Body.setMass(pole, poleMass);
  Matter.Body.setInertia(pole, inertia - poleMass * centre ** 2);
  return pole;
}

export default defineMatterWorld(spec, rulesFor);
