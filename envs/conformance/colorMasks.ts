/**
 * Where a frame shows the colours of a world's objects. Each pixel belongs to a colour by how near it is to it, from 1
 * for the colour itself to 0 at half the way to the nearest other colour, so that edge pixels count in part and shades
 * of anything else count for nothing. Areas, centroids and spreads of such masks are what a picture says plainly.
 */
import { FRAME_CHANNELS, FRAME_SIZE, type Frame } from '../../shared/frame.ts';
import type { WorldSpec } from '../../shared/world.ts';

/** What a frame shows in one colour; lengths in pixels from the frame's top left corner. */
export interface ColorBlob {
  readonly area: number;
  readonly x: number;
  readonly y: number;
  /** Central second moments: squared widths. */
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

export interface ColorMask {
  /** `#rrggbb`. */
  readonly color: string;
  /** Names of the objects in this colour. */
  readonly names: readonly string[];
  /** `undefined` when less than a fifth of a pixel has the colour. */
  find(frame: Frame): ColorBlob | undefined;
}

const leastArea = 0.2;

/** One mask for each different colour among the spec's objects. */
export function colorMasks({ objects, background }: Pick<WorldSpec, 'objects' | 'background'>): ColorMask[] {
  const colors = [...new Set(objects.map(({ color }) => color))];
  return colors.map((color) => {
    const others = [...colors.filter((other) => other !== color), background];
    const reach = Math.min(...others.map((other) => colorDistance(bytesOf(color), bytesOf(other)))) / 2;
    const names = objects.filter((object) => object.color === color).map(({ name }) => name);
    return { color, names, find: (frame) => blobOf(frame, bytesOf(color), Math.max(1, reach)) };
  });
}

/** `#rrggbb` as three bytes. */
export function bytesOf(color: string): readonly number[] {
  return [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));
}

/** Straight distance between two colours, from 0 to 442. */
export function colorDistance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, i) => value - (b[i] as number)));
}

function blobOf(frame: Frame, color: readonly number[], reach: number): ColorBlob | undefined {
  const [red = 0, green = 0, blue = 0] = color;
  const squaredReach = reach * reach;
  let [area, sumX, sumY, sumXX, sumXY, sumYY] = [0, 0, 0, 0, 0, 0];
  for (let pixel = 0, at = 0; pixel < FRAME_SIZE * FRAME_SIZE; pixel++, at += FRAME_CHANNELS) {
    const r = (frame[at] as number) - red;
    const g = (frame[at + 1] as number) - green;
    const b = (frame[at + 2] as number) - blue;
    const squared = r * r + g * g + b * b;
    if (squared >= squaredReach) continue;
    const share = 1 - Math.sqrt(squared) / reach;
    const x = (pixel % FRAME_SIZE) + 0.5;
    const y = Math.floor(pixel / FRAME_SIZE) + 0.5;
    area += share;
    sumX += share * x;
    sumY += share * y;
    sumXX += share * x * x;
    sumXY += share * x * y;
    sumYY += share * y * y;
  }
  if (area < leastArea) return undefined;
  const [x, y] = [sumX / area, sumY / area];
  return { area, x, y, xx: sumXX / area - x * x, xy: sumXY / area - x * y, yy: sumYY / area - y * y };
}
