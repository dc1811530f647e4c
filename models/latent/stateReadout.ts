/**
 * Supervision by the true state, for measuring what it would add: a linear readout from latents to the state, learned
 * beside the encoder, so that what a linear probe would look for is in the latent. Shipped agents learn from frames and
 * actions alone. The readout is dropped after training.
 */
import * as tf from '@tensorflow/tfjs';
import { dense, denseSpecs } from '../nn/dense.ts';
import type { ParameterSpecs } from '../tensor/parameters.ts';
import type { Tensors } from '../tensor/program.ts';

export interface StateReadoutConfig {
  /** Numbers of a state, each standardised. */
  readonly targets: number;
  /** What its error counts in the loss. */
  readonly weight: number;
}

export function stateReadoutSpecs({ targets }: StateReadoutConfig, latentSize: number): ParameterSpecs {
  return denseSpecs('states', latentSize, targets, { init: 'lecun' });
}

/** Mean squared error of the states `[batch, horizon + 1, targets]` read from as many steps of latents `[batch, latent]`. */
export function stateReadoutLoss(params: Tensors, latents: readonly tf.Tensor2D[], states: tf.Tensor): tf.Scalar {
  const read = dense(params, 'states', tf.stack([...latents], 1)); // [batch, horizon + 1, targets]
  return tf.mean(tf.square(tf.sub(read, states))) as tf.Scalar;
}
