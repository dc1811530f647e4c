/**
 * The physical readout: where a picture shows things, whoever painted it. Each pixel is taken for a mixture of the
 * background behind it and the objects' colours, `p = b + Σ aᵢ (cᵢ − b)`; solving for the shares by least squares gives
 * a soft mask for each object, whose centre of mass and area have sub-pixel resolution. Colours mix linearly at
 * antialiased edges, so on true frames it errs by hundredths of a pixel, and a pale or doubled object shows as a wrong
 * area. Three colours are as many as RGB can tell apart.
 */
import { UsageError } from '../../shared/errors.ts';
import { FRAME_CHANNELS, FRAME_SIZE, type Frame } from '../../shared/frame.ts';
import type { VisibleObject } from '../../shared/world.ts';
import type { Blob } from './visibleCentroids.ts';

/** Shares below this are painter's noise, which over thousands of pixels would pull every centroid to the middle. */
const NOISE_SHARE = 0.12;

/** Smallest area, in pixels, that can be called an object. */
const SMALLEST_AREA = 1;

const PIXELS = FRAME_SIZE * FRAME_SIZE;

/** A blob for each object, in the order of the spec; `undefined` where its colour is not found. */
export type Readout = (frame: Frame) => (Blob | undefined)[];

/**
 * @param objects what to look for: one to three, of linearly independent colours
 * @param backdrop the frame without any of them
 * @throws UsageError when the colours cannot be told apart
 */
export function createReadout(objects: readonly Pick<VisibleObject, 'color' | 'name'>[], backdrop: Frame): Readout {
  if (objects.length < 1 || objects.length > FRAME_CHANNELS)
    throw new UsageError(`the readout tells apart one to three colours, not ${objects.length}; name fewer objects`);
  const colours = objects.map(({ color }) => parseColour(color));
  const unmixers = unmixersFor(colours, backdrop);
  return (frame) => objects.map((_, object) => blobOf(frame, backdrop, unmixers, object));
}

function blobOf(frame: Frame, backdrop: Frame, unmixers: readonly number[][][], object: number): Blob | undefined {
  let [area, x, y] = [0, 0, 0];
  for (let pixel = 0; pixel < PIXELS; pixel++) {
    const [red, green, blue] = (unmixers[pixel] as number[][])[object] as [number, number, number];
    const at = pixel * FRAME_CHANNELS;
    const share =
      red * ((frame[at] as number) - (backdrop[at] as number)) +
      green * ((frame[at + 1] as number) - (backdrop[at + 1] as number)) +
      blue * ((frame[at + 2] as number) - (backdrop[at + 2] as number));
    if (share < NOISE_SHARE) continue;
    const mass = Math.min(1, share);
    area += mass;
    x += mass * ((pixel % FRAME_SIZE) + 0.5);
    y += mass * (Math.floor(pixel / FRAME_SIZE) + 0.5);
  }
  return area < SMALLEST_AREA ? undefined : { x: x / area, y: y / area, area };
}

/** For each pixel, the pseudo-inverse [objects, 3] of its mixing matrix; pixels of equal background share one. */
function unmixersFor(colours: readonly number[][], backdrop: Frame): number[][][] {
  const known = new Map<number, number[][]>();
  return Array.from({ length: PIXELS }, (_, pixel) => {
    const background = [0, 1, 2].map((channel) => backdrop[pixel * FRAME_CHANNELS + channel] as number);
    const key = background.reduce((value, level) => value * 256 + level, 0);
    const unmixer = known.get(key) ?? pseudoInverse(colours.map((colour) => subtract(colour, background)));
    known.set(key, unmixer);
    return unmixer;
  });
}

/** Of a matrix with the given columns, of length 3: (AᵀA)⁻¹Aᵀ by Gauss–Jordan elimination. */
function pseudoInverse(columns: readonly number[][]): number[][] {
  const rows = columns.map((a, i) => [...columns.map((b, j) => dot(a, b) * (i === j ? 1 + 1e-6 : 1)), ...a]);
  for (let pivot = 0; pivot < rows.length; pivot++) {
    const pivotRow = rows[pivot] as number[];
    const scale = pivotRow[pivot] as number;
    if (Math.abs(scale) < 1) throw new UsageError('the objects’ colours are mixtures of each other; give them others');
    rows[pivot] = pivotRow.map((value) => value / scale);
    for (let other = 0; other < rows.length; other++) {
      if (other === pivot) continue;
      const factor = (rows[other] as number[])[pivot] as number;
      rows[other] = subtract(
        rows[other] as number[],
        (rows[pivot] as number[]).map((value) => factor * value),
      );
    }
  }
  return rows.map((row) => row.slice(columns.length));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}

function subtract(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => value - (b[i] as number));
}

/** `#rrggbb` as three bytes. */
export function parseColour(color: string): [number, number, number] {
  const [red, green, blue] = [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));
  return [red as number, green as number, blue as number];
}
