/**
 * How to read the keypoints' positions back off a standardised latent: an affine map, by which a renderer's spatial
 * maps begin where the encoder put the keypoints.
 */

import { PATCH_GRID } from './ink.ts';
import type { LatentWeights } from './learnedDynamics.ts';

/** Latent `[2·keypoints]` to positions, all x then all y, in [−1, 1] across the frame. */
export interface KeypointReadout {
  /** `[2·keypoints, 2·keypoints]`. */
  readonly kernel: Float32Array;
  /** `[2·keypoints]`. */
  readonly bias: Float32Array;
}

/** Keypoints count from the centres of the outermost cells, which lie half a cell inside the frame. */
const INSET = (PATCH_GRID - 1) / PATCH_GRID;

export function keypointReadout({ config, tensors }: LatentWeights): KeypointReadout {
  const count = config.encoder.keypoints;
  const size = 2 * count;
  const mean = tensors.mean?.data as Float32Array;
  const variance = tensors.variance?.data as Float32Array;
  const kernel = new Float32Array(size * size);
  const bias = new Float32Array(size);
  for (let keypoint = 0; keypoint < count; keypoint++) {
    for (let axis = 0; axis < 2; axis++) {
      const source = 2 * keypoint + axis;
      const target = axis * count + keypoint;
      kernel[source * size + target] = INSET * Math.sqrt(variance[source] as number);
      bias[target] = INSET * (mean[source] as number);
    }
  }
  return { kernel, bias };
}
