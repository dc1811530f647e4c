/**
 * A training method of the renderer, as data and two pure functions: which inputs it needs beyond the examples, how
 * they are drawn, and the loss. The loop, the optimiser and the examples are the same for all; what tells regression,
 * diffusion and consistency distillation apart is a page each.
 *
 * Times are drawn and their coefficients computed outside the graph in float64; the graph only multiplies and adds.
 */
import * as tf from '@tensorflow/tfjs';
import { FRAME_CHANNELS, FRAME_SIZE } from '../../../shared/frame.ts';
import type { Random } from '../../../shared/random.ts';
import {
  float32,
  type HostTensor,
  type HostTensors,
  type Signature,
  sizeOf,
  type Tensors,
} from '../../tensor/program.ts';
import type { Coefficients } from '../cosine/ddim.ts';
import type { NoisePool } from '../frameNoise.ts';
import { patchShape, toPictures } from '../network/denoiser.ts';

export interface Draw {
  readonly batch: number;
  /** The share of the stage's time that is spent, for grids that grow. */
  readonly progress: number;
  readonly random: Random;
  readonly noise: NoisePool;
}

export interface TrainingMethod {
  /** Answers of a network that the loss takes for one example: the one that is judged, and those of its target. */
  readonly calls: number;
  /** Shapes of what `draw` makes. */
  signature(batch: number): Signature;
  /** The method's random inputs for one batch. */
  draw(draw: Draw): HostTensors;
  /** A scalar, from the parameters and from the examples' and the method's inputs. */
  loss(params: Tensors, inputs: Tensors): tf.Scalar;
}

/**
 * Inputs that every method has: latents [batch, latent], pictures [batch, 64, 64, 3], and how much each pixel counts.
 */
export function exampleSignature(batch: number, latentSize: number) {
  return {
    latents: { shape: [batch, latentSize] },
    pictures: { shape: [batch, FRAME_SIZE, FRAME_SIZE, FRAME_CHANNELS] },
    emphasis: { shape: [batch, FRAME_SIZE, FRAME_SIZE, 1] },
  } satisfies Signature;
}

/** An input of the loss. */
export function input(inputs: Tensors, name: string): tf.Tensor {
  const tensor = inputs[name];
  if (!tensor) throw new RangeError(`the training method has no input "${name}"`);
  return tensor;
}

/** Noise for a batch of patches, a window of its own for each example. */
export function patchNoise(random: Random, pool: NoisePool, batch: number): HostTensor {
  const shape = patchShape(batch);
  return float32(pool.draw(random, batch, sizeOf(patchShape(1))), shape);
}

/** One number for each example, shaped to broadcast over patches. */
export function perExample(values: readonly number[]): HostTensor {
  return float32(values, [values.length, 1, 1, 1]);
}

export const perExampleSpec = (batch: number) => ({ shape: [batch, 1, 1, 1] });

/** A pair of coefficients for each example, as two inputs `name/0` and `name/1`. */
export function coefficientInputs(name: string, pairs: readonly Coefficients[]): HostTensors {
  return { [`${name}/0`]: perExample(pairs.map(([a]) => a)), [`${name}/1`]: perExample(pairs.map(([, b]) => b)) };
}

/** The inputs of several names, from what each example has by these names. */
export function coefficientInputsOf<K extends string>(
  names: readonly K[],
  examples: readonly Readonly<Record<K, Coefficients>>[],
): HostTensors {
  const inputs = names.map((name) =>
    coefficientInputs(
      name,
      examples.map((example) => example[name]),
    ),
  );
  return Object.assign({}, ...inputs);
}

export function coefficientSignature(name: string, batch: number): Signature {
  return { [`${name}/0`]: perExampleSpec(batch), [`${name}/1`]: perExampleSpec(batch) };
}

/** The inputs of a method that draws noise: it, named times of each example, and named pairs of coefficients. */
export function noisySignature(batch: number, times: readonly string[], pairs: readonly string[]): Signature {
  return {
    noise: { shape: patchShape(batch) },
    ...Object.fromEntries(times.map((name) => [name, { shape: [batch] }])),
    ...Object.assign({}, ...pairs.map((name) => coefficientSignature(name, batch))),
  };
}

export function coefficients(inputs: Tensors, name: string): Coefficients<tf.Tensor> {
  return [input(inputs, `${name}/0`), input(inputs, `${name}/1`)];
}

/**
 * A value that the gradient does not enter. What a custom gradient's function computes is not recorded for
 * differentiation, so that no backward pass of it is compiled at all. The result has the anchor's shape.
 */
export function withoutGradient(value: () => tf.Tensor, anchor: tf.Tensor): tf.Tensor {
  return tf.customGrad((x) => ({ value: value(), gradFunc: () => tf.zerosLike(x as tf.Tensor) }))(anchor);
}

/** Mean of emphasis · weight · (x̂ − target)² over pixels and examples; x̂ and target in patches. */
export function weightedError(inputs: Tensors, denoised: tf.Tensor, target: tf.Tensor, weight?: tf.Tensor): tf.Scalar {
  const squares = toPictures(tf.square(tf.sub(denoised, target)));
  const emphasised = tf.mul(squares, input(inputs, 'emphasis'));
  return tf.mean(weight ? tf.mul(emphasised, weight) : emphasised);
}
