/**
 * The networks of an agent as functions of what a user has: frames as bytes, actions as the world takes them. Whatever
 * lies between that and the networks' own inputs (the difference from the backdrop, patches, the stretching of actions,
 * the sampler's steps, clipping and rounding) is part of the function, and so of the file made from it.
 */
import * as tf from '@tensorflow/tfjs';
import { combineTensors } from '../../models/diffusion/cosine/ddim.ts';
import { ddimSampler } from '../../models/diffusion/cosine/ddimSampler.ts';
import { conditionOn, denoise, patchShape, toPictures } from '../../models/diffusion/network/denoiser.ts';
import { oneStepChoice, stepsKnownTo } from '../../models/diffusion/network/studentSteps.ts';
import type { RendererNetwork } from '../../models/diffusion/networks.ts';
import type { RendererWeights } from '../../models/diffusion/rendererWeights.ts';
import { PATCH_SIZE } from '../../models/latent/ink.ts';
import { keypoints } from '../../models/latent/keypointEncoder.ts';
import type { LatentWeights } from '../../models/latent/learnedDynamics.ts';
import { latentSizeOf, MOTION_SCALE } from '../../models/latent/motion.ts';
import { predict } from '../../models/latent/predictor.ts';
import { defaultTemporalDistanceConfig, temporalDistance } from '../../models/latent/temporalDistance.ts';
import { THING_MASK, thingDistance } from '../../models/latent/thingDistance.ts';
import { batchNormInference } from '../../models/nn/batchNorm.ts';
import { spaceToDepth } from '../../models/nn/spaceToDepth.ts';
import { constants } from '../../models/tensor/constants.ts';
import type { Signature, TensorFunction, Tensors } from '../../models/tensor/program.ts';
import { FRAME_CHANNELS, FRAME_SIZE, type Frame } from '../../shared/frame.ts';
import type { Space } from '../../shared/space.ts';
import type { AgentFiles } from '../agent/agentFiles.ts';

/** A network, and what its inputs and outputs mean. */
export interface AgentNetwork {
  /** Name of the file, without its ending. */
  readonly name: string;
  readonly description: string;
  readonly fn: TensorFunction;
  readonly signature: (batch: number) => Signature;
  /** Inputs and outputs that are bytes in the file. */
  readonly bytes: readonly string[];
  /** Unit or meaning of every input and output, by name. */
  readonly units: Readonly<Record<string, string>>;
}

const FRAME_UNIT = 'RGB, 0 to 255, rows from the top';
const POSE_UNIT = 'standardised coordinates of keypoints';
const LATENT_UNIT = `the pose, then ${MOTION_SCALE} times its change since the step before`;
const NOISE_UNIT = 'standard normal numbers; the same for all frames of a rollout';
const GREY_LEVELS_PER_UNIT = 127.5;

/** All networks of the agent; those of the renderer only where there is one. */
export function agentNetworks({ latent, renderer }: AgentFiles): readonly AgentNetwork[] {
  return [
    encoder(latent),
    predictor(latent),
    distance(latent),
    ...(latent.config.things ? [things(latent, latent.config.things.heads)] : []),
    ...(renderer
      ? [
          ...stepsKnownTo(renderer.networks.student).map((steps) => student(renderer, steps)),
          regression(renderer),
          denoiser(renderer),
        ]
      : []),
  ];
}

function encoder({ config, tensors }: LatentWeights): AgentNetwork {
  const backdrop = Uint8Array.from(tensors.backdrop?.data ?? []);
  return {
    name: 'encoder',
    description: 'The pose of each frame.',
    bytes: ['frames'],
    signature: (batch) => ({ frames: { shape: [batch, FRAME_SIZE, FRAME_SIZE, FRAME_CHANNELS] } }),
    units: { frames: FRAME_UNIT, latents: POSE_UNIT },
    fn: ({ frames }) => {
      const params = constants(tensors);
      const ink = tf.div(tf.sub(pictureOf(backdrop), frames as tf.Tensor), 255);
      const { positions } = keypoints(params, spaceToDepth(ink, PATCH_SIZE), config.encoder);
      return { latents: batchNormInference(positions, params.mean as tf.Tensor, params.variance as tf.Tensor) };
    },
  };
}

function predictor({ config, tensors }: LatentWeights): AgentNetwork {
  const { actions: space } = config;
  const size = latentSizeOf(config);
  return {
    name: 'predictor',
    description: 'The latents one step of the world later.',
    bytes: [],
    signature: (batch) => ({
      latents: { shape: [batch, size] },
      actions: space.kind === 'box' ? { shape: [batch, space.low.length] } : { shape: [batch], dtype: 'int32' },
    }),
    units: { latents: LATENT_UNIT, actions: actionUnit(space), next: LATENT_UNIT },
    fn: ({ latents, actions }) => ({
      next: predict(
        constants(tensors),
        latents as tf.Tensor2D,
        features(space, actions as tf.Tensor),
        config.predictor,
      ),
    }),
  };
}

function distance({ config, tensors }: LatentWeights): AgentNetwork {
  const shape = (batch: number) => [batch, latentSizeOf(config)];
  return {
    name: 'distance',
    description: 'How long the way from one latent to another is, at best.',
    bytes: [],
    signature: (batch) => ({ from: { shape: shape(batch) }, to: { shape: shape(batch) } }),
    units: { from: LATENT_UNIT, to: LATENT_UNIT, distance: `${defaultTemporalDistanceConfig.unit} steps of the world` },
    fn: ({ from, to }) => ({
      distance: temporalDistance(constants(tensors), from as tf.Tensor2D, to as tf.Tensor2D, config.distance.heads),
    }),
  };
}

