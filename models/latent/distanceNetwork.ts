/**
 * The network behind the learned distances: a few small MLPs side by side, alike but for their first weights, whose mean
 * is the distance. A search finds the plans that one of them is too kind to; where one errs, the others seldom err in
 * the same way (deep ensembles, Lakshminarayanan et al. 2017, §2.4; for planning, PETS, Chua et al. 2018). They learn
 * by expectile regression below the median (Kostrikov et al. 2022, §4.1), which leans towards the shortest passage seen.
 */
import * as tf from '@tensorflow/tfjs';
import { dense, denseOfBlocks, denseSpecs } from '../nn/dense.ts';
import { layerNorm, layerNormSpecs } from '../nn/layerNorm.ts';
import { silu } from '../nn/silu.ts';
import type { ParameterSpecs } from '../tensor/parameters.ts';
import type { Tensors } from '../tensor/program.ts';

export interface DistanceNetworkConfig {
  /** Networks whose mean is the distance. */
  readonly heads: number;
  readonly hidden: number;
  /** Below 0.5: how strongly a shorter passage counts more than a longer one. */
  readonly expectile: number;
}

/** Parameters under `name`, of networks that see so many features. */
export function distanceNetworkSpecs(
  name: string,
  { heads, hidden }: Pick<DistanceNetworkConfig, 'heads' | 'hidden'>,
  features: number,
): ParameterSpecs {
  const specs = headNames(name, heads).map((head) => ({
    ...denseSpecs(`${head}/layer0`, features, hidden),
    ...layerNormSpecs(`${head}/norm0`, hidden),
    ...denseSpecs(`${head}/layer1`, hidden, hidden),
    ...layerNormSpecs(`${head}/norm1`, hidden),
    ...denseSpecs(`${head}/out`, hidden, 1, { init: 'lecun' }),
  }));
  return Object.assign({}, ...specs) as ParameterSpecs;
}

/**
 * What each head says of features in blocks, `[batch, columns]` each or `[1, columns]` where they are the same for all:
 * `[batch]` a head, never negative.
 */
export function headAnswers(
  params: Tensors,
  name: string,
  features: readonly tf.Tensor2D[],
  heads: number,
): tf.Tensor1D[] {
  return headNames(name, heads).map((head) => {
    let hidden: tf.Tensor = denseOfBlocks(params, `${head}/layer0`, features);
    hidden = silu(layerNorm(params, `${head}/norm0`, hidden));
    hidden = silu(layerNorm(params, `${head}/norm1`, dense(params, `${head}/layer1`, hidden)));
    return tf.reshape(tf.softplus(dense(params, `${head}/out`, hidden)), [-1]) as tf.Tensor1D;
  });
}

/** The mean of the heads: `[batch]`. */
export function meanAnswer(answers: readonly tf.Tensor1D[]): tf.Tensor1D {
  return tf.div(tf.addN([...answers]), answers.length) as tf.Tensor1D;
}

/** The expectile loss of every head against labels `[batch]`, the mean over the heads. */
export function expectileLoss(answers: readonly tf.Tensor1D[], labels: tf.Tensor1D, expectile: number): tf.Scalar {
  const losses = answers.map((answer) => {
    const error = tf.sub(labels, answer);
    const longer = tf.square(tf.relu(error));
    const shorter = tf.square(tf.relu(tf.neg(error)));
    return tf.mean(tf.add(tf.mul(longer, expectile), tf.mul(shorter, 1 - expectile)));
  });
  return tf.div(tf.addN(losses), answers.length) as tf.Scalar;
}

/** Where the heads' parameters are. The first has the names that a head alone had before there were several. */
function headNames(name: string, heads: number): string[] {
  return Array.from({ length: heads }, (_, i) => (i === 0 ? name : `${name}/${i + 1}`));
}
