/**
 * The temporal-distance head: how many steps lie between two latents, at best. A small MLP on frozen latents, trained
 * on pairs of all separations within an episode; expectile regression below the median (Kostrikov et al. 2022, §4.1)
 * leans towards the shortest passage seen, and pairs from different episodes count as far apart. It gives the planner a
 * slope where plain latent distance is flat or leads into a wall (TRM, arXiv 2605.22164; docs/log.md).
 *
 * A search finds the plans that a head is too kind to. So several heads learn side by side, alike but for their first
 * weights, and the distance is their mean: where one errs, the others seldom err in the same way (deep ensembles,
 * Lakshminarayanan et al. 2017, §2.4; for planning, PETS, Chua et al. 2018).
 */
import * as tf from '@tensorflow/tfjs';
import { dense, denseSpecs } from '../nn/dense.ts';
import { layerNorm, layerNormSpecs } from '../nn/layerNorm.ts';
import { silu } from '../nn/silu.ts';
import type { ParameterSpecs } from '../tensor/parameters.ts';
import type { Tensors } from '../tensor/program.ts';

export interface TemporalDistanceConfig {
  /** Networks whose mean is the distance. */
  readonly heads: number;
  readonly hidden: number;
  /** Below 0.5: how strongly a shorter passage counts more than a longer one. */
  readonly expectile: number;
  /** Steps that one unit of the output stands for. */
  readonly unit: number;
}

export const defaultTemporalDistanceConfig: TemporalDistanceConfig = {
  heads: 4,
  hidden: 256,
  expectile: 0.2,
  unit: 10,
};

export function temporalDistanceSpecs(config: TemporalDistanceConfig, latentSize: number): ParameterSpecs {
  const specs = headNames(config.heads).map((head) => ({
    ...denseSpecs(`${head}/layer0`, 3 * latentSize, config.hidden),
    ...layerNormSpecs(`${head}/norm0`, config.hidden),
    ...denseSpecs(`${head}/layer1`, config.hidden, config.hidden),
    ...layerNormSpecs(`${head}/norm1`, config.hidden),
    ...denseSpecs(`${head}/out`, config.hidden, 1, { init: 'lecun' }),
  }));
  return Object.assign({}, ...specs) as ParameterSpecs;
}

/**
 * From `[batch, latent]` to `[batch, latent]`: `[batch]` distances, in units of `config.unit` steps, never negative.
 */
export function temporalDistance(params: Tensors, from: tf.Tensor2D, to: tf.Tensor2D, heads: number): tf.Tensor1D {
  return tf.div(tf.addN(distances(params, from, to, heads)), heads) as tf.Tensor1D;
}

/**
 * Expectile loss on pairs, the mean over the heads: `from`, `to` `[batch, latent]`, `steps` `[batch]` in the heads'
 * units.
 */
export function temporalDistanceLoss(params: Tensors, batch: Tensors, config: TemporalDistanceConfig): tf.Scalar {
  const answers = distances(params, batch.from as tf.Tensor2D, batch.to as tf.Tensor2D, config.heads);
  const losses = answers.map((distance) => {
    const error = tf.sub(batch.steps as tf.Tensor1D, distance);
    const longer = tf.square(tf.relu(error));
    const shorter = tf.square(tf.relu(tf.neg(error)));
    return tf.mean(tf.add(tf.mul(longer, config.expectile), tf.mul(shorter, 1 - config.expectile)));
  });
  return tf.div(tf.addN(losses), config.heads) as tf.Scalar;
}

/** What each head says: `[batch]` a head. */
function distances(params: Tensors, from: tf.Tensor2D, to: tf.Tensor2D, heads: number): tf.Tensor1D[] {
  const features = tf.concat([from, to, tf.square(tf.sub(from, to))], 1); // [batch, 3·latent]
  return headNames(heads).map((head) => {
    let hidden = silu(layerNorm(params, `${head}/norm0`, dense(params, `${head}/layer0`, features)));
    hidden = silu(layerNorm(params, `${head}/norm1`, dense(params, `${head}/layer1`, hidden)));
    return tf.reshape(tf.softplus(dense(params, `${head}/out`, hidden)), [-1]) as tf.Tensor1D;
  });
}

/** Where the heads' parameters are. The first has the names that a head alone had before there were several. */
function headNames(heads: number): string[] {
  return Array.from({ length: heads }, (_, i) => (i === 0 ? 'distance' : `distance/${i + 1}`));
}
