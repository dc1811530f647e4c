/**
 * The denoiser: a small U-Net that says what clean picture x̂ lies behind a noisy one, given a latent. Pixels go into
 * channels first (one full-resolution 16→16 convolution costs half of this whole network), the levels are 16×16 and
 * 8×8, and a change of level is a rearrangement and a dense layer. It predicts x: 24 channels cannot carry the noise of
 * a 48-number patch, which v- or ε-prediction would ask of them (Li and He 2025, arXiv 2511.13720). Time, latent and
 * step count modulate every block by FiLM; the latent's points enter as maps. About 40 MFLOP a call.
 *
 * The same network is the regression decoder, called with nothing but zeros for a noisy picture, and the multistep
 * consistency student, told by a one-hot vector how many steps the caller takes.
 */
import * as tf from '@tensorflow/tfjs';
import { conv2d, conv2dSpecs } from '../nn/conv2d.ts';
import { dense, denseSpecs } from '../nn/dense.ts';
import { film, filmSpecs } from '../nn/film.ts';
import { groupNorm } from '../nn/groupNorm.ts';
import { selfAttention, selfAttentionSpecs } from '../nn/selfAttention.ts';
import { silu } from '../nn/silu.ts';
import { depthToSpace, spaceToDepth } from '../nn/spaceToDepth.ts';
import { timeEmbedding } from '../nn/timeEmbedding.ts';
import type { ParameterSpecs } from '../tensor/parameters.ts';
import type { Tensors } from '../tensor/program.ts';
import { GRID, MAPS_PER_POINT, PATCH, pointMapSpecs, pointMaps } from './pointMaps.ts';
import { STUDENT_STEPS, stepsKnownTo } from './studentSteps.ts';

export interface DenoiserConfig {
  readonly latentSize: number;
  /** Points read off the latent and drawn as maps. */
  readonly points: number;
  /** Channels at 16×16 and at 8×8. */
  readonly channels: readonly [number, number];
  /** Width of the embedding that modulates the blocks. */
  readonly embedding: number;
}

export const defaultDenoiserConfig: DenoiserConfig = { latentSize: 48, points: 24, channels: [24, 48], embedding: 64 };

/** Numbers in a patch: 4·4 pixels of 3 channels. */
export const PATCH_CHANNELS = PATCH * PATCH * 3;

const TIME_WIDTH = 32;
/** Times in [0, 1] become angles of up to 100 radians, which tells apart the points of grids of 64. */
const TIME_SCALE = 100;
const TIME_PERIOD = 1000;

export function denoiserSpecs({ latentSize, points, channels, embedding }: DenoiserConfig): ParameterSpecs {
  const [wide, deep] = channels;
  return {
    ...pointMapSpecs('points', latentSize, points),
    ...denseSpecs('embed/latent', latentSize, embedding, { init: 'lecun' }),
    ...denseSpecs('embed/time', TIME_WIDTH, embedding, { init: 'lecun', bias: false }),
    ...denseSpecs('embed/steps', STUDENT_STEPS.length, embedding, { init: 'zeros', bias: false }),
    ...conv2dSpecs('in/noisy', PATCH_CHANNELS, wide, { init: 'lecun' }),
    ...conv2dSpecs('in/maps', MAPS_PER_POINT * points, wide, { init: 'lecun', bias: false }),
    ...blockSpecs('top', wide, wide, embedding),
    ...denseSpecs('down', 4 * wide, deep, { init: 'lecun' }),
    ...blockSpecs('deep0', deep, deep, embedding),
    ...selfAttentionSpecs('attention', deep),
    ...blockSpecs('deep1', deep, deep, embedding),
    ...denseSpecs('up', deep, 4 * wide, { init: 'lecun' }),
    ...blockSpecs('last', 2 * wide, wide, embedding),
    ...conv2dSpecs('out', wide, PATCH_CHANNELS, { init: { scaled: 0.1 } }),
  };
}

