/**
 * The denoiser: says what clean picture x̂ lies behind a noisy one, given a latent; a U-Net or a transformer, which its
 * configuration decides and its parameters tell. It predicts x: a narrow network cannot carry the noise of a 48-number
 * patch, which v- or ε-prediction would ask of it (Li and He 2025, arXiv 2511.13720).
 *
 * The same network is the regression decoder, called with nothing but zeros for a noisy picture, and the multistep
 * consistency student, told by a one-hot vector how many steps the caller takes.
 */
import * as tf from '@tensorflow/tfjs';
import { depthToSpace, spaceToDepth } from '../../nn/spaceToDepth.ts';
import type { ParameterSpecs } from '../../tensor/parameters.ts';
import type { Tensors } from '../../tensor/program.ts';
import { atTime, type Condition, embedCondition, type Told } from './condition.ts';
import {
  isTransformer,
  type TransformerConfig,
  transformer,
  transformerContext,
  transformerFlops,
  transformerMaps,
  transformerSpecs,
} from './dit.ts';
import { seesContext } from './optionalConditions.ts';
import { GRID, PATCH, PATCH_CHANNELS, pointMaps } from './pointMaps.ts';
import { type UNetConfig, unet, unetContext, unetFlops, unetMaps, unetSpecs } from './unet.ts';

export type DenoiserConfig = UNetConfig | TransformerConfig;

/** A network without what an agent's latents decide. */
export type Backbone = Omit<UNetConfig, 'latentSize' | 'points'> | Omit<TransformerConfig, 'latentSize' | 'points'>;

export function denoiserSpecs(config: DenoiserConfig): ParameterSpecs {
  return 'channels' in config ? unetSpecs(config) : transformerSpecs(config);
}

/** Operations of one call, multiplications and additions apart; what is done once a frame is left out. */
export function denoiserFlops(config: DenoiserConfig): number {
  return 'channels' in config ? unetFlops(config) : transformerFlops(config);
}

/**
 * What a latent contributes, and what else is told, computed once a frame however many steps follow: latents
 * [batch, latent].
 */
export function conditionOn(params: Tensors, latents: tf.Tensor, told: Told = {}): Condition {
  const points = pointMaps(params, 'points', latents); // [batch, 16, 16, 3 · points]
  const maps = isTransformer(params) ? transformerMaps(params, points) : unetMaps(params, points);
  return { embedding: embedCondition(params, latents, told), maps: withContext(params, maps, told) };
}

/** The maps with what is seen of the frames before, for a network that sees them. */
function withContext(params: Tensors, maps: tf.Tensor, { context }: Told): tf.Tensor {
  if (!context || !seesContext(params)) return maps;
  const { patches } = context;
  return tf.add(maps, isTransformer(params) ? transformerContext(params, patches) : unetContext(params, patches));
}

/** x̂ in patches: noisy [batch, 16, 16, 48] and times [batch] → [batch, 16, 16, 48]. */
export function denoise(params: Tensors, noisy: tf.Tensor, times: tf.Tensor, condition: Condition): tf.Tensor {
  const told = { ...condition, embedding: atTime(params, condition.embedding, times) };
  return isTransformer(params) ? transformer(params, noisy, told) : unet(params, noisy, told);
}

/** Pictures [batch, 64, 64, 3] to patches [batch, 16, 16, 48]. */
export function toPatches(pictures: tf.Tensor): tf.Tensor {
  return spaceToDepth(pictures, PATCH);
}

/** Patches [batch, 16, 16, 48] to pictures [batch, 64, 64, 3]. */
export function toPictures(patches: tf.Tensor): tf.Tensor {
  return depthToSpace(patches, PATCH);
}

/** The shape of noisy patches for a batch. */
export function patchShape(batch: number): [number, number, number, number] {
  return [batch, GRID, GRID, PATCH_CHANNELS];
}
