/**
 * A U-Net on 64×64 frames (Ronneberger et al. 2015, arXiv 1505.04597) with residual blocks of 24, 48, 96 and 96
 * channels, instance norms, and a latent that scales and shifts the second norm of each block.
 */
import * as tf from '@tensorflow/tfjs';
import { parameter } from '../../../models/nn/parameter.ts';
import { silu } from '../../../models/nn/silu.ts';
import { standardise } from '../../../models/nn/standardise.ts';
import type { ParameterSpecs } from '../../../models/tensor/parameters.ts';
import { sizeOf, type Tensors } from '../../../models/tensor/program.ts';
import type { ReferenceNetwork } from './referenceNetwork.ts';

const SIDE = 64;
const LATENT = 64;
const CONDITION = 128;
const widths = [24, 48, 96, 96] as const;

interface Block {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  /** Height and width that it works at. */
  readonly side: number;
}

const down = widths.map(
  (outputs, level): Block => ({
    name: `down${level}`,
    inputs: widths[level - 1] ?? outputs,
    outputs,
    side: SIDE >> level,
  }),
);
const middle: Block = { name: 'middle', inputs: 96, outputs: 96, side: SIDE >> 3 };
const up = widths.map(
  (outputs, level): Block => ({
    name: `up${level}`,
    inputs: (widths[level + 1] ?? 96) + outputs,
    outputs,
    side: SIDE >> level,
  }),
);

function kernel(size: number, inputs: number, outputs: number): ParameterSpecs[string] {
  return { shape: [size, size, inputs, outputs], init: 'he' };
}

function blockParameters({ name, inputs, outputs }: Block): ParameterSpecs {
  return {
    [`${name}/first`]: kernel(3, inputs, outputs),
    [`${name}/second`]: kernel(3, outputs, outputs),
    [`${name}/modulation`]: { shape: [CONDITION, 2 * outputs], init: { scaled: 0.1 } },
    ...(inputs !== outputs && { [`${name}/skip`]: kernel(1, inputs, outputs) }),
  };
}

const blocks = [...down, middle, ...up];
const parameters: ParameterSpecs = {
  condition: { shape: [LATENT, CONDITION], init: 'lecun' },
  stem: kernel(3, 3, widths[0]),
  ...Object.assign({}, ...blocks.map(blockParameters)),
  out: kernel(3, widths[0], 3),
};

function conv(x: tf.Tensor, filter: tf.Tensor): tf.Tensor {
  return tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same');
}

function residual(parameters: Tensors, { name }: Block, x: tf.Tensor, condition: tf.Tensor): tf.Tensor {
  const first = conv(silu(standardise(x, [1, 2])), parameter(parameters, `${name}/first`));
  const modulation = tf.matMul(condition as tf.Tensor2D, parameter(parameters, `${name}/modulation`) as tf.Tensor2D);
  const [scale, shift] = tf.split(tf.reshape(modulation, [x.shape[0] as number, 1, 1, -1]), 2, 3) as [
    tf.Tensor, // [batch, 1, 1, outputs]
    tf.Tensor,
  ];
  const modulated = tf.add(tf.mul(standardise(first, [1, 2]), tf.add(scale, 1)), shift);
  const second = conv(silu(modulated), parameter(parameters, `${name}/second`));
  const skip = parameters[`${name}/skip`];
  return tf.add(skip ? conv(x, skip) : x, second);
}

/** The mean of 2×2 pixels. */
function halved(x: tf.Tensor): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  return tf.mean(tf.reshape(x, [batch, height / 2, 2, width / 2, 2, channels]), [2, 4]);
}

/** Each pixel as 2×2. */
function doubled(x: tf.Tensor): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const repeated = tf.tile(tf.reshape(x, [batch, height, 1, width, 1, channels]), [1, 1, 2, 1, 2, 1]);
  return tf.reshape(repeated, [batch, 2 * height, 2 * width, channels]);
}

function forward(parameters: Tensors, { x, latent }: Tensors): tf.Tensor {
  const condition = silu(tf.matMul(latent as tf.Tensor2D, parameter(parameters, 'condition') as tf.Tensor2D));
  let hidden = conv(x as tf.Tensor, parameter(parameters, 'stem')); // [batch, side, side, channels]
  const skips = down.map((block, level) => {
    hidden = residual(parameters, block, level === 0 ? hidden : halved(hidden), condition);
    return hidden;
  });
  hidden = residual(parameters, middle, hidden, condition);
  for (const [level, block] of [...up.entries()].reverse()) {
    hidden = residual(parameters, block, tf.concat([hidden, skips[level] as tf.Tensor], 3), condition);
    if (level > 0) hidden = doubled(hidden);
  }
  return conv(silu(standardise(hidden, [1, 2])), parameter(parameters, 'out'));
}

/** Of its convolutions, in one pass for one sample. */
function flopsOf({ name, side }: Block): number {
  const kernels = ['first', 'second', 'skip'].map((part) => parameters[`${name}/${part}`]?.shape);
  return kernels.reduce((sum, shape) => sum + (shape ? 2 * side * side * sizeOf(shape) : 0), 0);
}

export const unet: ReferenceNetwork = {
  name: 'unet',
  parameters,
  data: (batch) => ({
    x: { shape: [batch, SIDE, SIDE, 3] },
    latent: { shape: [batch, LATENT] },
    target: { shape: [batch, SIDE, SIDE, 3] },
  }),
  forward,
  flops: blocks.reduce((sum, block) => sum + flopsOf(block), 2 * 2 * SIDE * SIDE * 9 * 3 * widths[0]),
};
