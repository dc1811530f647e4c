/**
 * The temporal-distance head: how many steps lie between two latents, at best. A small MLP on frozen latents, trained
 * on pairs of all separations within an episode; expectile regression below the median (Kostrikov et al. 2022, §4.1)
 * leans towards the shortest passage seen, and pairs from different episodes count as far apart. It gives the planner a
 * slope where plain latent distance is flat or leads into a wall (TRM, arXiv 2605.22164; docs/log.md).
 */
import * as tf from '@tensorflow/tfjs';
import { dense, denseSpecs } from '../nn/dense.ts';
import { layerNorm, layerNormSpecs } from '../nn/layerNorm.ts';
import { silu } from '../nn/silu.ts';
import type { ParameterSpecs } from '../tensor/parameters.ts';
import type { Tensors } from '../tensor/program.ts';

export interface TemporalDistanceConfig {
  readonly hidden: number;
  /** Below 0.5: how strongly a shorter passage counts more than a longer one. */
  readonly expectile: number;
  /** Steps that one unit of the output stands for. */
  readonly unit: number;
}

export const defaultTemporalDistanceConfig: TemporalDistanceConfig = { hidden: 256, expectile: 0.2, unit: 10 };

export function temporalDistanceSpecs(config: TemporalDistanceConfig, latentSize: number): ParameterSpecs {
  return {
    ...denseSpecs('distance/layer0', 3 * latentSize, config.hidden),
    ...layerNormSpecs('distance/norm0', config.hidden),
    ...denseSpecs('distance/layer1', config.hidden, config.hidden),
    ...layerNormSpecs('distance/norm1', config.hidden),
    ...denseSpecs('distance/out', config.hidden, 1, { init: 'lecun' }),
  };
}

/**
 * From `[batch, latent]` to `[batch, latent]`: `[batch]` distances, in units of `config.unit` steps, never negative.
 */
export function temporalDistance(params: Tensors, from: tf.Tensor2D, to: tf.Tensor2D): tf.Tensor1D {
  const features = tf.concat([from, to, tf.square(tf.sub(from, to))], 1);
  let hidden = silu(layerNorm(params, 'distance/norm0', dense(params, 'distance/layer0', features)));
  hidden = silu(layerNorm(params, 'distance/norm1', dense(params, 'distance/layer1', hidden)));
  return tf.reshape(tf.softplus(dense(params, 'distance/out', hidden)), [-1]) as tf.Tensor1D;
}

/** Expectile loss on pairs: `from`, `to` `[batch, latent]`, `steps` `[batch]` in the head's units. */
export function temporalDistanceLoss(params: Tensors, batch: Tensors, config: TemporalDistanceConfig): tf.Scalar {
  const distance = temporalDistance(params, batch.from as tf.Tensor2D, batch.to as tf.Tensor2D);
  const error = tf.sub(batch.steps as tf.Tensor1D, distance);
  const longer = tf.square(tf.relu(error));
  const shorter = tf.square(tf.relu(tf.neg(error)));
  return tf.mean(tf.add(tf.mul(longer, config.expectile), tf.mul(shorter, 1 - config.expectile))) as tf.Scalar;
}
