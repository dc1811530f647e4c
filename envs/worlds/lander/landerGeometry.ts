/**
 * The arena of `lander` and the craft's shape: a nosed hull on legs that widen towards the feet, together one convex
 * outline, so that what is seen is what touches.
 *
 * Points of the craft are relative to its centre of mass, at angle 0 upright with y pointing down; `landerX` and
 * `landerY` are that centre. The pad is a strip of the ground's surface and no obstacle.
 */
import Matter from 'matter-js';
import type { Point } from '../../../shared/scene.ts';
import type { State } from '../../../shared/world.ts';

/** Size of the arena, both ways; the walls stand at its edges. */
export const arenaSize = 512;

/** Height of the ground's surface, which the lower edge of the picture is 8 pixels below. */
export const groundY = 448;

/** How deep the pad reaches into the ground, in units. */
export const padDepth = 32;

/** Least distance of the pad's middle from the sides, in units. */
export const padMargin = 80;

/** The craft at size 1, in units, with y from its waist, where hull and legs meet. */
const nose: Point = { x: 0, y: -40 };
const shoulder: Point = { x: 16, y: -24 };
const waist: Point = { x: 23, y: 0 };
const foot: Point = { x: 31, y: 32 };

/** The craft's shape at one size. */
export interface CraftShape {
  /** Corners of the whole, clockwise on the screen, relative to the centre of mass. */
  readonly outline: readonly Point[];
  readonly hull: CraftPart;
  readonly legs: CraftPart;
  /** From the centre of mass down to the soles, in units: its height when the craft stands. */
  readonly standingHeight: number;
}

/** A polygon around its own middle. */
export interface CraftPart {
  /** Relative to the craft's centre of mass. */
  readonly center: Point;
  readonly vertices: readonly Point[];
}

export function craftShape(size: number): CraftShape {
  const scaled = ({ x, y }: Point) => ({ x: x * size, y: y * size });
  const bothSides = (points: readonly Point[]) => [
    ...points.map(scaled),
    ...points.map(({ x, y }) => scaled({ x: -x, y })).reverse(),
  ];
  const outline = [scaled(nose), ...bothSides([shoulder, waist, foot])];
  const mass = Matter.Vertices.centre(outline);
  return {
    outline: outline.map((point) => minus(point, mass)),
    hull: partAround([scaled(nose), ...bothSides([shoulder, waist])], mass),
    legs: partAround(bothSides([waist, foot]), mass),
    standingHeight: foot.y * size - mass.y,
  };
}

function partAround(corners: readonly Point[], mass: Point): CraftPart {
  const top = Math.min(...corners.map(({ y }) => y));
  const bottom = Math.max(...corners.map(({ y }) => y));
  const middle = { x: 0, y: (top + bottom) / 2 };
  return { center: minus(middle, mass), vertices: corners.map((corner) => minus(corner, middle)) };
}

function minus(a: Point, b: Point): Point {
  return { x: a.x - b.x, y: a.y - b.y };
}

/** A point given relative to the craft, in arena units. */
export function onCraft({ landerX = 0, landerY = 0, landerAngle = 0 }: State, local: Point): Point {
  const cos = Math.cos(landerAngle);
  const sin = Math.sin(landerAngle);
  return { x: landerX + cos * local.x - sin * local.y, y: landerY + sin * local.x + cos * local.y };
}
