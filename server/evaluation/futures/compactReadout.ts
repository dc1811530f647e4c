/**
 * A readout that takes an object for one only where it is in one place. Painters that cannot decide draw the object
 * several times, paler, and the areas of all may add up to what one should have; a blob counts here if most of its mass
 * lies around its centre, no farther than an object of that area reaches.
 */
import { FRAME_CHANNELS, FRAME_SIZE, type Frame } from '../../../shared/frame.ts';
import type { Readout } from '../../bench/readout.ts';

/** Reach of an object in terms of the root of its area: 0.56 for a disc, 0.76 for the T of push-t. */
const REACH = 1.1;
/** Pixels that edges may add. */
const MARGIN = 1;
/** Share of the mass that must lie within reach. */
const LEAST_SHARE = 0.85;

/** The same blobs, without those that are scattered. */
export function compactReadout(readout: Readout, backdrop: Frame): Readout {
  return (frame) =>
    readout(frame).map((blob, object) => {
      if (!blob) return undefined;
      const reach = REACH * Math.sqrt(blob.area) + MARGIN;
      const near = readout(cutOut(frame, backdrop, blob, reach))[object];
      return (near?.area ?? 0) >= LEAST_SHARE * blob.area ? blob : undefined;
    });
}

/** The frame around a place, the backdrop elsewhere. */
function cutOut(frame: Frame, backdrop: Frame, { x, y }: { x: number; y: number }, radius: number): Frame {
  return frame.map((byte, at) => {
    const pixel = Math.floor(at / FRAME_CHANNELS);
    const [across, down] = [(pixel % FRAME_SIZE) + 0.5 - x, Math.floor(pixel / FRAME_SIZE) + 0.5 - y];
    return Math.hypot(across, down) <= radius ? byte : (backdrop[at] as number);
  });
}
