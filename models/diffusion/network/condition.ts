/**
 * What every denoiser is told, whatever its shape: the latent, the time, and, for a student of several step counts, the
 * count, added up in one embedding; and the latent's points, drawn as maps. A network that sees the frames before is told
 * the noise on them in the same embedding. All but the time is the same for every step of a frame, and is computed
 * once.
 */
import * as tf from '@tensorflow/tfjs';
import { dense, denseSpecs } from '../../nn/dense.ts';
import { silu } from '../../nn/silu.ts';
import { timeEmbedding } from '../../nn/timeEmbedding.ts';
import type { ParameterSpecs } from '../../tensor/parameters.ts';
import type { Tensors } from '../../tensor/program.ts';
import { type Context, noLatentSpecs, type OptionalConditions, seesContext } from './optionalConditions.ts';
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

/** What a network is told besides the latent and the time. */
export interface Told {
  /** One-hot step counts, [batch or 1, counts]; a model that is told none is given zeros. */
  readonly steps?: tf.Tensor;
  /** The frames before; nothing is known of them unless told. */
  readonly context?: Context;
}

export interface ConditionConfig extends OptionalConditions {
  readonly latentSize: number;
  /** Points read off the latent and drawn as maps. */
  readonly points: number;
  /** Width of the embedding that modulates the blocks. */
  readonly embedding: number;
}

export function conditionSpecs(config: ConditionConfig): ParameterSpecs {
  const { latentSize, points, embedding, context, unconditional } = config;
  return {
    ...pointMapSpecs('points', latentSize, points),
    ...denseSpecs('embed/latent', latentSize, embedding, { init: 'lecun' }),
    ...denseSpecs('embed/time', TIME_WIDTH, embedding, { init: 'lecun', bias: false }),
    ...denseSpecs('embed/steps', STUDENT_STEPS.length, embedding, { init: 'zeros', bias: false }),
    ...(context && denseSpecs('embed/context', TIME_WIDTH, embedding, { init: 'zeros', bias: false })),
    ...(unconditional && noLatentSpecs(latentSize)),
  };
}

/**
 * latents [batch, latent], one-hot step counts and the noise on the frames before → [batch, embedding]. What is not told
 * is given as zeros, or as frames of which nothing is known, so that every parameter has a gradient.
 */
export function embedCondition(params: Tensors, latents: tf.Tensor, { steps, context }: Told): tf.Tensor {
  const told = steps ?? tf.zeros([1, stepsKnownTo(params).length]);
  const said = tf.add(dense(params, 'embed/latent', latents), dense(params, 'embed/steps', told));
  if (!seesContext(params)) return said;
  return tf.add(said, dense(params, 'embed/context', embeddedTimes(context?.times ?? tf.ones([1]))));
}

/** The embedding with the time in it, times [batch] → [batch, embedding]. */
export function atTime(params: Tensors, embedding: tf.Tensor, times: tf.Tensor): tf.Tensor {
  return silu(tf.add(embedding, dense(params, 'embed/time', embeddedTimes(times))));
}

function embeddedTimes(times: tf.Tensor): tf.Tensor {
  return timeEmbedding(tf.mul(times, TIME_SCALE), TIME_WIDTH, TIME_PERIOD);
}
