/**
 * How far several futures come apart: where each frame shows the shape that the task is about, and at every step the
 * mean distance between any two futures, in pixels. True and imagined frames are read in the same way, by the shape's
 * colour (`readout.ts`), so that the two spreads can be compared; imagined futures that stay together where the true
 * ones part are a model that does not feel its actions.
 */
import { drawScene } from '../../envs/drawScene.ts';
import { UsageError } from '../../shared/errors.ts';
import type { Frame } from '../../shared/frame.ts';
import type { Scene } from '../../shared/scene.ts';
import type { WorldSpec } from '../../shared/world.ts';
import { createReadout } from '../bench/readout.ts';

/** Where a frame shows the shape, in pixels; nothing where it cannot be found. */
export type Locate = (frame: Frame) => { readonly x: number; readonly y: number } | undefined;

/** Colours that a readout can tell apart. */
const MOST_COLOURS = 3;

/** Finds all that has the colour of the named shape; nothing where that colour cannot be told from the others. */
export function shapeLocator(scene: Scene, spec: WorldSpec, name: string): Locate | undefined {
  const color = scene.find((shape) => shape.name === name)?.color.toLowerCase();
  if (color === undefined) return undefined;
  const others = spec.objects.filter((object) => object.color.toLowerCase() !== color);
  const objects = [{ name, color }, ...others].slice(0, MOST_COLOURS);
  const colours = new Set(objects.map((object) => object.color.toLowerCase()));
  const backdrop = drawScene(
    scene.filter((shape) => !colours.has(shape.color.toLowerCase())),
    spec,
  );
  try {
    const readout = createReadout(objects, backdrop);
    return (frame) => readout(frame)[0];
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/**
 * The spread at every step of futures of equal length; NaN where fewer than two of them show the shape. The generator
 * rests after every frame.
 */
export function* futureSpread(futures: readonly (readonly Frame[])[], locate: Locate): Generator<void, Float32Array> {
  const spread = new Float32Array(futures[0]?.length ?? 0);
  for (let step = 0; step < spread.length; step++) {
    const found: NonNullable<ReturnType<Locate>>[] = [];
    for (const frames of futures) {
      const place = locate(frames[step] as Frame);
      if (place !== undefined) found.push(place);
      yield;
    }
    spread[step] = meanDistance(found);
  }
  return spread;
}

/** Between any two of the places; NaN where there are no two. */
function meanDistance(places: readonly { readonly x: number; readonly y: number }[]): number {
  let [sum, pairs] = [0, 0];
  for (const [i, a] of places.entries())
    for (const b of places.slice(i + 1)) {
      sum += Math.hypot(a.x - b.x, a.y - b.y);
      pairs++;
    }
  return pairs === 0 ? Number.NaN : sum / pairs;
}
