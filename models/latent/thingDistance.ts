/**
 * How many steps it takes until the *things* are where a goal has them, wherever the agent's own body is by then. A goal
 * frame shows the body too, but what people ask for with it is mostly about the rest: a distance to the whole of it
 * is small as soon as the body is where the goal has it, and the agent stands still beside a block that is not
 * there yet. So the goal's body is hidden from the heads, and pairs are labelled with the first time that the things had
 * arrived (`thingPairs.ts`).
 *
 * Distances are in log(1 + steps), so that one step of two weighs as much as twenty of forty, and the heads see
 * differences steeply where they are small too.
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

export const defaultThingDistanceConfig: DistanceNetworkConfig = { heads: 4, hidden: 256, expectile: 0.2 };

const NAME = 'things';

/** Name of the tensor `[latent]` that says which numbers of a latent are of things: 1, or 0 for the body's. */
export const THING_MASK = 'thingMask';

/** How far differences are stretched before tanh. */
const STEEPNESS = 8;

export function thingDistanceSpecs(
  config: Pick<DistanceNetworkConfig, 'heads' | 'hidden'>,
  latentSize: number,
): ParameterSpecs {
  return distanceNetworkSpecs(NAME, config, 4 * latentSize);
}

/**
 * From `[batch, latent]` to `[batch, latent]`, or `[1, latent]` for one goal, `things` `[latent]`: `[batch]` distances in
 * log(1 + steps).
 */
export function thingDistance(
  params: Tensors,
  from: tf.Tensor2D,
  to: tf.Tensor2D,
  things: tf.Tensor1D,
  heads: number,
): tf.Tensor1D {
  return meanAnswer(headAnswers(params, NAME, featuresOf(from, to, things), heads));
}

/** Expectile loss on pairs: `from`, `to` `[batch, latent]`, `things` `[latent]`, `distance` `[batch]`. */
export function thingDistanceLoss(params: Tensors, batch: Tensors, config: DistanceNetworkConfig): tf.Scalar {
  const { from, to, things, distance } = batch;
  const features = featuresOf(from as tf.Tensor2D, to as tf.Tensor2D, things as tf.Tensor1D);
  return expectileLoss(headAnswers(params, NAME, features, config.heads), distance as tf.Tensor1D, config.expectile);
}

/** Blocks of `[batch, latent]`, `[1, latent]` for what is said of one goal alone. */
function featuresOf(from: tf.Tensor2D, to: tf.Tensor2D, things: tf.Tensor1D): tf.Tensor2D[] {
  const goal = tf.mul(to, things) as tf.Tensor2D;
  const difference = tf.sub(tf.mul(from, things), goal) as tf.Tensor2D;
  return [from, goal, tf.square(difference), tf.tanh(tf.mul(difference, STEEPNESS))];
}
