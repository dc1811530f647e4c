/**
 * What every denoiser is told, whatever its shape: the latent, the time, and, for a student of several step counts, the
 * count, added up in one embedding; and the latent's points, drawn as maps. All but the time is the same for every step
 * of a frame, and is computed once.
 */
import * as tf from '@tensorflow/tfjs';
import { dense, denseSpecs } from '../../nn/dense.ts';
import { silu } from '../../nn/silu.ts';
import { timeEmbedding } from '../../nn/timeEmbedding.ts';
import type { ParameterSpecs } from '../../tensor/parameters.ts';
import type { Tensors } from '../../tensor/program.ts';
import { pointMapSpecs } from './pointMaps.ts';
import { STUDENT_STEPS, stepsKnownTo } from './studentSteps.ts';

const TIME_WIDTH = 32;
/** Times in [0, 1] become angles of up to 100 radians, which tells apart the points of grids of 64. */
const TIME_SCALE = 100;
const TIME_PERIOD = 1000;

export interface Condition {
  /** [batch, embedding]. */
  readonly embedding: tf.Tensor;
  /** The network's own reading of the points' maps. */
  readonly maps: tf.Tensor;
}

export function conditionSpecs(latentSize: number, points: number, embedding: number): ParameterSpecs {
  return {
    ...pointMapSpecs('points', latentSize, points),
    ...denseSpecs('embed/latent', latentSize, embedding, { init: 'lecun' }),
    ...denseSpecs('embed/time', TIME_WIDTH, embedding, { init: 'lecun', bias: false }),
    ...denseSpecs('embed/steps', STUDENT_STEPS.length, embedding, { init: 'zeros', bias: false }),
  };
}

/**
 * latents [batch, latent] and one-hot step counts [batch or 1, counts] → [batch, embedding]; a model that is told none
 * is given zeros, so that every parameter has a gradient.
 */
export function embedCondition(params: Tensors, latents: tf.Tensor, steps?: tf.Tensor): tf.Tensor {
  const told = steps ?? tf.zeros([1, stepsKnownTo(params).length]);
  return tf.add(dense(params, 'embed/latent', latents), dense(params, 'embed/steps', told));
}

/** The embedding with the time in it, times [batch] → [batch, embedding]. */
export function atTime(params: Tensors, embedding: tf.Tensor, times: tf.Tensor): tf.Tensor {
  const time = dense(params, 'embed/time', timeEmbedding(tf.mul(times, TIME_SCALE), TIME_WIDTH, TIME_PERIOD));
  return silu(tf.add(embedding, time));
}
