/**
 * How well painted frames show what the true ones show. First the physics: is every object there, of about its true
 * size and place, and how many pixels is it off; then the picture. A row of the renderer bench is this and its timing.
 */
import type { Frame } from '../../shared/frame.ts';
import { mean } from '../../shared/mean.ts';
import type { HeldOutFrames } from './heldOutFrames.ts';
import { flicker, movingPixels, psnr, ssim } from './pictureMetrics.ts';
import type { RandomFeatures } from './randomFeatures.ts';
import type { Readout } from './readout.ts';
import type { Blob } from './visibleCentroids.ts';

export interface RendererScore {
  /** Mean distance of the objects found in painted frames from their true places. */
  readonly readoutErrorPx: number;
  /** The same for the true frames: what the readout itself errs. */
  readonly readoutFloorPx: number;
  /** Share of frames in which every object is found: area 50% to 170% of the true frame's, at most 6 px from there. */
  readonly presence: number;
  /** dB, over the pixels that things cover. */
  readonly psnr: number;
  /** dB, over all pixels. */
  readonly psnrAll: number;
  readonly ssim: number;
  /** Fréchet distance in random features, times 1000. */
  readonly fd: number;
  /** Grey levels that still pixels change from frame to frame. */
  readonly flicker: number;
}

const presentArea = { least: 0.5, most: 1.7 };
const presentWithin = 6;

export async function scoreRenderer(
  painted: readonly Frame[],
  { frames, truths, episodeStarts, backdrop }: HeldOutFrames,
  readout: Readout,
  features: RandomFeatures,
): Promise<RendererScore> {
  const seen = painted.map(readout);
  const real = frames.map(readout);
  const covered = frames.map((frame) => movingPixels(backdrop, frame));
  return {
    readoutErrorPx: meanDistance(seen, truths),
    readoutFloorPx: meanDistance(real, truths),
    presence: seen.filter((blobs, i) => allPresent(blobs, real[i] ?? [])).length / painted.length,
    psnr: psnr(painted, frames, covered),
    psnrAll: psnr(painted, frames),
    ssim: mean(painted.map((frame, i) => ssim(frame, frames[i] as Frame))),
    fd: await features.distance(painted, frames),
    flicker: mean(
      episodes(painted, episodeStarts).map((episode, i) => flicker(episode, episodes(frames, episodeStarts)[i] ?? [])),
    ),
  };
}

type Blobs = readonly (Blob | undefined)[];

/** Over objects that are both visible and found; what is not found is `presence`'s to tell. */
export function meanDistance(seen: readonly Blobs[], truths: readonly Blobs[]): number {
  return mean(
    seen.flatMap((blobs, i) =>
      blobs.flatMap((blob, object) => {
        const truth = truths[i]?.[object];
        return blob && truth ? [distance(blob, truth)] : [];
      }),
    ),
  );
}

/** Whether all objects that the true frame shows are found in the painted one. */
export function allPresent(seen: Blobs, real: Blobs): boolean {
  return real.every((truth, object) => {
    const blob = seen[object];
    if (!truth) return true;
    if (!blob) return false;
    const size = blob.area / truth.area;
    return size >= presentArea.least && size <= presentArea.most && distance(blob, truth) <= presentWithin;
  });
}

function distance(a: Blob, b: Blob): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function episodes(frames: readonly Frame[], starts: readonly number[]): Frame[][] {
  return starts.map((start, i) => frames.slice(start, starts[i + 1] ?? frames.length));
}