/** What a latent contributes, computed once a frame however many steps follow. */
export interface Condition {
  /** [batch, embedding]. */
  readonly embedding: tf.Tensor;
  /** [batch, 16, 16, channels]. */
  readonly maps: tf.Tensor;
}

/**
 * latents [batch, latent] and one-hot step counts [batch or 1, counts]; a model that is told none is given zeros, so
 * that every parameter has a gradient.
 */
export function conditionOn(params: Tensors, latents: tf.Tensor, steps?: tf.Tensor): Condition {
  const told = steps ?? tf.zeros([1, stepsKnownTo(params).length]);
  return {
    embedding: tf.add(dense(params, 'embed/latent', latents), dense(params, 'embed/steps', told)),
    maps: conv2d(params, 'in/maps', pointMaps(params, 'points', latents)),
  };
}

/** x̂ in patches: noisy [batch, 16, 16, 48] and times [batch] → [batch, 16, 16, 48]. */
export function denoise(params: Tensors, noisy: tf.Tensor, times: tf.Tensor, condition: Condition): tf.Tensor {
  const time = dense(params, 'embed/time', timeEmbedding(tf.mul(times, TIME_SCALE), TIME_WIDTH, TIME_PERIOD));
  const embedding = silu(tf.add(condition.embedding, time)); // [batch, embedding]
  const stem = tf.add(conv2d(params, 'in/noisy', noisy), condition.maps); // [batch, 16, 16, wide]
  const top = block(params, 'top', stem, embedding);
  let deep = dense(params, 'down', spaceToDepth(top, 2)); // [batch, 8, 8, deep]
  deep = block(params, 'deep0', deep, embedding);
  deep = attend(params, deep);
  deep = block(params, 'deep1', deep, embedding);
  const risen = depthToSpace(dense(params, 'up', deep), 2); // [batch, 16, 16, wide]
  const last = block(params, 'last', tf.concat([risen, top], 3), embedding);
  return conv2d(params, 'out', silu(groupNorm(params, 'out/norm', last)));
}

/** Pictures [batch, 64, 64, 3] to patches [batch, 16, 16, 48]. */
export function toPatches(pictures: tf.Tensor): tf.Tensor {
  return spaceToDepth(pictures, PATCH);
}

/** Patches [batch, 16, 16, 48] to pictures [batch, 64, 64, 3]. */
export function toPictures(patches: tf.Tensor): tf.Tensor {
  return depthToSpace(patches, PATCH);
}

/** A residual block: norm, SiLU, convolution; norm, FiLM, SiLU, convolution. */
function blockSpecs(name: string, inputs: number, outputs: number, embedding: number): ParameterSpecs {
  return {
    ...conv2dSpecs(`${name}/first`, inputs, outputs),
    ...filmSpecs(`${name}/film`, embedding, outputs),
    ...conv2dSpecs(`${name}/second`, outputs, outputs, { init: { scaled: 0.1 } }),
    ...(inputs !== outputs && denseSpecs(`${name}/skip`, inputs, outputs, { init: 'lecun' })),
  };
}

function block(params: Tensors, name: string, x: tf.Tensor, embedding: tf.Tensor): tf.Tensor {
  const first = conv2d(params, `${name}/first`, silu(groupNorm(params, `${name}/norm`, x)));
  const modulated = film(params, `${name}/film`, groupNorm(params, `${name}/norm`, first), embedding);
  const second = conv2d(params, `${name}/second`, silu(modulated));
  return tf.add(params[`${name}/skip/kernel`] ? dense(params, `${name}/skip`, x) : x, second);
}

/** Residual self-attention over the 64 cells of the lower level. */
function attend(params: Tensors, x: tf.Tensor): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const tokens = tf.reshape(groupNorm(params, 'attention/norm', x), [batch, height * width, channels]);
  return tf.add(x, tf.reshape(selfAttention(params, 'attention', tokens), x.shape));
}

/** The shape of noisy patches for a batch. */
export function patchShape(batch: number): [number, number, number, number] {
  return [batch, GRID, GRID, PATCH_CHANNELS];
}