function things({ config, tensors }: LatentWeights, heads: number): AgentNetwork {
  const shape = (batch: number) => [batch, latentSizeOf(config)];
  return {
    name: 'things',
    description:
      "How long it takes, at best, until the things are where the goal has them, wherever the agent's body is.",
    bytes: [],
    signature: (batch) => ({ from: { shape: shape(batch) }, to: { shape: shape(batch) } }),
    units: { from: LATENT_UNIT, to: LATENT_UNIT, distance: 'the natural logarithm of 1 + steps of the world' },
    fn: ({ from, to }) => {
      const params = constants(tensors);
      const mask = params[THING_MASK] as tf.Tensor1D;
      return { distance: thingDistance(params, from as tf.Tensor2D, to as tf.Tensor2D, mask, heads) };
    },
  };
}

function student(weights: RendererWeights, steps: number): AgentNetwork {
  return {
    name: `renderer-${steps}`,
    description: `Frames painted from latents and noise in ${steps} steps of the multistep consistency model.`,
    bytes: ['frames'],
    signature: (batch) => ({ ...latentSignature(weights, batch), noise: { shape: patchShape(batch) } }),
    units: { latents: POSE_UNIT, noise: NOISE_UNIT, ...paintedUnits },
    fn: ({ latents, noise }) => {
      const { params, condition, time } = conditioned(weights, 'student', latents as tf.Tensor, steps);
      const answer = (noisy: tf.Tensor, at: number) => denoise(params, noisy, time(at), condition);
      return painted(ddimSampler(answer, noise as tf.Tensor, steps, combineTensors), weights.backdrop);
    },
  };
}

function regression(weights: RendererWeights): AgentNetwork {
  return {
    name: 'regression',
    description: 'The mean frame of each latent: the baseline of the renderer, without noise.',
    bytes: ['frames'],
    signature: (batch) => latentSignature(weights, batch),
    units: { latents: POSE_UNIT, ...paintedUnits },
    fn: ({ latents }) => {
      const { params, condition, time } = conditioned(weights, 'regression', latents as tf.Tensor);
      return painted(denoise(params, tf.zeros(patchShape(1)), time(1), condition), weights.backdrop);
    },
  };
}

function denoiser(weights: RendererWeights): AgentNetwork {
  return {
    name: 'denoiser',
    description:
      'The base diffusion model: the clean patches behind noisy ones, cos φ · clean + sin φ · noise, φ = πt/2.',
    bytes: [],
    signature: (batch) => ({
      ...latentSignature(weights, batch),
      noisy: { shape: patchShape(batch) },
      times: { shape: [batch] },
    }),
    units: {
      latents: POSE_UNIT,
      noisy: 'patches of 4×4 pixels, differences from the backdrop in 127.5 grey levels, with noise',
      times: '0 clean to 1 noise',
      clean: 'patches of 4×4 pixels, differences from the backdrop in 127.5 grey levels',
    },
    fn: ({ latents, noisy, times }) => {
      const { params, condition } = conditioned(weights, 'base', latents as tf.Tensor);
      return { clean: denoise(params, noisy as tf.Tensor, times as tf.Tensor, condition) };
    },
  };
}

const paintedUnits = {
  pictures: `differences from the backdrop in ${GREY_LEVELS_PER_UNIT} grey levels`,
  frames: FRAME_UNIT,
};

function latentSignature({ config }: RendererWeights, batch: number): Signature {
  return { latents: { shape: [batch, config.latentSize] } };
}

/** A network of the renderer with what a latent contributes. Time and step count are one row, which broadcasts. */
function conditioned({ networks }: RendererWeights, network: RendererNetwork, latents: tf.Tensor, steps?: number) {
  const params = constants(networks[network]);
  const condition = conditionOn(params, latents, steps === undefined ? {} : { steps: oneStepChoice(params, steps) });
  return { params, condition, time: (at: number) => tf.fill([1], at) };
}

/** Patches as pictures, and as frames: clipped and rounded as a clamped array rounds, half to even. */
function painted(patches: tf.Tensor, backdrop: Frame): Tensors {
  const pictures = toPictures(patches);
  const levels = tf.add(tf.mul(pictures, GREY_LEVELS_PER_UNIT), pictureOf(backdrop));
  return { pictures, frames: tf.round(tf.clipByValue(levels, 0, 255)) };
}

function pictureOf(frame: Frame): tf.Tensor {
  return tf.tensor(Float32Array.from(frame), [FRAME_SIZE, FRAME_SIZE, FRAME_CHANNELS]);
}

/** As `actionFeatures`, in the graph. */
function features(space: Space, actions: tf.Tensor): tf.Tensor2D {
  if (space.kind === 'discrete')
    return tf.cast(tf.oneHot(actions as tf.Tensor1D, space.count), 'float32') as tf.Tensor2D;
  const sums = tf.tensor1d(space.low.map((low, i) => low + (space.high[i] as number)));
  const widths = tf.tensor1d(space.low.map((low, i) => (space.high[i] as number) - low));
  return tf.div(tf.sub(tf.mul(actions, 2), sums), widths) as tf.Tensor2D;
}

function actionUnit(space: Space): string {
  if (space.kind === 'discrete') return `choices, 0 to ${space.count - 1}`;
  return `as the world takes them, from [${space.low.join(', ')}] to [${space.high.join(', ')}]`;
}
