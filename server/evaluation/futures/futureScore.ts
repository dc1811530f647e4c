/**
 * How well painted futures of a moment stand for its true ones. *Legibility*: a picture shows every object in about its
 * size, wherever it is, and (by a `compactReadout`) in one place; a mean of several futures does not. Then, over the places of the objects that are
 * found, how far the painted distribution is from the true one, and whether it is calibrated. A picture that is
 * illegible says nothing of places and is left out there, which flatters a painter with few legible ones: read the two
 * together.
 */
import type { Frame } from '../../../shared/frame.ts';
import { mean } from '../../../shared/mean.ts';
import type { Readout } from '../../bench/readout.ts';
import type { Blob } from '../../bench/visibleCentroids.ts';
import { calibrationError, energyDistance, type Point, ranks, spread } from './sampleDistance.ts';

export interface FutureScore {
  /** Share of pictures that show every object, of 60% to 150% of its true area. */
  readonly legible: number;
  /** Energy distance between painted and true places, mean over moments, in pixels; none where none can be judged. */
  readonly energyPx: number | null;
  /** Spread of the painted places over that of the true ones; 1 is right. */
  readonly spreadRatio: number | null;
  /** 0 is calibrated; a painter that always paints the one same place has 0.25 or more. */
  readonly calibration: number | null;
  /** Share of moments with enough legible pictures to tell: two painted ones or more, and two true ones. */
  readonly judged: number;
}

/** The pictures of one moment. */
export interface PaintedMoment {
  readonly painted: readonly Frame[];
  readonly truth: readonly Frame[];
}

const legibleArea = { least: 0.6, most: 1.5 };

export function scoreFutures(moments: readonly PaintedMoment[], readout: Readout): FutureScore {
  let [legible, total] = [0, 0];
  const [energies, ratios, allRanks]: [number[], number[], number[]] = [[], [], []];
  for (const { painted, truth } of moments) {
    const seen = truth.map(readout);
    const areas = meanAreas(seen);
    const legiblePlaces = (all: readonly (readonly (Blob | undefined)[])[]): Point[] =>
      all.map((blobs) => placesOf(blobs, areas)).filter((place) => place !== undefined);
    const [truePlaces, places] = [legiblePlaces(seen), legiblePlaces(painted.map(readout))];
    total += painted.length;
    legible += places.length;
    if (places.length < 2 || truePlaces.length < 2) continue;
    energies.push(energyDistance(places, truePlaces));
    ratios.push(spread(places) / spread(truePlaces));
    truePlaces[0]?.forEach((_, i) => {
      const along = (points: readonly Point[]) => points.map((point) => point[i] as number);
      allRanks.push(...ranks(along(places), along(truePlaces)));
    });
  }
  const judged = energies.length / moments.length;
  return {
    legible: legible / total,
    energyPx: judged > 0 ? mean(energies) : null,
    spreadRatio: judged > 0 ? mean(ratios) : null,
    calibration: judged > 0 ? calibrationError(allRanks) : null,
    judged,
  };
}

/** Centres of all objects, or nothing where one is missing or of a wrong size. */
function placesOf(blobs: readonly (Blob | undefined)[], areas: readonly number[]): Point | undefined {
  const legible = blobs.every((blob, object) => {
    const size = (blob?.area ?? 0) / (areas[object] as number);
    return size >= legibleArea.least && size <= legibleArea.most;
  });
  return legible ? blobs.flatMap((blob) => (blob ? [blob.x, blob.y] : [])) : undefined;
}

function meanAreas(seen: readonly (readonly (Blob | undefined)[])[]): number[] {
  const objects = seen[0]?.length ?? 0;
  return Array.from({ length: objects }, (_, object) =>
    mean(seen.flatMap((blobs) => (blobs[object] ? [(blobs[object] as Blob).area] : []))),
  );
}
