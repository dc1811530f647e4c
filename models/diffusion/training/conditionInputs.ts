/**
 * What a network is told of each example of a batch, for any training method and any parameters, a teacher's or a
 * student's. Where the network has options for it (`optionalConditions.ts`), the latent is left out of some examples,
 * and the frames before are shown with noise of a random time on them, or not at all, so that a network learns to do
 * without either.
 */
import * as tf from '@tensorflow/tfjs';
import { FRAME_CHANNELS, FRAME_SIZE } from '../../../shared/frame.ts';
import { float32, type HostTensors, type Signature, sizeOf, type Tensors } from '../../tensor/program.ts';
import { combineTensors, noising } from '../cosine/ddim.ts';
import type { Condition } from '../network/condition.ts';
import { conditionOn, patchShape, toPatches } from '../network/denoiser.ts';
import { type Context, noLatent, type OptionalConditions } from '../network/optionalConditions.ts';
import { coefficientInputs, coefficientSignature, coefficients, type Draw, input } from './trainingMethod.ts';

export interface ConditioningConfig {
  /** Shares of the examples without their latent, and without the frames before. */
  readonly withoutLatent: number;
  readonly withoutContext: number;
  /** The most noise on the frames before, as a time of the cosine schedule: at ½ as much noise as picture. */
  readonly contextTime: number;
}

export const defaultConditioningConfig: ConditioningConfig = {
  withoutLatent: 0.1,
  withoutContext: 0.1,
  contextTime: 0.5,
};

/** Inputs of the examples for a network with these options: the frames before, and whether there are any. */
export function contextSignature(batch: number, { context }: OptionalConditions): Signature {
  if (!context) return {};
  return {
    context: { shape: [batch, FRAME_SIZE, FRAME_SIZE, FRAME_CHANNELS * context] },
    known: { shape: [batch] },
  };
}

/** Shapes of what `drawConditions` makes. */
export function conditionSignature(batch: number, { context, unconditional }: OptionalConditions): Signature {
  return {
    ...(unconditional && { told: { shape: [batch, 1] } }),
    ...(context && {
      contextNoise: { shape: contextShape(batch, context) },
      contextTimes: { shape: [batch] },
      ...coefficientSignature('context', batch),
    }),
  };
}

/** What is told of each example of a batch; nothing is drawn for a network without options. */
export function drawConditions(
  { batch, random, noise }: Omit<Draw, 'progress'>,
  { context, unconditional }: OptionalConditions,
  config: ConditioningConfig = defaultConditioningConfig,
): HostTensors {
  const told = () => Array.from({ length: batch }, () => Number(!random.chance(config.withoutLatent)));
  return {
    ...(unconditional && { told: float32(told(), [batch, 1]) }),
    ...(context && drawnContext()),
  };

  function drawnContext(): HostTensors {
    const frames = context as number;
    const times = Array.from({ length: batch }, () =>
      random.chance(config.withoutContext) ? 1 : random.uniform(0, config.contextTime),
    );
    return {
      contextNoise: float32(noise.draw(random, batch, sizeOf(contextShape(1, frames))), contextShape(batch, frames)),
      contextTimes: float32(times, [batch]),
      ...coefficientInputs(
        'context',
        times.map((time) => (time === 1 ? [0, 0] : noising(time))),
      ),
    };
  }
}

/** The condition of a batch under some parameters, and one-hot step counts where they are told. */
export function conditionOf(params: Tensors, inputs: Tensors, steps?: tf.Tensor): Condition {
  const context = inputs.context && contextOf(inputs);
  return conditionOn(params, toldLatents(params, inputs), { ...(steps && { steps }), ...(context && { context }) });
}

function toldLatents(params: Tensors, inputs: Tensors): tf.Tensor {
  const latents = input(inputs, 'latents');
  const { told } = inputs;
  return told ? tf.add(tf.mul(latents, told), tf.mul(noLatent(params), tf.sub(1, told))) : latents;
}

/** Where the episode begins nothing is known, whatever was drawn: no picture, at time 1. */
function contextOf(inputs: Tensors): Context {
  const known = input(inputs, 'known'); // [batch]
  const clean = toPatches(input(inputs, 'context'));
  const noisy = combineTensors(coefficients(inputs, 'context'), clean, input(inputs, 'contextNoise'));
  return {
    patches: tf.mul(noisy, tf.reshape(known, [-1, 1, 1, 1])),
    times: tf.sub(1, tf.mul(known, tf.sub(1, input(inputs, 'contextTimes')))),
  };
}

function contextShape(batch: number, frames: number): number[] {
  const [, rows, columns, channels] = patchShape(batch);
  return [batch, rows, columns, channels * frames];
}
