/**
 * The plan of `cart-pole`, seen from the side: a level rail across the middle of the arena with a stop at either end,
 * so short that the bob stays within the picture wherever the cart is. A scene is drawn with the cart on top of the
 * pole, so that what is seen of each has a centre that says where it is.
 */
import type { Point, Scene, Shape } from '../../../shared/scene.ts';
import { bobRadius, type Motion, rail } from './cartPolePhysics.ts';

/** Size of the arena, both ways: five units a pixel. */
export const arenaSize = 320;

export const cartSize = { width: 50, height: 26 };
export const poleWidth = 18;

/** Far from each other as differences from the white background, so that a linear un-mixing tells them apart. */
export const colors = { cart: '#d6006c', pole: '#0096c7', bob: '#ffb703' };

const railColor = '#c3c9d2';

/** The point at the given distance from the pin along the pole. */
export function onPole({ cartX, poleAngle }: Motion, distance: number): Point {
  return { x: cartX + distance * Math.sin(poleAngle), y: rail.y - distance * Math.cos(poleAngle) };
}

/** Rail, pole, bob and cart, the cart on top. */
export function cartPoleScene(motion: Motion, poleLength: number): Scene {
  const angle = motion.poleAngle;
  // Between cart and bob, where the pole is seen whatever its angle.
  const middle = (cartSize.width / 2 + poleLength - bobRadius) / 2;
  const pole = corners(poleWidth, -middle, poleLength - middle);
  return [
    railShape,
    {
      kind: 'polygon',
      name: 'pole',
      color: colors.pole,
      fixed: false,
      pose: { ...onPole(motion, middle), angle },
      vertices: pole,
    },
    {
      kind: 'circle',
      name: 'bob',
      color: colors.bob,
      fixed: false,
      pose: { ...onPole(motion, poleLength), angle },
      radius: bobRadius,
    },
    {
      kind: 'polygon',
      name: 'cart',
      color: colors.cart,
      fixed: false,
      pose: { x: motion.cartX, y: rail.y, angle: 0 },
      vertices: cartCorners,
    },
  ];
}

/** Of an upright rectangle that reaches from `below` to `above` its pose. */
function corners(width: number, below: number, above: number): Point[] {
  const x = width / 2;
  return [
    { x: -x, y: -above },
    { x, y: -above },
    { x, y: -below },
    { x: -x, y: -below },
  ];
}

const cartCorners = corners(cartSize.width, -cartSize.height / 2, cartSize.height / 2);

const stopWidth = 6;
const railThickness = 6;

/** The rail with its stops, at which the cart's sides end: one outline, since every shape takes time to draw. */
const railShape: Shape = {
  kind: 'polygon',
  name: 'rail',
  color: railColor,
  fixed: true,
  pose: { x: rail.middle, y: rail.y, angle: 0 },
  vertices: railOutline(),
};

function railOutline(): Point[] {
  const inner = (rail.right - rail.left + cartSize.width) / 2;
  const outer = inner + stopWidth;
  const [low, high] = [railThickness / 2, cartSize.height / 2];
  const upperHalf = [
    { x: -outer, y: -high },
    { x: -inner, y: -high },
    { x: -inner, y: -low },
    { x: inner, y: -low },
    { x: inner, y: -high },
    { x: outer, y: -high },
  ];
  return [...upperHalf, ...upperHalf.map(({ x, y }) => ({ x: -x, y: -y }))];
}
