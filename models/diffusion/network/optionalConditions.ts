/**
 * What a denoiser may be told beyond its latent, by option of its configuration. With *context* it sees the frames
 * before, with noise on them and told how much, so that it does not trust its own mistakes when it goes on from them
 * (GameNGen: Valevski et al. 2024, arXiv 2408.14837, section 3.2.1; DIAMOND: Alonso et al. 2024, arXiv 2405.12399). An
 * *unconditional* denoiser also has an answer without a latent, by a learned vector in its place, from which its
 * answers with one can be guided away (`guidance.ts`). Without either, a network has the parameters that it always had;
 * those that an option adds begin at zero, so that a network to which they are added answers as before.
 */
import * as tf from '@tensorflow/tfjs';
import { parameter } from '../../nn/parameter.ts';
import type { ParameterSpecs } from '../../tensor/parameters.ts';
import { float32, type HostTensors, sizeOf, type Tensors } from '../../tensor/program.ts';

export interface OptionalConditions {
  /** Frames before that it sees; none unless told. */
  readonly context?: number;
  /** Whether it has an answer without a latent; false unless told. */
  readonly unconditional?: boolean;
}

/** The most frames before that a network can be configured to see. */
export const MOST_CONTEXT = 4;

/** The frames before, as a network sees them. */
export interface Context {
  /** The latest first, noise on them, in patches: [batch, 16, 16, 48 · frames]. */
  readonly patches: tf.Tensor;
  /** The time at which the schedule has that much noise, [batch]: 0 none, 1 nothing is known. */
  readonly times: tf.Tensor;
}

const NO_LATENT = 'none/latent';
const CONTEXT_TIME = 'embed/context/kernel';

type Named = Readonly<Record<string, unknown>>;

/** What takes the place of a latent that is not told: [latent]. */
export function noLatentSpecs(latentSize: number): ParameterSpecs {
  return { [NO_LATENT]: { shape: [latentSize], init: 'zeros' } };
}

/** That vector as a row, [1, latent]. */
export function noLatent(params: Tensors): tf.Tensor {
  const vector = parameter(params, NO_LATENT);
  return tf.reshape(vector, [1, vector.size]);
}

/** Whether these are the parameters of a network that has an answer without a latent. */
export function hasNoLatent(params: Named): boolean {
  return Object.hasOwn(params, NO_LATENT);
}

/** Whether these are the parameters of a network that sees frames before. */
export function seesContext(params: Named): boolean {
  return Object.hasOwn(params, CONTEXT_TIME);
}

/** The same network with the parameters of `specs` that it lacks, all of which must begin at zero. */
export function withZerosFor(specs: ParameterSpecs, params: HostTensors): HostTensors {
  const lacking = Object.entries(specs).filter(([name]) => !Object.hasOwn(params, name));
  const other = lacking.find(([, { init }]) => init !== 'zeros');
  if (other) throw new RangeError(`the parameter "${other[0]}" does not begin at zero; train the network anew`);
  const zeros = lacking.map(([name, { shape }]) => [name, float32(new Float32Array(sizeOf(shape)), shape)]);
  return { ...params, ...Object.fromEntries(zeros) };
}
