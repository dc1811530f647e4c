/**
 * The U-Net: a small denoiser that says what clean picture x̂ lies behind a noisy one, given a latent. Pixels go into
 * channels first (one full-resolution 16→16 convolution costs half of this whole network), the levels are 16×16 and
 * 8×8, and a change of level is a rearrangement and a dense layer. Time, latent and step count modulate every block by
 * FiLM; the latent's points enter as maps. The default of 24 and 48 channels is about 40 MFLOP a call.
 */
import * as tf from '@tensorflow/tfjs';
import { conv2d, conv2dSpecs } from '../../nn/conv2d.ts';
import { dense, denseSpecs } from '../../nn/dense.ts';
import { film, filmSpecs } from '../../nn/film.ts';
import { groupNorm } from '../../nn/groupNorm.ts';
import { selfAttention, selfAttentionSpecs } from '../../nn/selfAttention.ts';
import { silu } from '../../nn/silu.ts';
import { depthToSpace, spaceToDepth } from '../../nn/spaceToDepth.ts';
import type { ParameterSpecs } from '../../tensor/parameters.ts';
import type { Tensors } from '../../tensor/program.ts';
import { type Condition, type ConditionConfig, conditionSpecs } from './condition.ts';
import { countedFlops } from './flops.ts';
import { GRID, MAPS_PER_POINT, PATCH_CHANNELS } from './pointMaps.ts';

export interface UNetConfig extends ConditionConfig {
  /** Channels at 16×16 and at 8×8. */
  readonly channels: readonly [number, number];
}

export function unetSpecs(config: UNetConfig): ParameterSpecs {
  const { points, channels, embedding, context } = config;
  const [wide, deep] = channels;
  return {
    ...conditionSpecs(config),
    ...conv2dSpecs('in/noisy', PATCH_CHANNELS, wide, { init: 'lecun' }),
    ...conv2dSpecs('in/maps', MAPS_PER_POINT * points, wide, { init: 'lecun', bias: false }),
    ...(context && conv2dSpecs('in/context', PATCH_CHANNELS * context, wide, { init: 'zeros', bias: false })),
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

/** What the latent's points contribute, once a frame: maps [batch, 16, 16, 3 · points] → [batch, 16, 16, wide]. */
export function unetMaps(params: Tensors, maps: tf.Tensor): tf.Tensor {
  return conv2d(params, 'in/maps', maps);
}

/** The frames before, once a frame: patches [batch, 16, 16, 48 · frames] → [batch, 16, 16, wide]. */
export function unetContext(params: Tensors, patches: tf.Tensor): tf.Tensor {
  return conv2d(params, 'in/context', patches);
}

/** x̂ in patches: noisy and maps [batch, 16, 16, ...], embedding [batch, embedding] → [batch, 16, 16, 48]. */
export function unet(params: Tensors, noisy: tf.Tensor, { embedding, maps }: Condition): tf.Tensor {
  const stem = tf.add(conv2d(params, 'in/noisy', noisy), maps); // [batch, 16, 16, wide]
  const top = block(params, 'top', stem, embedding);
  let deep = dense(params, 'down', spaceToDepth(top, 2)); // [batch, 8, 8, deep]
  deep = block(params, 'deep0', deep, embedding);
  deep = attend(params, deep);
  deep = block(params, 'deep1', deep, embedding);
  const risen = depthToSpace(dense(params, 'up', deep), 2); // [batch, 16, 16, wide]
  const last = block(params, 'last', tf.concat([risen, top], 3), embedding);
  return conv2d(params, 'out', silu(groupNorm(params, 'out/norm', last)));
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

/** Operations of one call, multiplications and additions apart; what is done once a frame is left out. */
export function unetFlops(config: UNetConfig): number {
  const [cells, deepCells] = [GRID ** 2, (GRID / 2) ** 2];
  const rowsOf = (name: string): number => {
    if (/^(points.|in.(maps|context)|embed.(latent|steps|context))/.test(name)) return 0;
    if (name.startsWith('embed/') || name.includes('/film/')) return 1;
    return /^(down|deep|attention|up)/.test(name) ? deepCells : cells;
  };
  return countedFlops(unetSpecs(config), rowsOf) + 4 * deepCells ** 2 * config.channels[1]; // and attention's products
}
