/**
 * The latent of a moment: where the keypoints are (*pose*), and how they moved since the frame before (*motion*). A
 * single frame says nothing of velocities, and without them a swinging pole or a gliding puck has no one future; two
 * frames are the least that does (the frame stack of DQN, Mnih et al. 2015, in the form of differences, so that pose
 * and motion can be read apart).
 *
 * A clip's first frame has none before it and is taken to be at rest, and so is a goal, which is a single frame.
 */
import * as tf from '@tensorflow/tfjs';
import type { Matrix } from '../planning/contracts.ts';
import { type EncoderConfig, poseSizeOf } from './keypointEncoder.ts';

/** Motion is the change of the standardised pose in one step times this, which brings it to the order of 1. */
export const MOTION_SCALE = 8;

/** What decides the size of a latent. */
export interface LatentLayout {
  readonly encoder: EncoderConfig;
  /** Frames behind a latent: 1 for the pose alone, 2 for pose and motion. */
  readonly frames: 1 | 2;
}

/** Numbers in a latent: the pose, then the motion if there is one. */
export function latentSizeOf({ encoder, frames }: LatentLayout): number {
  return frames * poseSizeOf(encoder);
}

/** Poses at one moment and the next, `[batch, pose]` each → the latent of the later moment: `[batch, 2·pose]`. */
export function latentOf(before: tf.Tensor2D, pose: tf.Tensor2D): tf.Tensor2D {
  return tf.concat([pose, tf.mul(tf.sub(pose, before), MOTION_SCALE)], 1) as tf.Tensor2D;
}

/** The poses of a clip's frames, in order → their latents. */
export function withMotion(poses: Matrix): Matrix {
  const { rows, columns, data } = poses;
  const latents = new Float32Array(2 * data.length);
  for (let row = 0; row < rows; row++) {
    const before = Math.max(0, row - 1) * columns;
    for (let i = 0; i < columns; i++) {
      const now = data[row * columns + i] as number;
      latents[row * 2 * columns + i] = now;
      latents[(row * 2 + 1) * columns + i] = MOTION_SCALE * (now - (data[before + i] as number));
    }
  }
  return { rows, columns: 2 * columns, data: latents };
}

/** The first `pose` numbers of each latent: what a picture of the moment shows. */
export function posesOf({ rows, columns, data }: Matrix, pose: number): Matrix {
  if (columns === pose) return { rows, columns, data };
  const poses = new Float32Array(rows * pose);
  for (let row = 0; row < rows; row++) poses.set(data.subarray(row * columns, row * columns + pose), row * pose);
  return { rows, columns: pose, data: poses };
}
