/**
 * The diffusion transformer (DiT: Peebles and Xie 2023, arXiv 2212.09748, section 3.2, adaLN-zero): patches of 8×8
 * pixels are 64 tokens; every block is attention and a perceptron, each after a norm without parameters that time,
 * latent and step count shift and scale, and each behind a gate. Modulations and the last layer start at zero, so that
 * a fresh block is the identity. The latent's points enter as maps, as in the U-Net, added to the tokens. Heads are 32
 * wide, the perceptron is as wide as two tokens.
 */
import * as tf from '@tensorflow/tfjs';
import { dense, denseSpecs } from '../../nn/dense.ts';
import { layerNorm } from '../../nn/layerNorm.ts';
import { multiHeadAttention, multiHeadAttentionSpecs } from '../../nn/multiHeadAttention.ts';
import { parameter } from '../../nn/parameter.ts';
import { silu } from '../../nn/silu.ts';
import { depthToSpace, spaceToDepth } from '../../nn/spaceToDepth.ts';
import type { ParameterSpecs } from '../../tensor/parameters.ts';
import type { Tensors } from '../../tensor/program.ts';
import { type Condition, type ConditionConfig, conditionSpecs } from './condition.ts';
import { countedFlops } from './flops.ts';
import { GRID, MAPS_PER_POINT, PATCH_CHANNELS } from './pointMaps.ts';

export interface TransformerConfig extends ConditionConfig {
  /** Width of a token: a multiple of 32. */
  readonly width: number;
  /** Blocks. */
  readonly depth: number;
}

/** Cells of the grid of patches along the side of a token. */
const CELLS = 2;
const SIDE = GRID / CELLS;
const TOKENS = SIDE ** 2;
const TOKEN_NUMBERS = CELLS ** 2 * PATCH_CHANNELS;
const HEAD = 32;
const WIDENING = 2;

/** The parameter that only a transformer has. */
const POSITIONS = 'tokens/position';

/** Whether these are a transformer's parameters. */
export function isTransformer(params: Readonly<Record<string, unknown>>): boolean {
  return Object.hasOwn(params, POSITIONS);
}

export function transformerSpecs(config: TransformerConfig): ParameterSpecs {
  const { points, width, depth, embedding, context } = config;
  const blocks = Array.from({ length: depth }, (_, i) => blockSpecs(`block${i}`, width, embedding));
  return {
    ...conditionSpecs(config),
    ...denseSpecs('in/noisy', TOKEN_NUMBERS, width, { init: 'lecun' }),
    ...denseSpecs('in/maps', CELLS ** 2 * MAPS_PER_POINT * points, width, { init: 'lecun', bias: false }),
    ...(context && denseSpecs('in/context', TOKEN_NUMBERS * context, width, { init: 'zeros', bias: false })),
    [POSITIONS]: { shape: [TOKENS, width], init: { scaled: 0.1 } },
    ...Object.assign({}, ...blocks),
    ...denseSpecs('out/modulation', embedding, 2 * width, { init: 'zeros' }),
    ...denseSpecs('out', width, TOKEN_NUMBERS, { init: 'zeros' }),
  };
}

function blockSpecs(name: string, width: number, embedding: number): ParameterSpecs {
  return {
    ...denseSpecs(`${name}/modulation`, embedding, 6 * width, { init: 'zeros' }),
    ...multiHeadAttentionSpecs(`${name}/attention`, width),
    ...denseSpecs(`${name}/widen`, width, WIDENING * width, { init: 'lecun' }),
    ...denseSpecs(`${name}/narrow`, WIDENING * width, width, { init: 'lecun' }),
  };
}

/** What the latent's points contribute, once a frame: maps [batch, 16, 16, 3 · points] → [batch, 64, width]. */
export function transformerMaps(params: Tensors, maps: tf.Tensor): tf.Tensor {
  return tf.add(dense(params, 'in/maps', tokensOf(maps)), parameter(params, POSITIONS));
}

/** The frames before, once a frame: patches [batch, 16, 16, 48 · frames] → [batch, 64, width]. */
export function transformerContext(params: Tensors, patches: tf.Tensor): tf.Tensor {
  return dense(params, 'in/context', tokensOf(patches));
}

/** x̂ in patches, as noisy [batch, 16, 16, 48]; maps [batch, 64, width], embedding [batch, embedding]. */
export function transformer(params: Tensors, noisy: tf.Tensor, { embedding, maps }: Condition): tf.Tensor {
  const width = maps.shape[2] as number;
  let hidden = tf.add(dense(params, 'in/noisy', tokensOf(noisy)), maps); // [batch, 64, width]
  for (let i = 0; Object.hasOwn(params, `block${i}/modulation/kernel`); i++)
    hidden = block(params, `block${i}`, hidden, embedding);
  const [shift, scale] = modulations(params, 'out/modulation', embedding, 2) as [tf.Tensor, tf.Tensor];
  const tokens = dense(params, 'out', modulated(hidden, shift, scale)); // [batch, 64, 192]
  const batch = noisy.shape[0] as number;
  return depthToSpace(tf.reshape(tokens, [batch, SIDE, SIDE, TOKEN_NUMBERS]), CELLS);

  function block(weights: Tensors, name: string, x: tf.Tensor, told: tf.Tensor): tf.Tensor {
    const [shift1, scale1, gate1, shift2, scale2, gate2] = modulations(weights, `${name}/modulation`, told, 6) as [
      tf.Tensor, // [batch, 1, width]
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    const seen = multiHeadAttention(weights, `${name}/attention`, modulated(x, shift1, scale1), width / HEAD);
    const mixed = tf.add(x, tf.mul(seen, gate1));
    const wide = silu(dense(weights, `${name}/widen`, modulated(mixed, shift2, scale2)));
    return tf.add(mixed, tf.mul(dense(weights, `${name}/narrow`, wide), gate2));
  }
}

/** [batch, 16, 16, channels] → [batch, 64, 4 · channels]. */
function tokensOf(grid: tf.Tensor): tf.Tensor {
  const tokens = spaceToDepth(grid, CELLS);
  return tf.reshape(tokens, [grid.shape[0] as number, TOKENS, tokens.shape[3] as number]);
}

function modulations(params: Tensors, name: string, embedding: tf.Tensor, count: number): tf.Tensor[] {
  return tf.split(tf.expandDims(dense(params, name, embedding), 1), count, 2);
}

function modulated(x: tf.Tensor, shift: tf.Tensor, scale: tf.Tensor): tf.Tensor {
  return tf.add(tf.mul(layerNorm({}, '', x), tf.add(scale, 1)), shift);
}

/** Operations of one call, multiplications and additions apart; what is done once a frame is left out. */
export function transformerFlops(config: TransformerConfig): number {
  const rowsOf = (name: string): number => {
    if (/^(points.|in.(maps|context)|embed.(latent|steps|context))/.test(name)) return 0;
    return name.startsWith('embed/') || name.includes('modulation') ? 1 : TOKENS;
  };
  return countedFlops(transformerSpecs(config), rowsOf) + config.depth * 4 * TOKENS ** 2 * config.width;
}
