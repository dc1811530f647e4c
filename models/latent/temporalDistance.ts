/**
 * The temporal-distance head: how many steps lie between two latents, at best. A small network on frozen latents
 * (`distanceNetwork.ts`), trained on pairs of all separations within an episode; pairs from different episodes count as
 * far apart. It gives the planner a slope where plain latent distance is flat or leads into a wall (TRM, arXiv
 * 2605.22164; docs/log.md).
 */
import * as tf from '@tensorflow/tfjs';
import type { ParameterSpecs } from '../tensor/parameters.ts';
import type { Tensors } from '../tensor/program.ts';
import {
  type DistanceNetworkConfig,
  distanceNetworkSpecs,
  expectileLoss,
  headAnswers,
  meanAnswer,
} from './distanceNetwork.ts';

export interface TemporalDistanceConfig extends DistanceNetworkConfig {
  /** Steps that one unit of the output stands for. */
  readonly unit: number;
}

export const defaultTemporalDistanceConfig: TemporalDistanceConfig = {
  heads: 4,
  hidden: 256,
  expectile: 0.2,
  unit: 10,
};

const NAME = 'distance';

export function temporalDistanceSpecs(config: TemporalDistanceConfig, latentSize: number): ParameterSpecs {
  return distanceNetworkSpecs(NAME, config, 3 * latentSize);
}

/**
 * From `[batch, latent]` to `[batch, latent]`, or `[1, latent]` for one goal: `[batch]` distances, in units of
 * `config.unit` steps, never negative.
 */
export function temporalDistance(params: Tensors, from: tf.Tensor2D, to: tf.Tensor2D, heads: number): tf.Tensor1D {
  return meanAnswer(headAnswers(params, NAME, featuresOf(from, to), heads));
}

/**
 * Expectile loss on pairs, the mean over the heads: `from`, `to` `[batch, latent]`, `steps` `[batch]` in the heads'
 * units.
 */
export function temporalDistanceLoss(params: Tensors, batch: Tensors, config: TemporalDistanceConfig): tf.Scalar {
  const features = featuresOf(batch.from as tf.Tensor2D, batch.to as tf.Tensor2D);
  const answers = headAnswers(params, NAME, features, config.heads);
  return expectileLoss(answers, batch.steps as tf.Tensor1D, config.expectile);
}

/** Blocks of `[batch, latent]`, `[1, latent]` for one goal. */
function featuresOf(from: tf.Tensor2D, to: tf.Tensor2D): tf.Tensor2D[] {
  return [from, to, tf.square(tf.sub(from, to))];
}
